'use strict';
// Numbers and sentences: said as people say them, and never more than the interval allows.

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const LEVEL_OF_CONFIDENCE = `${+(100 * DATA.confidence).toFixed(2)}\u00a0% interval`;
const START = new Date(`${DATA.scenario.from}T00:00:00Z`);

function grouped(text) {
  return text.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** 1,066 and 84.2: one decimal below a hundred. */
function number(value, { sign = false } = {}) {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  const text = size < 99.95 ? size.toFixed(1).replace(/\.0$/, '') : grouped(size.toFixed(0));
  const before = value < 0 && text !== '0' ? '−' : sign && text !== '0' ? '+' : '';
  return before + text;
}

function money(value, { sign = false } = {}) {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  const text = size >= 999_500 ? `$${(size / 1e6).toFixed(2)} million` : `$${grouped(size.toFixed(0))}`;
  return (value < 0 && text !== '$0' ? '−' : sign && text !== '$0' ? '+' : '') + text;
}

/** A share as a percentage: never 0 or 100 for what only nearly is. */
function percent(share) {
  if (!Number.isFinite(share)) return '–';
  const whole = Math.round(100 * share);
  if (share !== 0 && whole === 0) return `${share < 0 ? '−' : ''}under 1\u00a0%`;
  return share < 1 && whole === 100 ? 'over 99\u00a0%' : `${String(whole).replace('-', '−')}\u00a0%`;
}

/** 7 Jan 2011. */
function date(day) {
  // Whole milliseconds; the period's end is 24:00 on its last day.
  const instant = Math.round(Math.min(day, DATA.scenario.days) * 86_400_000) - (day >= DATA.scenario.days ? 1 : 0);
  const when = new Date(START.getTime() + instant);
  return `${when.getUTCDate()} ${MONTHS[when.getUTCMonth()]} ${when.getUTCFullYear()}`;
}

function quoted(option) {
  return `‘${DATA.options[option].label}’`;
}

/** The options that can be compared with the reference: those that meet the same crises with the same units. */
const TOGETHER = DATA.options.flatMap((option, place) => (option.apart ? [] : [place]));

function listed(words) {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "3 attack helicopters". */
function units(count, resource) {
  const [, one, many] = DATA.resources[resource];
  return `${grouped(String(count))} ${count === 1 ? one : many}`;
}

/** "Who has agreed beforehand: Nobody · How long …: 28 days"; only what differs from another setting, if one is given. */
function settingInWords(values, other = null) {
  const differs = other && !isSame(values, other);
  const told = DATA.inputs.flatMap((input, i) =>
    differs && values[i] === other[i] ? [] : [`${input.label}: ${input.names[values[i]]}`],
  );
  return told.join(' · ');
}

/** What the start of the page is called: the scenario's own setting, if it is one of those computed. */
function startInWords() {
  return DATA.inputs.every((input) => input.own !== null) ? 'the scenario’s own setting' : 'the first setting';
}

/** What a difference is: "1,531 fewer", and its ends in the same words: "95 % interval 1,492 to 1,569". */
function differenceInWords(found) {
  const fewer = found.mean < 0;
  const [near, far] = fewer ? [-found.high, -found.low] : [found.low, found.high];
  const words = `${number(Math.abs(found.mean))} ${fewer ? 'fewer' : 'more'}`;
  return { words, ends: `${LEVEL_OF_CONFIDENCE} ${number(near)} to ${number(far)}` };
}

/** ", 95 % interval −3 to +5", or that there is none. */
function intervalInWords(found) {
  if (!Number.isFinite(found.low + found.high)) return ', too few sets of replications in which they differ';
  const reach = [found.low, found.high].map((end) => number(end, { sign: true })).join(' to ');
  return `, ${LEVEL_OF_CONFIDENCE} ${reach}`;
}

/** The options at one setting, in a sentence or two. */
function optionsInWords(values) {
  const unmet = DATA.options.map((_, option) => unmetOf(option, values));
  const reference = DATA.reference;
  if (unmet.length === 1) {
    return `${quoted(0)} leaves ${number(mean(unmet[0]))} unit-days unmet on average. No other option was computed.`;
  }
  const apart = unmet.map((found) => difference(found, unmet[reference]));
  if (TOGETHER.every((option) => apart[option].same)) {
    if (TOGETHER.length === unmet.length)
      return `All options leave the same unmet in every replication: ${number(mean(unmet[reference]))} unit-days on average.`;
    return `All options that can be compared leave the same unmet in every replication: ${number(mean(unmet[reference]))} unit-days on average.`;
  }
  const better = TOGETHER.filter((option) => apart[option].high < 0);
  if (!better.length) return noneBetter(apart);
  const best = better.reduce((one, other) => (mean(unmet[other]) < mean(unmet[one]) ? other : one));
  const { words, ends } = differenceInWords(apart[best]);
  const level = number(mean(unmet[best]));
  const gain = `on average, ${words} than ${quoted(reference)} (${ends}).`;
  const rivals = TOGETHER.filter(
    (option) => option !== best && !(difference(unmet[option], unmet[best], DATA.all).low > 0),
  );
  if (!rivals.length) return `${quoted(best)} leaves the least unmet: ${level} unit-days ${gain}`;
  return `${quoted(best)} leaves ${level} unit-days unmet ${gain} ${rivalsInWords(best, rivals, unmet)}`;
}

function noneBetter(apart) {
  const worse = TOGETHER.flatMap((option) => (apart[option].low > 0 ? [quoted(option)] : []));
  const more = worse.length ? `; ${listed(worse)} ${worse.length > 1 ? 'leave' : 'leaves'} significantly more` : '';
  return `No option leaves significantly less unmet than ${quoted(DATA.reference)}${more}.`;
}

function rivalsInWords(best, rivals, unmet) {
  const same = rivals.filter((option) => difference(unmet[option], unmet[best]).same);
  const close = rivals.filter((option) => !same.includes(option));
  const told = [];
  if (same.length) told.push(`${listed(same.map(quoted))} ${same.length > 1 ? 'do' : 'does'} exactly as well`);
  if (close.length) told.push(`it cannot be told apart from ${listed(close.map(quoted))} with these replications`);
  return `${capital(told.join('; '))}.`;
}

/** What one option gains or loses at a setting against another, in a sentence. */
function changeInWords(option, values, against, called) {
  const found = difference(unmetOf(option, values), unmetOf(option, against));
  const where = `Under ${quoted(option)}`;
  if (found.same) return `${where} unmet need is the same as at ${called}, in every replication.`;
  if (isSignificant(found)) {
    const { words, ends } = differenceInWords(found);
    return `${where} this setting leaves ${words} unit-days unmet than ${called} (${ends}).`;
  }
  const told = `${number(found.mean, { sign: true })} unit-days${intervalInWords(found)}`;
  return `${where} there is no significant difference from ${called} (${told}).`;
}
