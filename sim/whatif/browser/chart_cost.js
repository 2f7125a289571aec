'use strict';
// Cost against unmet need: the best lies below and to the left.

const PRICED = TOGETHER.filter((option) => DATA.options[option].counted);
const COST_MOST = largestUpperEnd('cost_usd');

const costChart = {
  id: 'cost',
  title: phrase('Cost against unmet need'),
  get isWide() {
    return mapChart.isWide; // they stand side by side, or each alone
  },

  finding({ values, option }) {
    const { reference } = DATA;
    const names = { option: quoted(option), reference: quoted(reference) };
    if (!DATA.options[option].counted) return phrase('What {option} costs is not counted: nobody says it.', names);
    if (DATA.options[option].apart)
      return phrase('{option} stands apart: crises or units are not the same there.', names);
    if (option === reference) {
      const dollars = money(mean(costOf(option, values)));
      return phrase('The reference, {reference}, costs {dollars} on average.', { ...names, dollars });
    }
    const cost = difference(costOf(option, values), costOf(reference, values));
    const unmet = difference(unmetOf(option, values), unmetOf(reference, values));
    return `${priceInWords(cost, names)} ${gainInWords(unmet)}`;
  },

  draw(view, width) {
    const height = Math.round(Math.min(420, Math.max(280, 0.62 * width)));
    const alt = described(phrase('Cost against unmet need, a mark per option.'), costChart.finding(view));
    const svg = sheet(width, 10, alt);
    const area = { left: 54, top: 26, width: width - 70, bottom: height - 50 };
    const { group, x } = axis(area, COST_MOST, shortMoney, phrase('Cost of loans per replication, US$'));
    svg.append(group, ...upAxis(area, UNMET_MOST));
    const y = (value) => area.bottom - (value / (UNMET_MOST || 1)) * (area.bottom - area.top);
    const points = PRICED.map((option) => {
      const [cost, unmet] = [estimate(costOf(option, view.values)), estimate(unmetOf(option, view.values))];
      const across = Number.isFinite(cost.low) ? `M${x(cost.low)} ${y(unmet.mean)}H${x(cost.high)}` : '';
      const up = Number.isFinite(unmet.low) ? `M${x(cost.mean)} ${y(unmet.low)}V${y(unmet.high)}` : '';
      const cross = across + up;
      svg.append(draw('path', { d: cross, stroke: DATA.options[option].colour, 'stroke-width': 1.5, fill: 'none' }));
      return { option, x: x(cost.mean), y: y(unmet.mean) };
    });
    for (const point of points)
      svg.append(marker(point.option, point.x, point.y, point.option === view.option ? 8 : 6));
    nameMarks(svg, points, area, view);
    const entries = PRICED.map((place) => ({
      words: DATA.options[place].label,
      mark: (mx, my) => marker(place, mx + 8, my, 6),
    }));
    const whole = height + 4 + key(svg, 4, height + 4, width - 8, entries);
    return withHeight(svg, whole);
  },

  table({ values }) {
    const rows = DATA.options.map((option, place) => [
      option.label,
      ...(option.counted ? numbers(estimate(costOf(place, values)), 0) : [notCounted(), '', '']),
      ...numbers(estimate(unmetOf(place, values)), 1),
    ]);
    return {
      head: ['option', 'cost_usd', 'cost_low', 'cost_high', 'unmet_unit_days', 'unmet_low', 'unmet_high'],
      rows,
    };
  },
};

function costOf(option, values) {
  return sample(option, values, 'cost_usd');
}

/** What an option costs more or less than the reference. */
function priceInWords(cost, names) {
  if (cost.same) return phrase('{option} costs the same as {reference} on average.', names);
  if (!hasInterval(cost))
    return phrase('Whether {option} costs more or less than {reference} cannot be said: {why}.', {
      ...names,
      why: whyNotSaid(),
    });
  if (!isSignificant(cost)) return phrase('{option} does not differ significantly in cost from {reference}.', names);
  const slots = { ...names, dollars: money(Math.abs(cost.mean)) };
  return cost.mean < 0
    ? phrase('{option} costs {dollars} less than {reference} on average.', slots)
    : phrase('{option} costs {dollars} more than {reference} on average.', slots);
}

/** And what it leaves unmet: a sentence after that of its price. */
function gainInWords(unmet) {
  if (unmet.same) return phrase('It leaves the same unmet.');
  if (!hasInterval(unmet)) return phrase('Whether it leaves less unmet cannot be said: {why}.', { why: whyNotSaid() });
  if (!isSignificant(unmet)) return phrase('It does not differ significantly in unmet need.');
  const { size } = differenceInWords(unmet);
  return unmet.mean < 0
    ? phrase('It leaves {size} fewer unit-days unmet.', { size })
    : phrase('It leaves {size} more unit-days unmet.', { size });
}

function shortMoney(value) {
  if (value >= 1e6) return phrase('${figure} M', { figure: TENTHS.format(value / 1e6) });
  return value >= 1e3
    ? phrase('${figure} k', { figure: TENTHS.format(value / 1e3) })
    : phrase('${amount}', { amount: EXACT.format(Math.abs(value)) });
}

function upAxis(area, top) {
  const found = [text(0, area.top - 12, phrase('Unit-days unmet'), { size: 12, fill: GREY })];
  for (const tick of ticks(0, top, (area.bottom - area.top) / 60)) {
    const y = area.bottom - (tick / (top || 1)) * (area.bottom - area.top);
    found.push(draw('line', { x1: area.left, x2: area.left + area.width, y1: y, y2: y, stroke: PALE }));
    found.push(text(area.left - 6, y + 4, number(tick), { size: 12, fill: GREY, anchor: 'end' }));
  }
  return found;
}

/** Names beside the points, as far as there is room; all of them are in the key. */
function nameMarks(svg, points, area, view) {
  const taken = points.map(({ x, y }) => ({ left: x - 8, right: x + 8, top: y - 8, bottom: y + 8 }));
  const within = { ...area, right: area.left + area.width, top: area.top - 8 };
  const order = [...points].sort((one, other) => (other.option === view.option) - (one.option === view.option));
  for (const { option, x, y } of order) {
    const words = DATA.options[option].label;
    const bold = option === view.option;
    const wide = textWidth(words, 12, bold);
    const spots = [
      [x + 9, y - 9, 'start'], // clear of the intervals, which run straight up and across
      [x - 9, y - 9, 'end'],
      [x + 9, y + 18, 'start'],
      [x - 9, y + 18, 'end'],
      [x + 12, y + 4, 'start'],
      [x - 12, y + 4, 'end'],
      [x, y - 14, 'middle'],
      [x, y + 22, 'middle'],
    ];
    const boxes = spots.map(([at, base, anchor]) => {
      const left = { start: at, end: at - wide, middle: at - wide / 2 }[anchor];
      return { at, base, anchor, left, right: left + wide, top: base - 11, bottom: base + 3 };
    });
    const free = firstFree(boxes, taken, within);
    if (free) svg.append(text(free.at, free.base, words, { size: 12, anchor: free.anchor, bold, halo: true }));
  }
}
