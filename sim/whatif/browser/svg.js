'use strict';
// Drawing: elements with plain attributes, so that a picture is whole without the page's style sheet. Every colour also
// leaves a class behind (f-0b2545, s-0b2545), by which the style sheet lightens it on a dark screen.

const SVG = 'http://www.w3.org/2000/svg';
const INK = '#0B2545';
const GREY = '#5B6470';
const PALE = '#E3E6EA';
const PAPER = '#FFFFFF';
const FONT = 'system-ui, -apple-system, "Segoe UI", "DejaVu Sans", Arial, sans-serif';
let patternCount = 0; // every pattern and clip has an id of its own
const pen = document.createElement('canvas').getContext('2d');

/** An SVG element; a child that is no element is text. */
function draw(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  const classes = [];
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) continue;
    if (key === 'on') {
      classes.push(`on-${value.slice(1).toLowerCase()}`); // words on a colour turn with it
      continue;
    }
    element.setAttribute(key, typeof value === 'number' ? String(+value.toFixed(2)) : value);
    if ((key === 'fill' || key === 'stroke') && value[0] === '#')
      classes.push(`${key[0]}-${value.slice(1).toLowerCase()}`);
  }
  if (classes.length) element.setAttribute('class', classes.join(' '));
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** Sentences in a row: a picture's alternative text is what it is, and what it says. */
function described(...sentences) {
  return sentences.join(' ');
}

function text(x, y, words, { size = 13, fill = INK, anchor = 'start', bold = false, halo = false } = {}) {
  const attributes = { x, y, fill, 'font-size': size, 'text-anchor': anchor, 'font-weight': bold ? 600 : null };
  if (halo)
    Object.assign(attributes, {
      stroke: PAPER,
      'stroke-width': 3,
      'paint-order': 'stroke',
      'stroke-linejoin': 'round',
    });
  return draw('text', attributes, words);
}

const widths = new Map();

function textWidth(words, size = 13, bold = false) {
  const font = `${bold ? '600 ' : ''}${size}px ${FONT}`;
  const known = `${font} ${words}`;
  if (!widths.has(known)) {
    if (widths.size > 5000) widths.clear();
    pen.font = font;
    widths.set(known, pen.measureText(words).width);
  }
  return widths.get(known);
}

/** The words as far as they fit, with … where some are left out. */
function fit(words, width, size = 13, bold = false) {
  if (textWidth(words, size, bold) <= width) return words;
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (textWidth(`${words.slice(0, middle)}…`, size, bold) <= width) low = middle;
    else high = middle - 1;
  }
  return `${words.slice(0, low).trimEnd()}…`;
}

function sheet(width, height, label) {
  const attributes = { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': label };
  return draw('svg', { xmlns: SVG, ...attributes, 'font-family': FONT }, draw('defs'));
}

/** The sheet at the height that its contents turned out to need. */
function withHeight(svg, height) {
  const width = svg.getAttribute('width');
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.setAttribute('height', height);
  return svg;
}

function path(points, close = false) {
  return points.map(([x, y], i) => `${i ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('') + (close ? 'Z' : '');
}

/** Round numbers between two others, about `count` of them. */
function ticks(bottom, top, count) {
  const rough = (top - bottom) / Math.max(1, count) || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough);
  const found = [];
  for (let value = Math.ceil(bottom / step - 1e-9) * step; value <= top + 1e-9 * step; value += step) found.push(value);
  return found;
}

/** A horizontal axis at `y` under an area of `height`, with its grid. */
function axis(area, top, said, title) {
  const group = draw('g');
  const x = (value) => area.left + (value / (top || 1)) * area.width;
  for (const tick of ticks(0, top, area.width / 90)) {
    group.append(draw('line', { x1: x(tick), x2: x(tick), y1: area.top, y2: area.bottom, stroke: PALE }));
    group.append(text(x(tick), area.bottom + 16, said(tick), { size: 12, fill: GREY, anchor: 'middle' }));
  }
  group.append(text(area.left, area.bottom + 36, fit(title, area.width, 12), { size: 12, fill: GREY }));
  return { group, x };
}

function lightness(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

const MARKERS = {
  o: (r) => `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`,
  s: (r) => `M${-r} ${-r}H${r}V${r}H${-r}Z`,
  '^': (r) => `M0 ${-1.2 * r}L${1.1 * r} ${r}H${-1.1 * r}Z`,
  v: (r) => `M0 ${1.2 * r}L${1.1 * r} ${-r}H${-1.1 * r}Z`,
  D: (r) => `M0 ${-1.3 * r}L${1.3 * r} 0L0 ${1.3 * r}L${-1.3 * r} 0Z`,
  P: (r) =>
    `M${-r / 2} ${-r}H${r / 2}V${-r / 2}H${r}V${r / 2}H${r / 2}V${r}H${-r / 2}V${r / 2}H${-r}V${-r / 2}H${-r / 2}Z`,
};

/** The option's mark, centred at (x, y). */
function marker(option, x, y, r = 6) {
  const { colour, marker: kind } = DATA.options[option];
  const d = (MARKERS[kind] || MARKERS.o)(r);
  return draw('path', { d, transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`, fill: colour, stroke: PAPER });
}

