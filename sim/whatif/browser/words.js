'use strict';
// Numbers and sentences: said as people say them, in the page's language, and never more than the interval allows.

const PLURAL = new Intl.PluralRules(DATA.language);
const WHOLE = new Intl.NumberFormat(DATA.language, { maximumFractionDigits: 0 });
const TENTHS = new Intl.NumberFormat(DATA.language, { maximumFractionDigits: 1 });
const MILLIONS = new Intl.NumberFormat(DATA.language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const EXACT = new Intl.NumberFormat(DATA.language, { maximumSignificantDigits: 15 });
const LIST = new Intl.ListFormat(DATA.language === 'en' ? 'en-GB' : DATA.language); // a, b and c
const MONTH = new Intl.DateTimeFormat(DATA.language, { month: 'short', timeZone: 'UTC' });
const MONTHS = Array.from({ length: 12 }, (_, month) => MONTH.format(Date.UTC(2000, month, 1)));
const START = new Date(`${DATA.scenario.from}T00:00:00Z`);

/** A sentence in the page's language. It stands in English where it is said, which is its key in the catalogue. */
function phrase(english, slots = {}) {
  return filled(DATA.sentences[english] || english, slots);
}

/** As `phrase`, for n things: of two sentences a language takes one by its own rule; their {n} is that number. */
function phraseN(one, many, n, slots = {}) {
  const forms = DATA.sentences[one];
  const form = forms ? forms[PLURAL.select(Math.abs(n))] || forms.other : n === 1 ? one : many;
  return filled(form, { n, ...slots });
}

/** The text with its {slots} filled; numbers are written as the language writes them, names stay as they are. */
function filled(text, slots) {
  return text.replace(/\{(\w+)(?::[^}]*)?\}/g, (_, name) =>
    typeof slots[name] === 'number' ? EXACT.format(slots[name]) : slots[name],
  );
}

const LEVEL_OF_CONFIDENCE = phrase('{level:g}\u00a0% interval', { level: +(100 * DATA.confidence).toFixed(2) });

/** 1,066 and 84.2: one decimal below a hundred. */
function number(value, { sign = false } = {}) {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  const text = (size < 99.95 ? TENTHS : WHOLE).format(size);
  const before = value < 0 && text !== '0' ? '−' : sign && text !== '0' ? '+' : '';
  return before + text;
}

function money(value, { sign = false } = {}) {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  const isNothing = size < 0.5;
  const [millions, whole] = [MILLIONS.format(size / 1e6), WHOLE.format(size)];
  const text =
    size >= 999_500
      ? phraseN('${figure} million', '${figure} million', size / 1e6, { figure: millions })
      : phrase('${amount}', { amount: whole });
  return (value < 0 && !isNothing ? '−' : sign && !isNothing ? '+' : '') + text;
}

/** A share as a percentage: never 0 or 100 for what only nearly is. */
function percent(share) {
  if (!Number.isFinite(share)) return '–';
  const whole = Math.round(100 * share);
  const isLeast = share !== 0 && whole === 0;
  const told = isLeast
    ? phrase('under {figure} %', { figure: '1' })
    : share < 1 && whole === 100
      ? phrase('over {figure} %', { figure: '99' })
      : phrase('{figure} %', { figure: String(whole).replace('-', '−') });
  return `${isLeast && share < 0 ? '−' : ''}${told.replace(' %', '\u00a0%')}`;
}

/** The instant of a day, in whole milliseconds; the period's end is 24:00 on its last day. */
function instant(day) {
  const past = Math.round(Math.min(day, DATA.scenario.days) * 86_400_000) - (day >= DATA.scenario.days ? 1 : 0);
  return new Date(START.getTime() + past);
}

/** 7 Jan 2011. */
function date(day) {
  const when = instant(day);
  const slots = { day: when.getUTCDate(), month: MONTHS[when.getUTCMonth()], year: String(when.getUTCFullYear()) };
  return slots.day === 1 ? phrase('1 {month} {year}', slots) : phrase('{day} {month} {year}', slots);
}

