'use strict';
// Required against present over time, in every mission that matters: means, with the range of 8 replications in 10.

const PRESENT = '#009EDB';
const DEEP = '#0079AD';
const OWN = '#D3DAE3';
const LENT = '#6CC3E8';
const MISSING = '#B5245B';
const BOUNDS = DATA.cells.map((_, cell) => boundsOf(cell));

/** From 0, or areas would say too much, to the highest value of a cell at any setting, so that its scale stands still. */
function boundsOf(cell) {
  let high = 0;
  const seen = new Set(DATA.runs.flatMap((found) => (found.timelines[cell] ? found.timelines[cell].slice(0, 6) : [])));
  for (const place of seen) {
    for (const value of unpack(place, DATA.unit)) high = Math.max(high, value);
  }
  return { low: 0, high: Math.max(1, Math.ceil(high)) };
}

const timelineChart = {
  id: 'timeline',
  title: phrase('Required and present, day by day'),
  isWide: true,

  finding({ values, option }) {
    const found = run(option, values);
    const worst = DATA.cells
      .map((_, cell) => ({ cell, ...peak(found, cell) }))
      .reduce((one, other) => (other.total > one.total ? other : one), { total: 0 });
    if (!worst.total) return phrase('Under {option} no mission is short of anything.', { option: quoted(option) });
    const [mission, resource] = DATA.cells[worst.cell];
    const names = { option: quoted(option), mission: DATA.missions[mission], units: DATA.resources[resource][2] };
    return phrase(
      'Under {option} {mission} is short of {units} above all: at worst {missing} missing on average, around {date}.',
      { ...names, missing: number(worst.units), date: date(worst.day) },
    );
  },

  draw(view, width) {
    const found = run(view.option, view.values);
    const columns = Math.max(1, Math.min(DATA.cells.length, width >= 840 ? 3 : width >= 520 ? 2 : 1));
    const wide = (width - (columns - 1) * 18) / columns;
    const rows = Math.ceil(DATA.cells.length / columns);
    const alt = described(phrase('Required and present units over time.'), timelineChart.finding(view));
    const svg = sheet(width, 10, alt);
    const top = key(svg, 2, 10, width - 4, timelineSigns(svg)) + 4;
    const gutter = Math.max(26, ...BOUNDS.map(gutterOf));
    const titles = DATA.cells.map((cell) => panelTitle(cell, wide - 4));
    const [panelTop, tall] = [24, 186].map((each) => each + 16 * (Math.max(1, ...titles.map((all) => all.length)) - 1));
    DATA.cells.forEach((_, cell) => {
      const left = (cell % columns) * (wide + 18);
      timelinePanel(svg, found, cell, titles[cell], {
        left: left + gutter,
        top: top + panelTop + Math.floor(cell / columns) * tall,
        width: wide - gutter - 4,
        gutter,
        height: 116,
      });
    });
    const height = top + rows * tall;
    return withHeight(svg, height);
  },

  table({ values, option }) {
    const found = run(option, values);
    const head = [
      'option',
      'mission',
      'resource',
      'day',
      'date',
      ...LEVEL.flatMap((level) => [`${level}_mean`, `${level}_p10`, `${level}_p90`]),
    ];
    const rows = DATA.cells.flatMap(([mission, resource], cell) => {
      const fans = LEVEL.map((level) => fan(found, cell, level));
      if (!fans[0]) return [];
      return DATA.grid_days.map((day, i) => [
        DATA.options[option].label,
        DATA.missions[mission],
        DATA.resources[resource][0],
        day,
        dated(day),
        ...fans.flatMap((each) => [each.mean, each.low, each.high].map((row) => +row[i].toFixed(2))),
      ]);
    });
    return { head, rows };
  },
};

/** Units missing on average: their sum over the days shown, and the worst of these days. */
function peak(found, cell) {
  const missing = fan(found, cell, 'shortfall');
  if (!missing) return { total: 0 };
  const units = Math.max(...missing.mean);
  return { total: mean(missing.mean), units, day: DATA.grid_days[missing.mean.indexOf(units)] };
}

