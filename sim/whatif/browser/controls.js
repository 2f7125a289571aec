'use strict';
// The controls: native ones, so that keyboards, screen readers and fingers know them. They step through the values that
// were computed, and through nothing else.

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, '');
    else if (value !== false && value !== null) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

function nameOf(input, place) {
  const name = input.names[place];
  return input.own === place && !input.says_own ? phrase('{value} (as in the scenario)', { value: name }) : name;
}

/** One control; `set` is called with the place of the value chosen. Returns the element and how to show a value. */
function control(input, i, set) {
  if (input.scale && input.names.length > 2) return slider(input, i, set);
  if (input.names.length <= 5) return radios(input, i, set);
  const names = input.names.map((_, place) => nameOf(input, place));
  return choice(`input-${i}`, input.label, names, note(input, i), set);
}

function note(input, i) {
  const idle = input.idle;
  const matters = DATA.options.map((_, option) => option).filter((option) => !idle.includes(option));
  let effect = '';
  const names = (options) => ({ options: listed(options.map(quoted)) });
  if (!matters.length) effect = phrase('It changes nothing that is measured, under any option.');
  else if (matters.length < idle.length) effect = phrase('Matters only under {options}.', names(matters));
  else if (idle.length) effect = phrase('Changes nothing under {options}.', names(idle));
  return element('p', { class: 'note', id: `note-${i}` }, [input.about, effect].filter(Boolean).join(' '));
}

function slider(input, i, set) {
  const range = element('input', {
    type: 'range',
    id: `input-${i}`,
    min: 0,
    max: input.names.length - 1,
    step: 1,
    'aria-describedby': `note-${i}`,
  });
  const output = element('output', { for: `input-${i}`, id: `value-${i}` });
  range.addEventListener('input', () => set(Number(range.value)));
  const last = element('span', {}, input.names[input.names.length - 1]);
  const ends = element('span', { class: 'ends', 'aria-hidden': 'true' }, input.names[0], last);
  const label = element('label', { for: `input-${i}` }, labelled(input.label, ''), output);
  const show = (place) => {
    range.value = place;
    range.setAttribute('aria-valuetext', nameOf(input, place));
    output.textContent = nameOf(input, place);
  };
  return { root: element('div', { class: 'control' }, label, range, ends, note(input, i)), show };
}

function radios(input, i, set) {
  const dots = input.names.map((_, place) => {
    const dot = element('input', { type: 'radio', name: `input-${i}`, id: `input-${i}-${place}`, value: place });
    dot.addEventListener('change', () => set(place));
    return dot;
  });
  const labels = dots.map((dot, place) =>
    element('label', { for: dot.id }, dot, element('span', {}, nameOf(input, place))),
  );
  const legend = element('legend', {}, input.label);
  const attributes = { class: 'control', 'aria-describedby': `note-${i}` };
  const root = element('fieldset', attributes, legend, ...labels, note(input, i));
  return {
    root,
    show: (place) => {
      dots[place].checked = true;
    },
  };
}

/** A list to choose from, with its label before it and its note after it. */
function choice(id, label, names, note, set) {
  const select = element('select', { id }, ...names.map((name, place) => element('option', { value: place }, name)));
  select.addEventListener('change', () => set(Number(select.value)));
  select.setAttribute('aria-describedby', note.id);
  return {
    root: element('div', { class: 'control' }, element('label', { for: id }, label), select, note),
    show: (place) => {
      select.value = place;
    },
  };
}

/** All controls into the form; returns how to show the state in them. */
function buildControls(form, changed) {
  const built = DATA.inputs.map((input, i) =>
    control(input, i, (place) => {
      state.values = state.values.map((value, other) => (other === i ? place : value));
      changed();
    }),
  );
  const about = element('p', { class: 'note', id: 'detail-about' });
  const labels = DATA.options.map(({ label }) => label);
  const detail = choice('detail', phrase('Option shown in detail'), labels, about, (place) => {
    state.option = place;
    changed();
  });
  form.append(...built.map(({ root }) => root), detail.root);
  form.addEventListener('submit', (event) => event.preventDefault());
  return () => {
    built.forEach(({ show }, i) => show(state.values[i]));
    detail.show(state.option);
    about.textContent = DATA.options[state.option].about;
  };
}
