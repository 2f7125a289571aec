'use strict';
// Means and intervals, as the command line computes them: Student's t for means, the jackknife for ratios. Samples are
// paired by replication, since every option at every setting meets the same crises.

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

/** The interval of a mean; `t` is the quantile of its confidence. */
function estimate(values, t = DATA.t) {
  const centre = mean(values);
  const half = (t * deviation(values, centre)) / Math.sqrt(values.length);
  return { mean: centre, low: centre - half, high: centre + half };
}

/** The difference of two samples, replication by replication. `same` where it is 0 in every one of them. */
function difference(one, other, t = DATA.t) {
  const apart = one.map((value, i) => value - other[i]);
  return { ...estimate(apart, t), same: apart.every((value) => value === 0) };
}

function isSignificant(found) {
  return found.low > 0 || found.high < 0;
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
  return { ...estimate(pseudo), mean: centre, ...jackknifeEnds(centre, pseudo) };
}

function jackknifeEnds(centre, pseudo) {
  const half = (DATA.t * deviation(pseudo, mean(pseudo))) / Math.sqrt(pseudo.length);
  return { low: centre - half, high: centre + half };
}

function unmetOf(option, values) {
  return sample(option, values, 'unmet_unit_days');
}

/** The largest upper end that any option reaches at any setting: scales stand still while controls move. */
function largestUpperEnd(column) {
  const place = COLUMN[column];
  const seen = new Set(DATA.runs.map((found) => found.samples[place]));
  return Math.max(0, ...[...seen].map((array) => estimate(unpack(array, DATA.columns[place].scale)).high));
}