function timelineSigns(svg) {
  const stroke = (attributes) => (x, y) =>
    draw('line', { x1: x, x2: x + 16, y1: y, y2: y, 'stroke-width': 2.2, ...attributes });
  const block = (attributes) => (x, y) => draw('rect', { x, y: y - 5, width: 16, height: 10, ...attributes });
  return [
    { words: phrase('required, on average'), mark: stroke({ stroke: INK }) },
    { words: phrase('between these in 8 cases of 10'), mark: stroke({ stroke: INK, 'stroke-width': 1, 'stroke-dasharray': '2 3' }) },
    { words: phrase('present, on average'), mark: stroke({ stroke: DEEP }) },
    { words: phrase('within this in 8 cases of 10'), mark: block({ fill: PRESENT, 'fill-opacity': 0.22 }) },
    { words: phrase('own'), mark: block({ fill: OWN }) },
    { words: phrase('borrowed'), mark: block({ fill: LENT }) },
    { words: phrase('missing, on average'), mark: block({ fill: hatch(svg) }) },
  ];
}

/** What is missing is hatched; the pattern is added once to a sheet's definitions. */
function hatch(svg) {
  if (!svg.hatch) {
    svg.hatch = `hatch-${(patternCount += 1)}`;
    const size = { width: 8, height: 8, patternUnits: 'userSpaceOnUse' };
    const lines = { d: 'M-2 10L10 -2M-2 2L2 -2M6 10L10 6', stroke: MISSING, 'stroke-width': 1.2, fill: 'none' };
    const ground = draw('rect', { width: 8, height: 8, fill: PAPER });
    svg.firstChild.append(draw('pattern', { id: svg.hatch, ...size }, ground, draw('path', lines)));
  }
  return `url(#${svg.hatch})`;
}

/** What the numbers beside a panel take. */
function gutterOf({ low, high }) {
  return 8 + Math.max(...ticks(low, high, 3).map((tick) => textWidth(number(tick), 12)));
}

/** Whose units a panel shows, in a line or two. */
function panelTitle([mission, resource], room) {
  const [first, ...more] = lines(labelled(DATA.missions[mission], DATA.resources[resource][2]), room, 13, true);
  return more.length ? [fit(first, room, 13, true), fit(more.join(' '), room, 13, true)] : [fit(first, room, 13, true)];
}

function timelinePanel(svg, found, cell, title, area) {
  title.forEach((words, i) => {
    const y = area.top - 10 - 16 * (title.length - 1 - i);
    svg.append(text(area.left - area.gutter, y, words, { bold: true }));
  });
  const { low, high } = BOUNDS[cell];
  const bottom = area.top + area.height;
  const y = (value) => bottom - ((value - low) / (high - low)) * area.height;
  for (const tick of ticks(low, high, 3)) {
    svg.append(draw('line', { x1: area.left, x2: area.left + area.width, y1: y(tick), y2: y(tick), stroke: PALE }));
    svg.append(text(area.left - 6, y(tick) + 4, number(tick), { size: 12, fill: GREY, anchor: 'end' }));
  }
  const { group, x } = timeAxis({ ...area, bottom });
  svg.append(group);
  const [required, present, borrowed, missing] = LEVEL.map((level) => fan(found, cell, level));
  if (!required) {
    svg.append(text(area.left + 6, y(low) - 8, phrase('None required and none present'), { size: 12, fill: GREY }));
    return;
  }
  const points = (row) => [...row].map((value, i) => [x(DATA.grid_days[i]), y(Math.max(low, value))]);
  const between = (one, other) => path([...points(one), ...points(other).reverse()], true);
  const floor = present.mean.map(() => low);
  const own = present.mean.map((value, i) => value - borrowed.mean[i]);
  const whole = present.mean.map((value, i) => value + missing.mean[i]);
  svg.append(
    draw('path', { d: between(floor, own), fill: OWN }),
    draw('path', { d: between(own, present.mean), fill: LENT }),
    draw('path', { d: between(present.mean, whole), fill: hatch(svg) }),
    draw('path', { d: between(present.low, present.high), fill: PRESENT, 'fill-opacity': 0.22 }),
    draw('path', { d: path(points(present.mean)), fill: 'none', stroke: DEEP, 'stroke-width': 1.8 }),
    ...[required.low, required.high].map((end) =>
      draw('path', { d: path(points(end)), fill: 'none', stroke: INK, 'stroke-width': 0.8, 'stroke-dasharray': '2 3' }),
    ),
    draw('path', { d: path(points(required.mean)), fill: 'none', stroke: INK, 'stroke-width': 2.2 }),
  );
}