/** 7 Jan. */
function dayOfYear(day) {
  const when = instant(day);
  const slots = { day: when.getUTCDate(), month: MONTHS[when.getUTCMonth()] };
  return slots.day === 1 ? phrase('1 {month}', slots) : phrase('{day} {month}', slots);
}

/** A date for a table's file, which reads the same in any language: 2011-01-07. */
function isoDate(day) {
  return instant(day).toISOString().slice(0, 10);
}

/** A length of time: 24 days, 1 day. */
function days(length) {
  const figure = number(length);
  return phraseN('{figure} day', '{figure} days', figure === '1' ? 1 : length, { figure });
}

function quoted(option) {
  return phrase('‘{name}’', { name: DATA.options[option].label });
}

/** The options that can be compared with the reference: those that meet the same crises with the same units. */
const TOGETHER = DATA.options.flatMap((option, place) => (option.apart ? [] : [place]));

function listed(words) {
  return LIST.format(words);
}

/** "Crisis: North", "Copy PNG: Unmet need by option". */
function labelled(label, value) {
  return phrase('{label}: {value}', { label, value });
}

/** "3 attack helicopters". */
function units(count, resource) {
  const [, one, many] = DATA.resources[resource];
  return `${WHOLE.format(count)} ${PLURAL.select(count) === 'one' ? one : many}`;
}

/** "Who has agreed beforehand: Nobody · How long …: 28 days"; only what differs from another setting, if one is given. */
function settingInWords(values, other = null) {
  const differs = other && !isSame(values, other);
  const told = DATA.inputs.flatMap((input, i) =>
    differs && values[i] === other[i] ? [] : [labelled(input.label, input.names[values[i]])],
  );
  return told.join(' · ');
}

/** What the start of the page is called: the scenario's own setting, if it is one of those computed. */
function startInWords() {
  return DATA.inputs.every((input) => input.own !== null)
    ? phrase('the scenario’s own setting')
    : phrase('the first setting');
}

/** What a difference is: its size, "1,531", and its ends in the same direction: "95 % interval 1,492 to 1,569". */
function differenceInWords(found) {
  const [near, far] = found.mean < 0 ? [-found.high, -found.low] : [found.low, found.high];
  return { size: number(Math.abs(found.mean)), ends: intervalInWords(number(near), number(far)) };
}

function intervalInWords(low, high) {
  return phrase('{interval} {low} to {high}', { interval: LEVEL_OF_CONFIDENCE, low, high });
}

/** The options at one setting, in a sentence or two. */
function optionsInWords(values) {
  const unmet = DATA.options.map((_, option) => unmetOf(option, values));
  const level = number(mean(unmet[DATA.reference]));
  if (unmet.length === 1) {
    const slots = { option: quoted(0), level };
    return phrase('{option} leaves {level} unit-days unmet on average. No other option was computed.', slots);
  }
  const apart = unmet.map((found) => difference(found, unmet[DATA.reference]));
  if (TOGETHER.every((option) => apart[option].same)) {
    return TOGETHER.length === unmet.length
      ? phrase('All options leave the same unmet, whatever comes: {level} unit-days on average.', { level })
      : phrase(
          'All options that can be compared leave the same unmet, whatever comes: {level} unit-days on average.',
          { level },
        );
  }
  const better = TOGETHER.filter((option) => apart[option].high < 0);
  return better.length ? bestInWords(better, unmet, apart) : noneBetter(apart);
}

