'use strict';
// One replication, loan by loan: the paper, making ready, the journey, the stay and the way home.

const STEPS = DATA.colours.steps;
const GATES = 3;
const LOT = 36;
const LINE_OF_LOT = 15;
const MOST_CRISES = 8;

const ganttChart = {
  id: 'gantt',
  title: phrase('One replication, loan by loan'),
  isWide: true,

  finding({ values, option, story: kept }) {
    const { lots, requested, arrived, wait, paper } = story(option, values, kept);
    const slots = { number: DATA.stories[kept], option: quoted(option), n: requested };
    if (!requested) return phrase('In replication {number} under {option} nobody asks anybody for units.', slots);
    const times = { ...slots, days: days(wait), paper: number(paper) };
    const told = !arrived
      ? phraseN(
          'In replication {number} under {option} no loan arrives: the one requested comes to nothing.',
          'In replication {number} under {option} no loan arrives: all {n} requested come to nothing.',
          requested,
          slots,
        )
      : paper < 0.05
        ? phrase(
            'In replication {number} under {option} a unit takes on average {days} to arrive, none of them for consent.',
            times,
          )
        : phrase(
            'In replication {number} under {option} a unit takes on average {days} to arrive, {paper} of them for consent.',
            times,
          );
    if (lots.length === requested) return told;
    const cut = { shown: lots.length, n: requested };
    return described(told, phrase('Shown are {shown} of {n} loans, those with most unit-days.', cut));
  },

  draw(view, width) {
    const { crises, lots } = story(view.option, view.values, view.story);
    const svg = sheet(width, 10, described(phrase('Loans by date.'), ganttChart.finding(view)));
    const shown = [...crises].sort((one, other) => other.to - other.from - (one.to - one.from)).slice(0, MOST_CRISES);
    shown.sort((one, other) => one.from - other.from);
    const seen = new Set(lots.flatMap((each) => each.steps.map(({ step }) => step)));
    const entries = STEPS.flatMap((hue, step) => (seen.has(step) ? [{ words: hue.said, mark: swatch(hue.colour) }] : []));
    const top = key(svg, 2, 10, width - 4, [...entries, ...(seen.size ? [windowSign()] : [])]) + 8;
    const labels = lots.map((each) => lotLabel(each, width - 8));
    const places = placesOf(labels, top + 22 * shown.length + 8);
    const bottom = places[lots.length] + 6;
    const area = { left: 2, top, width: width - 8, bottom };
    const { group, x } = timeAxis(area);
    svg.append(group);
    shown.forEach((crisis, i) => crisisBar(svg, x, crisis, top + 22 * i, width));
    lots.forEach((each, i) => lotBars(svg, x, each, labels[i], places[i], width));
    if (!lots.length) svg.append(text(4, bottom - 2, phrase('No loans.'), { fill: GREY }));
    return withHeight(svg, bottom + 36);
  },

  table({ values, option, story: kept }) {
    const head = [
      'option',
      'replication',
      'from',
      'to',
      'resource',
      'contributor',
      'units',
      'step',
      'first_day',
      'last_day',
      'first_date',
      'last_date',
      'why_ended',
    ];
    const rows = story(option, values, kept).lots.flatMap((each) =>
      each.steps.map(({ step, from, to }) => [
        DATA.options[option].label,
        DATA.stories[kept],
        each.lender,
        each.borrower,
        DATA.resources[each.resource][0],
        each.contributor,
        each.units,
        worded(STEPS[step]),
        from,
        to,
        dated(from),
        dated(to),
        worded({ name: each.why, said: each.ended }),
      ]),
    );
    return { head, rows };
  },
};

function windowSign() {
  const mark = (x, y) => draw('path', { d: `M${x + 8} ${y - 7}v14`, stroke: INK, 'stroke-width': 2 });
  return { words: phrase('authority ends'), mark };
}

function crisisBar(svg, x, crisis, top, width) {
  const [left, right] = [x(crisis.from), x(crisis.to)];
  svg.append(draw('rect', { x: left, y: top, width: Math.max(2, right - left), height: 18, fill: '#DADADA' }));
  const words = fit(labelled(crisis.mission, crisis.name), width - 8, 12);
  const start = Math.max(4, Math.min(left + 4, width - 6 - textWidth(words, 12)));
  svg.append(text(start, top + 13, words, { size: 12 }));
}

/** What is said above a lot's bars, in a line or more: that it was simply no longer needed only where there is room. */
function lotLabel(each, room) {
  const lot = `${units(each.units, each.resource)}, ${each.lender} → ${each.borrower}`;
  const whose = each.contributor ? ` (${each.contributor})` : '';
  const why = each.ended ? `, ${each.ended}` : '';
  const isUsual = !why || each.why === 'released';
  const one = [lot + whose + why, lot + why, ...(isUsual ? [lot + whose, lot] : [])];
  const whole = one.find((words) => textWidth(words, 12) <= room);
  if (whole) return [whole];
  return [...lines(lot, room, 12), ...(isUsual ? [] : [each.ended])].map((words) => fit(words, room, 12));
}

/** The top of each lot, and at the end the bottom of the last. */
function placesOf(labels, top) {
  const places = [top];
  for (const label of labels) places.push(places[places.length - 1] + LOT + LINE_OF_LOT * (label.length - 1));
  return places;
}

function lotBars(svg, x, each, label, start, width) {
  const { steps } = each;
  const first = steps.length ? steps[0].from : each.requested;
  const left = Math.max(2, Math.min(x(first), width - 6 - Math.max(...label.map((words) => textWidth(words, 12)))));
  label.forEach((words, i) => svg.append(text(left, start + 13 + LINE_OF_LOT * i, words, { size: 12, halo: true })));
  const top = start + LINE_OF_LOT * (label.length - 1);
  const gates = steps.filter(({ step }) => step < GATES);
  for (const { step, from, to } of steps) {
    // Gates that are open at once share the height of the bar.
    const beside = step < GATES && gates.some((gate) => gate.step !== step && gate.from < to && gate.to > from);
    const tall = beside ? 12 / gates.length : 12;
    const y = top + 18 + (beside ? gates.findIndex((gate) => gate.step === step) * tall : 0);
    const bar = { x: x(from), y, width: Math.max(1, x(to) - x(from)), height: tall, fill: STEPS[step].colour };
    svg.append(draw('rect', bar, draw('title', {}, labelled(STEPS[step].said, fromTo(date(from), date(to))))));
  }
  if (each.window !== null && each.window <= DATA.scenario.days) {
    svg.append(draw('path', { d: `M${x(each.window).toFixed(1)} ${top + 16}v16`, stroke: INK, 'stroke-width': 2 }));
  }
}
