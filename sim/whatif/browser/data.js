'use strict';
// What the page carries, unpacked as it is needed. Nothing here is ever taken for markup: text goes into textContent.

const DATA = JSON.parse(document.getElementById('data').textContent);
const COLUMN = Object.fromEntries(DATA.columns.map((column, place) => [column.name, place]));
const LEVEL = ['requirement', 'present', 'borrowed', 'shortfall'];

const unpackedArrays = new Map();

/** Numbers kept as base64 of 16-bit multiples of a scale; the same array for the same question. */
function unpack(place, scale) {
  let found = unpackedArrays.get(place);
  if (!found) {
    const bytes = atob(DATA.arrays[place]);
    found = new Float64Array(bytes.length / 2);
    for (let i = 0; i < found.length; i += 1) {
      found[i] = (bytes.charCodeAt(2 * i) + 256 * bytes.charCodeAt(2 * i + 1)) * scale;
    }
    unpackedArrays.set(place, found);
  }
  return found;
}

/** The place of a setting (one place per input) in the grid: the last input runs fastest. */
function settingIndex(values) {
  return DATA.inputs.reduce((place, input, i) => place * input.names.length + values[i], 0);
}

/** What one option gave at one setting. */
function run(option, values) {
  return DATA.runs[DATA.settings[option][settingIndex(values)]];
}

/** A measure of one option at one setting, by replication. */
function sample(option, values, column) {
  const place = COLUMN[column];
  return unpack(run(option, values).samples[place], DATA.columns[place].scale);
}

/** Mean, tenth and nine tenths of one level over the days shown; null where the cell was never of interest. */
function fan(found, cell, level) {
  const places = found.timelines[cell];
  if (!places) return null;
  const first = 3 * LEVEL.indexOf(level);
  const [mean, low, high] = places.slice(first, first + 3).map((place) => unpack(place, DATA.unit));
  return { mean, low, high };
}

/** Crises and lots of one of the replications kept whole. */
function story(option, values, number) {
  const [crises, lots, [requested, arrived, wait, paper]] = run(option, values).stories[number];
  return {
    requested,
    arrived,
    wait,
    paper,
    crises: crises.map((place) => {
      const [name, mission, from, to] = DATA.occurrences[place];
      return { name: DATA.crises[name], mission: DATA.missions[mission], from: from / 10, to: to / 10 };
    }),
    lots: lots.map((place) => lot(DATA.lots[place])),
  };
}

function lot([lender, borrower, resource, contributor, units, ended, window, requested, ...spans]) {
  const steps = [];
  for (let i = 0; i < spans.length; i += 3) {
    steps.push({ step: spans[i], from: spans[i + 1] / 10, to: spans[i + 2] / 10 });
  }
  return {
    lender: DATA.missions[lender],
    borrower: DATA.missions[borrower],
    resource,
    contributor: DATA.contributors[contributor],
    units,
    why: ended < 0 ? '' : DATA.endings[ended].name,
    ended: ended < 0 ? '' : DATA.endings[ended].said,
    window: window < 0 ? null : window / 10,
    requested: requested / 10,
    steps,
  };
}
