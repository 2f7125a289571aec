'use strict';
// Where the days went: every unit-day unmet has one cause, so that the parts of a bar add up to it.

const CAUSES = DATA.colours.causes;
const CAUSES_SEEN = CAUSES.flatMap((_, cause) => (DATA.runs.some((found) => found.causes[cause] > 0) ? [cause] : []));

const causesChart = {
  id: 'causes',
  title: phrase('Where the days went'),

  finding({ values, option }) {
    const parts = run(option, values).causes;
    const whole = parts.reduce((sum, part) => sum + part, 0);
    if (!whole) return phrase('Under {option} nothing was missing.', { option: quoted(option) });
    const order = CAUSES_SEEN.filter((cause) => parts[cause] > 0).sort((one, other) => parts[other] - parts[one]);
    const told = order.slice(0, 3).map((cause) => `${CAUSES[cause].said} (${percent(parts[cause] / whole)})`);
    const slots = { option: quoted(option), causes: listed(told) };
    return told.length > 1
      ? phrase('Under {option} the largest parts of the unmet need, on average: {causes}.', slots)
      : phrase('Under {option} all of the unmet need, on average: {causes}.', slots);
  },

  draw(view, width) {
    const heads = DATA.options.map((_, option) => {
      const whole = run(option, view.values).causes.reduce((sum, part) => sum + part, 0);
      return rowHead(option, view, width, number(whole), '');
    });
    const row = rowHeight(heads);
    const rows = DATA.options.length * row;
    const svg = sheet(width, 10, described(phrase('Unmet need by cause and option.'), causesChart.finding(view)));
    const area = { left: 2, top: 4, width: width - 14, bottom: rows + 4 };
    const { group, x } = axis(
      area,
      UNMET_MOST,
      (value) => number(value),
      phrase('Mean unit-days unmet, by what held the units up'),
    );
    svg.append(group);
    DATA.options.forEach((_, option) => {
      const parts = run(option, view.values).causes;
      const top = area.top + (option + 1) * row - ROW;
      rowName(svg, area, top, heads[option], option === view.option);
      causesBar(svg, x, parts, top + 20);
    });
    const entries = CAUSES_SEEN.map((cause) => ({ words: CAUSES[cause].said, mark: swatch(CAUSES[cause].colour) }));
    const height = area.bottom + 56 + key(svg, area.left, area.bottom + 56, width - 4, entries);
    return withHeight(svg, height);
  },

  table({ values }) {
    const rows = DATA.options.flatMap((option, place) =>
      CAUSES_SEEN.map((cause) => [option.label, worded(CAUSES[cause]), run(place, values).causes[cause]]),
    );
    return { head: ['option', 'cause', 'unit_days_unmet'], rows };
  },
};

function causesBar(svg, x, parts, top) {
  const whole = parts.reduce((sum, part) => sum + part, 0);
  let before = 0;
  for (const cause of CAUSES_SEEN) {
    const part = parts[cause];
    if (!part) continue;
    const { colour, said } = CAUSES[cause];
    const [left, wide] = [x(before), x(part) - x(0)];
    const bar = { x: left, y: top, width: wide, height: 18, fill: colour, stroke: PAPER, 'stroke-width': 0.8 };
    const told = phrase('{cause}: {days} unit-days', { cause: said, days: number(part) });
    svg.append(draw('rect', bar, draw('title', {}, told)));
    if (wide > 38) {
      const fill = lightness(colour) > 0.44 ? INK : PAPER;
      const place = { x: left + wide / 2, y: top + 13.5, 'font-size': 12, 'text-anchor': 'middle' };
      svg.append(draw('text', { ...place, fill, on: colour }, percent(part / whole)));
    }
    before += part;
  }
}
