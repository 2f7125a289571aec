'use strict';
// The map of loans: great-circle arcs as wide as the unit-days lent, circles as large as what a mission holds.

const GROUND = DATA.ground;
const LENT_MOST = Math.max(1, ...DATA.runs.flatMap((found) => lentByPair(found).map(({ days }) => days)));
const MOST_ON_HALF = 5;
const MOST_NUMBERS = 8;
const ANYWHERE = { left: -Infinity, right: Infinity, top: -Infinity, bottom: Infinity };
const SEA = '#F8FBFD';
const LAND = '#E6EAEE';
const LINE = '#AEB8C2';
const ARC = '#009EDB';

/** Unit-days lent by lender and borrower, most first. */
function lentByPair(found) {
  const totals = new Map();
  for (const [lender, borrower, , days] of found.lent) {
    const name = `${lender} ${borrower}`;
    const before = totals.has(name) ? totals.get(name).days : 0;
    totals.set(name, { lender, borrower, days: before + days });
  }
  return [...totals.values()].sort((one, other) => other.days - one.days);
}

const mapChart = {
  id: 'map',
  title: phrase('Who lends to whom'),
  isWide: GROUND.places.length > MOST_ON_HALF || !PRICED.length, // beside the prices, where there are any

  finding({ values, option }) {
    const found = lentByPair(run(option, values));
    if (!found.length) return phrase('Under {option} nobody lends anything.', { option: quoted(option) });
    const told = found.slice(0, 3).map((pair, i) => {
      const names = { lender: DATA.missions[pair.lender], borrower: DATA.missions[pair.borrower] };
      const slots = { ...names, days: number(pair.days) };
      return i
        ? phrase('{days} from {lender} to {borrower}', slots)
        : phrase('{days} unit-days go from {lender} to {borrower}', slots);
    });
    return phrase('Under {option} {loans} on average.', { option: quoted(option), loans: listed(told) });
  },

  draw(view, width) {
    const height = Math.round(Math.min(460, Math.max(280, 0.66 * width)));
    const svg = sheet(width, height, described(phrase('Map of missions and loans.'), mapChart.finding(view)));
    const places = GROUND.places.flatMap((place, mission) => (place ? [{ mission, place }] : []));
    if (!places.length) {
      svg.append(text(0, 20, phrase('No mission of the scenario has a place, so there is no map to draw.')));
      return svg;
    }
    const frame = frameOf(places, width, height);
    svg.append(groundOf(frame, width, height));
    const boxes = places.map((each) => circleOf(each, frame).box); // all of them, before the first name is set
    const names = draw('g');
    for (const each of places) names.append(missionMark(each, frame, boxes, width));
    const loans = arcs(view, frame, boxes);
    svg.append(countryNames(frame, boxes, width, height), loans, names);
    return svg;
  },

  table({ values, option }) {
    const rows = run(option, values).lent.map(([lender, borrower, resource, days]) => [
      DATA.options[option].label,
      DATA.missions[lender],
      DATA.missions[borrower],
      DATA.resources[resource][0],
      days,
    ]);
    return { head: ['option', 'lender', 'borrower', 'resource', 'unit_days_lent'], rows };
  },
};

/** How degrees become pixels: all missions, with a margin. */
function frameOf(places, width, height) {
  const ends = (axis) => [Math.min, Math.max].map((end) => end(...places.map(({ place }) => place[axis])));
  const [[west, east], [south, north]] = [ends(0), ends(1)];
  const squeeze = Math.max(0.2, Math.cos((((south + north) / 2) * Math.PI) / 180));
  const scale = Math.min(
    height / Math.max(1.5 * (north - south), 8),
    width / (Math.max(1.5 * (east - west), 8) * squeeze),
  );
  return {
    scale,
    x: (longitude) => width / 2 + (longitude - (west + east) / 2) * squeeze * scale,
    y: (latitude) => height / 2 - (latitude - (south + north) / 2) * scale,
  };
}

function line(deltas, frame) {
  const points = [];
  let [x, y] = [0, 0];
  for (let i = 0; i < deltas.length; i += 2) {
    x += deltas[i] / 100;
    y += deltas[i + 1] / 100;
    points.push([frame.x(x), frame.y(y)]);
  }
  return points;
}

function groundOf(frame, width, height) {
  const clip = `map-${(patternCount += 1)}`;
  const d = (lines, close) => lines.map((each) => path(line(each, frame), close)).join('');
  return draw(
    'g',
    { 'clip-path': `url(#${clip})` },
    draw('clipPath', { id: clip }, draw('rect', { width, height })),
    draw('rect', { width, height, fill: SEA }),
    draw('path', { d: d(GROUND.behind, true), fill: LAND, stroke: LINE, 'stroke-width': 0.8 }),
    draw('path', { d: d(GROUND.land, true), fill: LAND, 'fill-rule': 'evenodd' }),
    draw('path', { d: d(GROUND.lines), fill: 'none', stroke: LINE, 'stroke-width': 0.8 }),
    draw('path', { d: d(GROUND.unsettled), fill: 'none', stroke: LINE, 'stroke-width': 1, 'stroke-dasharray': '4 3' }),
  );
}

