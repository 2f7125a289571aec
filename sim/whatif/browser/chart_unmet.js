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
  draw(view, width) {
    const heads = DATA.options.map((_, place) => {
      const found = estimate(unmetOf(place, view.values));
      const interval = ends(found, number, (low, high) => `${low}–${high}`).trim();
      return rowHead(place, view, width, number(found.mean), interval);
    });
    const row = rowHeight(heads);
    const height = DATA.options.length * row + 46;
    const said = unmetChart.table(view).rows.map((row) => labelled(row[0], cellInWords(row[1])));
    const alt = phrase('Unmet need by option, in unit-days. {options}', { options: said.join('; ') });
    const svg = sheet(width, height, alt);
    const area = { left: 2, top: 4, width: width - 14, bottom: height - 46 };
    const isAnyBounded = DATA.options.some((_, place) => hasInterval(estimate(unmetOf(place, view.values))));
    const title = isAnyBounded
      ? phrase('Unit-days unmet: mean and {interval}', { interval: LEVEL_OF_CONFIDENCE })
      : phrase('Unit-days unmet: mean (no interval)');
    const { group, x } = axis(area, UNMET_MOST, (value) => number(value), title);
    svg.append(group);
    DATA.options.forEach((option, place) => {
      const found = estimate(unmetOf(place, view.values));
      const top = area.top + (place + 1) * row - ROW;
      rowName(svg, area, top, heads[place], place === view.option);
      svg.append(
        draw('rect', { x: x(0), y: top + 20, width: x(found.mean) - x(0), height: 16, fill: option.colour }),
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
    const reference = unmetOf(DATA.reference, values);
    const rows = DATA.options.map((option, place) => {
      const unmet = unmetOf(place, values);
      const found = estimate(unmet);
      const covered = coverageOf(place, values);
      const apart = difference(unmet, reference);
      const sure = cannotBeSaid(apart) ? '' : yesOrNo(isSignificant(apart));
      const against = place === DATA.reference || option.apart ? ['', '', '', ''] : [...numbers(apart, 1), sure];
      return [option.label, ...numbers(found, 1), ...numbers(covered, 4), ...against];
    });
    return { head, rows };
  },
};

function coverageOf(option, values) {
  return coverage(unmetOf(option, values), sample(option, values, 'requirement_unit_days'));
}

/** What stands above an option's bar: its name, in two lines where one has no room, and its number and interval. */
function rowHead(option, view, width, figure, interval) {
  const { label } = DATA.options[option];
  const bold = option === view.option;
  const name = option === DATA.reference ? phrase('{name} (reference)', { name: label }) : label;
  const beside = width - 6 - textWidth(figure, 13, true) - textWidth(interval, 12) - 14;
  const size = [13, 12].find((each) => textWidth(name, each, bold) <= beside);
  if (size) return { names: [name], size, figure, interval };
  const [first, ...more] = lines(name, width - 6, 12, bold);
  return { names: [fit(first, width - 6, 12, bold), fit(more.join(' '), beside, 12, bold)], size: 12, figure, interval };
}

/** Of every row, so that all bars stand at the same distance. */
function rowHeight(heads) {
  return ROW + 15 * (Math.max(...heads.map(({ names }) => names.length)) - 1);
}

/** The last line of a name ends beside the number, just above the bar. */
function rowName(svg, area, top, { names, size, figure, interval }, bold) {
  const right = area.left + area.width + 10;
  names.forEach((words, i) => {
    svg.append(text(area.left, top + 14 - 15 * (names.length - 1 - i), words, { size, bold }));
  });
  svg.append(text(right - textWidth(interval, 12) - 5, top + 14, figure, { anchor: 'end', bold: true }));
  svg.append(text(right, top + 14, interval, { size: 12, anchor: 'end', fill: GREY }));
}

function whisker(svg, x, { low, high }, y) {
  const d = `M${x(low).toFixed(1)} ${y - 5}v10M${x(low).toFixed(1)} ${y}H${x(high).toFixed(1)}M${x(high).toFixed(1)} ${y - 5}v10`;
  svg.append(draw('path', { d, stroke: PAPER, 'stroke-width': 4, fill: 'none' }));
  svg.append(draw('path', { d, stroke: INK, 'stroke-width': 1.6, fill: 'none' }));
}