/** A key of marks with their words, in as many lines as it takes; its height. */
function key(svg, left, top, width, entries) {
  let x = left;
  let y = top;
  for (const { words, mark } of entries) {
    const shown = fit(words, width - 26, 12);
    const wide = 22 + textWidth(shown, 12) + 16;
    if (x > left && x + wide - 16 > left + width) {
      x = left;
      y += 20;
    }
    svg.append(mark(x, y), text(x + 22, y + 4, shown, { size: 12 }));
    x += wide;
  }
  return y - top + 20;
}

function swatch(fill) {
  return (x, y) => draw('rect', { x, y: y - 6, width: 16, height: 12, fill, stroke: GREY, 'stroke-width': 0.5 });
}

/** The first of the boxes (left, right, top, bottom) that lies within another and off all that are taken; it is then. */
function firstFree(boxes, taken, within) {
  const free = boxes.find(
    (box) =>
      box.left >= within.left &&
      box.right <= within.right &&
      box.top >= within.top &&
      box.bottom <= within.bottom &&
      taken.every(
        (each) => box.right < each.left || box.left > each.right || box.bottom < each.top || box.top > each.bottom,
      ),
  );
  if (free) taken.push(free);
  return free;
}

/** Dates along the bottom of an area: months or years, or single days where the period is short. */
function timeAxis(area) {
  const group = draw('g');
  const x = (day) => area.left + (day / DATA.scenario.days) * area.width;
  let yearSaid = null;
  for (const { day, words, year } of timeTicks(area.width)) {
    group.append(draw('line', { x1: x(day), x2: x(day), y1: area.top, y2: area.bottom + 4, stroke: PALE }));
    if (x(day) + textWidth(words, 12) > area.left + area.width + 4) continue;
    group.append(text(x(day) + 2, area.bottom + 15, words, { size: 12, fill: GREY }));
    if (words !== String(year) && year !== yearSaid) {
      group.append(text(x(day) + 2, area.bottom + 29, String(year), { size: 12, fill: GREY }));
      yearSaid = year;
    }
  }
  return { group, x };
}

function timeTicks(width) {
  const months = monthStarts();
  if (months.length < 3) {
    return ticks(0, DATA.scenario.days, width / 70).map((day) => {
      return { day, words: dayOfYear(day), year: instant(day).getUTCFullYear() };
    });
  }
  const step = [1, 2, 3, 6, 12, 24, 60, 120].find((each) => (months.length / each) * 34 <= width) || 240;
  return months
    .filter(({ month, year }) => (12 * year + month) % step === 0)
    .map(({ day, month, year }) => ({ day, words: step < 12 ? MONTHS[month] : String(year), year }));
}

function monthStarts() {
  const found = [];
  for (let month = START.getUTCMonth(); found.length < 2000; month += 1) {
    const when = new Date(Date.UTC(START.getUTCFullYear(), month, 1));
    const day = (when - START) / 86_400_000;
    if (day >= DATA.scenario.days) break;
    if (day >= 0) found.push({ day, month: when.getUTCMonth(), year: when.getUTCFullYear() });
  }
  return found;
}
