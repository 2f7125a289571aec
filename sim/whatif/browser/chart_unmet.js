'use strict';
// Unmet need by option, with intervals: a bar each, on a scale that stands still while the controls move.

const ROW = 46;
const UNMET_MOST = largestUpperEnd('unmet_unit_days');

const unmetChart = {
  id: 'unmet',
  title: phrase('Unmet need by option'),
  finding({ values, option }) {
    if (!Number.isFinite(coverageOf(option, values).mean)) return phrase('No crisis needs anything here.');
    const told = [...new Set([option, DATA.reference])].map((each) => {
      const found = coverageOf(each, values);
      const slots = { option: quoted(each), share: percent(found.mean), ends: ends(found, percent) };
      return phrase('{option} covers {share}{ends}', slots);
    });
    return phrase('Of what crises need, {parts}.', { parts: listed(told) });
  },
  alt: (view) =>
    unmetChart
      .table(view)
      .rows.map((row) => labelled(row[0], cellInWords(row[1])))
      .join('; '),

  draw(view, width) {
    const height = DATA.options.length * ROW + 46;
    const alt = phrase('Unmet need by option, in unit-days. {options}', { options: unmetChart.alt(view) });
    const svg = sheet(width, height, alt);
    const area = { left: 2, top: 4, width: width - 14, bottom: height - 46 };
    const title = phrase('Unit-days unmet: mean and {interval}', { interval: LEVEL_OF_CONFIDENCE });
    const { group, x } = axis(area, UNMET_MOST, (value) => number(value), title);
    svg.append(group);
    DATA.options.forEach((option, place) => {
      const found = estimate(unmetOf(place, view.values));
      const top = area.top + place * ROW;
      rowName(svg, area, top, place, view, `${number(found.mean)}`, ends(found, number, (low, high) => `${low}–${high}`).trim());
      svg.append(
        draw('rect', { x: x(0), y: top + 20, width: x(found.mean) - x(0), height: 16, fill: fillOf(svg, option) }),
      );
      if (Number.isFinite(found.low)) whisker(svg, x, found, top + 28);
    });
    return svg;
  },

  table({ values }) {
    const head = [
      'option',
      'unmet_unit_days',
      'low',
      'high',
      'coverage',
      'coverage_low',
      'coverage_high',
      'difference',
      'difference_low',
      'difference_high',
      'significant',
    ];
    const against = unmetOf(DATA.reference, values);
    const rows = DATA.options.map((option, place) => {
      const unmet = unmetOf(place, values);
      const found = estimate(unmet);
      const covered = coverageOf(place, values);
      const apart = difference(unmet, against);
      const isReference = place === DATA.reference;
      return [
        option.label,
        ...numbers(found, 1),
        ...numbers(covered, 4),
        ...(isReference || option.apart ? ['', '', '', ''] : [...numbers(apart, 1), yesOrNo(isSignificant(apart))]),
      ];
    });
    return { head, rows };
  },
};

function coverageOf(option, values) {
  return coverage(unmetOf(option, values), sample(option, values, 'requirement_unit_days'));
}

/** An option's name above its bar, with its number at the right end. */
function rowName(svg, area, top, option, view, figure, interval) {
  const { label } = DATA.options[option];
  const isFocus = option === view.option;
  const right = area.left + area.width + 10;
  const wide = textWidth(figure, 13, true) + textWidth(interval, 12) + 14;
  const name = option === DATA.reference ? phrase('{name} (reference)', { name: label }) : label;
  const room = right - area.left - wide;
  const size = [13, 12].find((each) => textWidth(name, each, isFocus) <= room) || 12;
  svg.append(text(area.left, top + 14, fit(name, room, size, isFocus), { size, bold: isFocus }));
  svg.append(text(right - textWidth(interval, 12) - 5, top + 14, figure, { anchor: 'end', bold: true }));
  svg.append(text(right, top + 14, interval, { size: 12, anchor: 'end', fill: GREY }));
}

function whisker(svg, x, { low, high }, y) {
  const d = `M${x(low).toFixed(1)} ${y - 5}v10M${x(low).toFixed(1)} ${y}H${x(high).toFixed(1)}M${x(high).toFixed(1)} ${y - 5}v10`;
  svg.append(draw('path', { d, stroke: PAPER, 'stroke-width': 4, fill: 'none' }));
  svg.append(draw('path', { d, stroke: INK, 'stroke-width': 1.6, fill: 'none' }));
}