/** A mission's circle: the more units held, the larger. */
function circleOf({ place: [longitude, latitude, held] }, frame) {
  const largest = Math.max(1, ...GROUND.places.map((place) => (place ? place[2] : 0)));
  const radius = 5 + 9 * Math.sqrt(held / largest);
  const [x, y] = [frame.x(longitude), frame.y(latitude)];
  return { x, y, radius, box: { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius } };
}

function missionMark({ mission, place }, frame, boxes, width) {
  const { x, y, radius } = circleOf({ place }, frame);
  const words = fit(DATA.missions[mission], Math.max(60, width / 3), 13, true);
  const wide = textWidth(words, 13, true);
  const spots = [
    [x, y + radius + 15],
    [x, y - radius - 7],
    [x + radius + 6 + wide / 2, y + 5],
    [x - radius - 6 - wide / 2, y + 5],
    ...[2, 14].flatMap((far) =>
      [-radius - far, radius + far + 10].flatMap((up) => [
        [x + radius + far + wide / 2, y + up],
        [x - radius - far - wide / 2, y + up],
      ]),
    ),
  ];
  const within = { ...ANYWHERE, left: 2, right: width - 2 };
  const free = firstFree(spots.map((spot) => boxOf(...spot, wide, 12, 4)), boxes, within);
  const circle = draw('circle', { cx: x, cy: y, r: radius, fill: INK, stroke: PAPER, 'stroke-width': 1.5 });
  const name = free ? text(free.x, free.y, words, { anchor: 'middle', bold: true, halo: true }) : null;
  return draw('g', {}, circle, name);
}

/** The box of words in whose middle x lies, `up` above and `down` below their base y. */
function boxOf(x, y, wide, up, down) {
  return { x, y, left: x - wide / 2, right: x + wide / 2, top: y - up, bottom: y + down };
}

function countryNames(frame, boxes, width, height) {
  const group = draw('g');
  for (const [name, longitude, latitude, across] of GROUND.names) {
    const [x, y, wide] = [frame.x(longitude), frame.y(latitude), textWidth(name, 12)];
    if (wide > 0.9 * (frame.x(longitude + across) - x)) continue; // it would stand in another country, or in the sea
    const within = { left: 2, right: width - 2, top: 2, bottom: height - 2 };
    if (firstFree([boxOf(x, y, wide, 10, 3)], boxes, within))
      group.append(text(x, y, name, { size: 12, fill: GREY, anchor: 'middle' }));
  }
  return group;
}

function arcs({ values, option }, frame, boxes) {
  const [group, figures] = [draw('g'), draw('g')];
  const shown = lentByPair(run(option, values)).filter(({ lender, borrower }) => {
    const [from, to] = [GROUND.places[lender], GROUND.places[borrower]];
    return from && to && (from[0] !== to[0] || from[1] !== to[1]);
  });
  shown.forEach(({ lender, borrower, days }, rank) => {
    const [from, to] = [lender, borrower].map((mission) => GROUND.places[mission]);
    const [x1, y1, x2, y2] = [frame.x(from[0]), frame.y(from[1]), frame.x(to[0]), frame.y(to[1])];
    // Bent to its right, so that the way there and the way back lie side by side.
    const [mx, my] = [(x1 + x2) / 2 - (y2 - y1) * 0.18, (y1 + y2) / 2 + (x2 - x1) * 0.18];
    const wide = Math.max(1, (13 * days) / LENT_MOST);
    const d = `M${x1.toFixed(1)} ${y1.toFixed(1)}Q${mx.toFixed(1)} ${my.toFixed(1)} ${x2.toFixed(1)} ${y2.toFixed(1)}`;
    const how = { 'stroke-width': wide, 'stroke-opacity': 0.85, 'stroke-linecap': 'round' };
    group.append(draw('path', { d, fill: 'none', stroke: ARC, ...how }));
    const [cx, cy] = [(x1 + 2 * mx + x2) / 4, (y1 + 2 * my + y2) / 4];
    const turn = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
    const size = 3.5 + 0.6 * wide;
    const head = `M${-size} ${-size}L${size} 0L${-size} ${size}Z`;
    const transform = `translate(${cx.toFixed(1)} ${cy.toFixed(1)}) rotate(${turn.toFixed(1)})`;
    group.append(draw('path', { d: head, transform, fill: INK }));
    const words = number(days);
    const around = [cy - size - 5, cy + size + 14].map((y) => boxOf(cx, y, textWidth(words, 12), 10, 2));
    const free = rank < MOST_NUMBERS && firstFree(around, boxes, ANYWHERE);
    if (free) figures.append(text(cx, free.y, words, { size: 12, anchor: 'middle', halo: true }));
  });
  return draw('g', {}, group, figures);
}