function bestInWords(better, unmet, apart) {
  const best = better.reduce((one, other) => (mean(unmet[other]) < mean(unmet[one]) ? other : one));
  const { size, ends } = differenceInWords(apart[best]);
  const names = { option: quoted(best), reference: quoted(DATA.reference) };
  const slots = { ...names, level: number(mean(unmet[best])), gain: size, ends };
  const rivals = TOGETHER.filter(
    (option) => option !== best && !(difference(unmet[option], unmet[best], DATA.all).low > 0),
  );
  if (!rivals.length) {
    return phrase(
      '{option} leaves the least unmet: {level} unit-days on average, {gain} fewer than {reference} ({ends}).',
      slots,
    );
  }
  const told = phrase(
    '{option} leaves {level} unit-days unmet on average, {gain} fewer than {reference} ({ends}).',
    slots,
  );
  return `${told} ${rivalsInWords(best, rivals, unmet)}`;
}

/** Where no option is known to leave less unmet than the reference: which leave more, and of which nothing can be said. */
function noneBetter(apart) {
  const open = TOGETHER.filter((option) => cannotBeSaid(apart[option]));
  const slots = { reference: quoted(DATA.reference), open: listed(open.map(quoted)), why: whyNotSaid() };
  if (TOGETHER.every((option) => apart[option].same || open.includes(option)))
    return phrase('Whether any option leaves less unmet than {reference} cannot be said: {why}.', slots);
  const told = worseInWords(apart);
  return open.length ? described(told, phrase('Of {open} this cannot be said: {why}.', slots)) : told;
}

/** Why there is no interval. */
function whyNotSaid() {
  const n = DATA.replications;
  return DATA.sets < DATA.one.least
    ? phraseN('{n:,} replication is too few', '{n:,} replications are too few', n)
    : phrase('too few of the {n:,} replications differ enough', { n });
}

function worseInWords(apart) {
  const worse = TOGETHER.flatMap((option) => (apart[option].low > 0 ? [quoted(option)] : []));
  const slots = { reference: quoted(DATA.reference), others: listed(worse) };
  if (!worse.length) return phrase('No option leaves significantly less unmet than {reference}.', slots);
  return phraseN(
    'No option leaves significantly less unmet than {reference}; {others} leaves significantly more.',
    'No option leaves significantly less unmet than {reference}; {others} leave significantly more.',
    worse.length,
    slots,
  );
}

function rivalsInWords(best, rivals, unmet) {
  const same = rivals.filter((option) => difference(unmet[option], unmet[best]).same);
  const close = rivals.filter((option) => !same.includes(option));
  const slots = { same: listed(same.map(quoted)), close: listed(close.map(quoted)) };
  if (!close.length)
    return phraseN('{same} does exactly as well.', '{same} do exactly as well.', same.length, slots);
  if (!same.length) return phrase('It cannot be told apart from {close}: what differs may be chance.', slots);
  return phraseN(
    '{same} does exactly as well; it cannot be told apart from {close}: what differs may be chance.',
    '{same} do exactly as well; it cannot be told apart from {close}: what differs may be chance.',
    same.length,
    slots,
  );
}

/** What one option gains or loses at a setting against another, in a sentence. */
function changeInWords(option, values, against, setting) {
  const found = difference(unmetOf(option, values), unmetOf(option, against));
  const slots = { option: quoted(option), setting };
  if (found.same)
    return phrase('Under {option} unmet need is the same as at {setting}, whatever comes.', slots);
  if (isSignificant(found)) {
    const { size, ends } = differenceInWords(found);
    const told = { ...slots, size, ends };
    return found.mean < 0
      ? phrase('Under {option} this setting leaves {size} fewer unit-days unmet than {setting} ({ends}).', told)
      : phrase('Under {option} this setting leaves {size} more unit-days unmet than {setting} ({ends}).', told);
  }
  const signed = (value) => number(value, { sign: true });
  const told = { ...slots, change: signed(found.mean), why: whyNotSaid() };
  if (!hasInterval(found))
    return phrase(
      'Under {option} it cannot be said whether this setting differs from {setting} ({change} unit-days): {why}.',
      told,
    );
  return phrase('Under {option} there is no significant difference from {setting} ({change} unit-days, {ends}).', {
    ...told,
    ends: intervalInWords(signed(found.low), signed(found.high)),
  });
}
