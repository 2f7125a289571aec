'use strict';
// The numbers behind a chart: a file has the same words in any language, the page says them in its own.

const HEADS = {
  setting: phrase('Setting'),
  option: phrase('Option'),
  unmet_unit_days: phrase('Unmet, unit-days'),
  unmet_low: phrase('Unmet, lower end'),
  unmet_high: phrase('Unmet, upper end'),
  low: phrase('Lower end'),
  high: phrase('Upper end'),
  coverage: phrase('Covered'),
  coverage_low: phrase('Covered, lower end'),
  coverage_high: phrase('Covered, upper end'),
  difference: phrase('Difference from the reference'),
  difference_low: phrase('Difference, lower end'),
  difference_high: phrase('Difference, upper end'),
  significant: phrase('Significant'),
  cause: phrase('Cause'),
  unit_days_unmet: phrase('Unmet, unit-days'),
  cost_usd: phrase('Cost, US dollars'),
  cost_low: phrase('Cost, lower end'),
  cost_high: phrase('Cost, upper end'),
  lender: phrase('Lender'),
  borrower: phrase('Borrower'),
  resource: phrase('Resource'),
  unit_days_lent: phrase('Lent, unit-days'),
  mission: phrase('Mission'),
  day: phrase('Day'),
  date: phrase('Date'),
  requirement_mean: phrase('Required, mean'),
  requirement_p10: phrase('Required, 10 %'),
  requirement_p90: phrase('Required, 90 %'),
  present_mean: phrase('Present, mean'),
  present_p10: phrase('Present, 10 %'),
  present_p90: phrase('Present, 90 %'),
  borrowed_mean: phrase('Borrowed, mean'),
  borrowed_p10: phrase('Borrowed, 10 %'),
  borrowed_p90: phrase('Borrowed, 90 %'),
  shortfall_mean: phrase('Missing, mean'),
  shortfall_p10: phrase('Missing, 10 %'),
  shortfall_p90: phrase('Missing, 90 %'),
  replication: phrase('Replication'),
  from: phrase('From'),
  to: phrase('To'),
  contributor: phrase('Contributor'),
  units: phrase('Units'),
  step: phrase('Step'),
  first_day: phrase('First day'),
  last_day: phrase('Last day'),
  first_date: phrase('First date'),
  last_date: phrase('Last date'),
  why_ended: phrase('Why it ended'),
};

/** A cell whose word is ours, not the scenario's: `key` goes into a file, `said` is read on the page. */
function worded({ name, said }) {
  return { key: name, said };
}

function yesOrNo(holds) {
  return holds ? { key: 'yes', said: phrase('yes') } : { key: 'no', said: phrase('no') };
}

function notCounted() {
  return { key: 'not counted', said: phrase('not counted') };
}

function dated(day) {
  return { key: isoDate(day), said: date(day) };
}

/** The mean and the ends of its interval; nothing where they are not defined. */
function numbers(found, places) {
  return [found.mean, found.low, found.high].map((value) => (Number.isFinite(value) ? +value.toFixed(places) : ''));
}

/** A cell as the page says it. */
function cellInWords(cell) {
  if (typeof cell === 'number') return EXACT.format(cell).replace('-', '−');
  return typeof cell === 'object' ? cell.said : cell;
}

/** A cell as a file has it: text that a spreadsheet would take for a formula is marked as text. */
function csvCell(cell) {
  const value = typeof cell === 'object' ? cell.key : cell;
  const plain = String(value).replace(/[\u2068\u2069]/g, ''); // directions are for reading, not for data
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(plain) ? `'${plain}` : plain;
  return /[",\n\r]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/** The numbers behind a chart, each row with the setting that it belongs to. */
function csv(chart, panels) {
  const { head } = chart.table(panels[0].view);
  const rows = [[...DATA.inputs.map(({ label }) => label), ...head]];
  for (const { view } of panels) {
    const setting = DATA.inputs.map((input, i) => input.names[view.values[i]]);
    for (const row of chart.table(view).rows) rows.push([...setting, ...row]);
  }
  return `\uFEFF${rows.map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`;
}
