'use strict';
// What is set, and the link that brings it back: #s=0.1.2&o=1&r=0&p=0.1.1 says the setting, the option shown in detail,
// the replication, and the pinned setting, all as places in lists.

const state = {
  values: [...DATA.start],
  option: DATA.featured,
  story: 0,
  pinned: null,
};

function fragment() {
  const pinned = state.pinned ? `&p=${state.pinned.join('.')}` : '';
  return `s=${state.values.join('.')}&o=${state.option}&r=${state.story}${pinned}`;
}

/** Takes over what a link says, as far as it can be understood; whether it said anything. */
function restore(hash) {
  const said = new URLSearchParams(hash.slice(1));
  const values = parseSetting(said.get('s'));
  if (!values) return false;
  state.values = values;
  state.option = parseIndex(said.get('o'), DATA.options.length, DATA.featured);
  state.story = parseIndex(said.get('r'), DATA.stories.length, 0);
  state.pinned = parseSetting(said.get('p'));
  return true;
}

/** The places of a setting; null where the text is not one. */
function parseSetting(said) {
  const parts = (said || '').split('.');
  if (parts.length !== DATA.inputs.length) return null;
  const places = parts.map((part, i) => parseIndex(part, DATA.inputs[i].names.length, -1));
  return places.includes(-1) ? null : places;
}

function parseIndex(said, count, otherwise) {
  const place = /^\d{1,4}$/.test(said || '') ? Number(said) : count;
  return place < count ? place : otherwise;
}

function isSame(one, other) {
  return one.every((value, i) => value === other[i]);
}

/** Puts the state into the address, without a step in the history for each. */
function putIntoAddress() {
  try {
    window.history.replaceState(null, '', `#${fragment()}`);
  } catch (error) {
    window.location.replace(`#${fragment()}`); // some browsers refuse it for files
  }
}

function link() {
  return `${window.location.href.split('#')[0]}#${fragment()}`;
}
