'use strict';
// Means and intervals, as the command line computes them, over sets of replications: samples have one value a set. The
// interval is the hull of Student's t and Hall's (skewness taken out); ratios by the jackknife. Samples are paired, since
// every option at every setting meets the same crises. Where the sets bear no interval its ends are NaN.

const EQUAL = 1e-12;

function mean(values) {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function deviation(values, centre) {
  let sum = 0;
  for (const value of values) sum += (value - centre) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}

/** In how many sets there is another value than the most common one, and that value (NaN where no two are equal). */
function usual(values) {
  const ordered = [...values].sort((one, other) => one - other);
  const near = EQUAL * Math.max(...ordered.map(Math.abs));
  let [most, value, count] = [0, NaN, 0];
  ordered.forEach((each, i) => {
    count = i && each - ordered[i - 1] <= near ? count + 1 : 1;
    if (count > most) [most, value] = [count, each];
  });
  return most === 1 && values.length > 1 ? [values.length, NaN] : [values.length - most, value];
}

/** How many sets of equal weight the spread about the median is worth. */
function effective(values) {
  const ordered = [...values].sort((one, other) => one - other);
  const half = ordered.length / 2;
  const median = (ordered[Math.ceil(half) - 1] + ordered[Math.floor(half)]) / 2;
  const apart = ordered.map((value) => Math.abs(value - median));
  const squares = apart.reduce((sum, value) => sum + value ** 2, 0);
  return squares > 0 ? apart.reduce((sum, value) => sum + value, 0) ** 2 / squares : 0;
}

/** Whether the sets bear an interval: enough of them differ, and enough of those weigh. */
function isBorne(values, told) {
  return values.length >= told.least && usual(values)[0] >= told.least && effective(values) >= DATA.least_effective;
}

function skewness(values, centre) {
  const n = values.length;
  const [second, third] = [2, 3].map((power) => mean(values.map((value) => (value - centre) ** power)));
  return n > 2 && second > 0 ? ((third / second ** 1.5) * Math.sqrt(n * (n - 1))) / (n - 2) : 0;
}

/** The interval of the mean of one value a set; `told`: the quantile of its confidence, and sets that must differ. */
function estimate(values, told = DATA.one, centre = mean(values)) {
  if (!isBorne(values, told)) return { mean: centre, low: NaN, high: NaN };
  const own = mean(values);
  const error = deviation(values, own) / Math.sqrt(values.length);
  const slope = skewness(values, own) / Math.sqrt(values.length);
  const back = (z) => (Math.abs(slope) < 1e-6 ? z : (3 / slope) * (Math.cbrt(1 + slope * (z - slope / 6)) - 1));
  return {
    mean: centre,
    low: centre - error * Math.max(told.t, back(told.t)),
    high: centre - error * Math.min(-told.t, back(-told.t)),
  };
}

/** The difference of two samples, set by set. `same` where it is 0 in every one of them. */
function difference(one, other, told = DATA.one) {
  const apart = one.map((value, i) => value - other[i]);
  return { ...estimate(apart, told), same: apart.every((value) => value === 0) };
}

function isSignificant(found) {
  return found.low > 0 || found.high < 0;
}

function hasInterval(found) {
  return Number.isFinite(found.low + found.high);
}

/** Whether a difference may be anything for all that the sets show: neither is it significant nor is it not. */
function cannotBeSaid(found) {
  return !found.same && !hasInterval(found);
}

/** The ends of an interval in words, " (12 to 15)"; nothing where there is none. */
function ends(found, say = number, reach = fromTo) {
  return hasInterval(found) ? ` (${reach(say(found.low), say(found.high))})` : '';
}

function fromTo(low, high) {
  return phrase('{low} to {high}', { low, high });
}

/** One minus the ratio of sums, with its jackknife interval: coverage from what was unmet and what was required. */
function coverage(unmet, required) {
  const above = mean(unmet) * unmet.length;
  const below = mean(required) * required.length;
  if (below === 0) return { mean: NaN, low: NaN, high: NaN };
  const centre = 1 - above / below;
  const count = unmet.length;
  const pseudo = unmet.map((value, i) => {
    const rest = below - required[i];
    return rest > 1e-9 * below ? count * centre - (count - 1) * (1 - (above - value) / rest) : NaN;
  });
  const [differing, base] = usual(unmet);
  const told = base === 0 && differing < DATA.one.least ? [] : pseudo;
  return estimate(told.some(Number.isNaN) ? [] : told, DATA.one, centre);
}

function unmetOf(option, values) {
  return sample(option, values, 'unmet_unit_days');
}

/** The largest upper end that any option reaches at any setting: scales stand still while controls move. */
function largestUpperEnd(column) {
  const place = COLUMN[column];
  const seen = new Set(DATA.runs.map((found) => found.samples[place]));
  return Math.max(0, ...[...seen].map((array) => upper(unpack(array, DATA.columns[place].scale))));
}

/** The upper end of a mean's interval, or the mean where there is none. */
function upper(values) {
  const found = estimate(values);
  return Number.isFinite(found.high) ? found.high : found.mean;
}
