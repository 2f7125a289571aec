'use strict';
// The page: builds the controls and one figure a chart, and draws everything anew whenever something is set.

const PRICES = PRICED.length ? [costChart] : []; // where nobody says what anything costs, nothing is drawn of it
const CHARTS = [unmetChart, causesChart, ...PRICES, mapChart, timelineChart, ganttChart];
const PRINTED = { whole: 660, half: 316 };
const LEAST_FOR_TWO = 640;
const SAID_AFTER = 400;

const at = (id) => document.getElementById(id);
const SHOWN_FOR = 4000;
let printing = false;
let saying = 0;
let showing = 0;

/** Says something to screen readers, once the control has come to rest. */
function say(words, later = SAID_AFTER) {
  clearTimeout(saying);
  saying = setTimeout(() => {
    at('said').textContent = words;
  }, later);
}

/** Confirms what a button did: in view above the page, so that nothing moves, and to screen readers at once. */
function announce(words) {
  say(words, 0);
  clearTimeout(showing);
  at('done').textContent = words;
  at('done').hidden = false;
  showing = setTimeout(() => {
    at('done').hidden = true;
  }, SHOWN_FOR);
}

function view(values) {
  return { values, option: state.option, story: state.story };
}

/** What is drawn: the setting, with the pinned one before it where there is one. */
function panels() {
  const now = { name: '', view: view(state.values) };
  if (!state.pinned) return [now];
  return [
    { name: phrase('Pinned'), view: view(state.pinned) },
    { ...now, name: phrase('Now') },
  ];
}

function baseline() {
  return state.pinned || DATA.start;
}

function baselineInWords() {
  return state.pinned ? phrase('the pinned setting') : startInWords();
}

function showFinding() {
  const apart = !isSame(state.values, baseline());
  const first = optionsInWords(state.values);
  const second = apart ? changeInWords(state.option, state.values, baseline(), baselineInWords()) : '';
  at('finding').textContent = first;
  at('change').textContent = second || phrase('This is {setting}.', { setting: baselineInWords() });
  at('setting').textContent = settingInWords(state.values);
  at('glance').textContent = glance();
  say(`${first} ${second}`);
}

/** The shortest answer, that stays in view on a phone. */
function glance() {
  const unmet = unmetOf(state.option, state.values);
  const found = difference(unmet, unmetOf(state.option, baseline()));
  const slots = { option: quoted(state.option), level: number(mean(unmet)), size: differenceInWords(found).size };
  if (isSame(state.values, baseline())) return phrase('{option}: {level} unit-days unmet', slots);
  if (found.same) return phrase('{option}: {level} unit-days unmet, as before', slots);
  if (!hasInterval(found)) return phrase('{option}: {level} unit-days unmet (change cannot be told)', slots);
  if (!isSignificant(found)) return phrase('{option}: {level} unit-days unmet (no significant change)', slots);
  return found.mean < 0
    ? phrase('{option}: {level} unit-days unmet ({size} fewer)', slots)
    : phrase('{option}: {level} unit-days unmet ({size} more)', slots);
}

/** What the setting changes against the pinned one (or the scenario's own), option by option. */
function showChanges() {
  const table = at('changes');
  const apart = !isSame(state.values, baseline());
  table.hidden = !apart;
  if (!apart) return;
  at('change-of-cost').hidden = !PRICED.length;
  const slots = { setting: baselineInWords(), values: settingInWords(baseline(), state.values) };
  table.caption.textContent = phrase('Change from {setting} ({values}), each with the same crises and luck', slots);
  const rows = DATA.options.map((option, place) => {
    const unmet = difference(unmetOf(place, state.values), unmetOf(place, baseline()));
    const cost = difference(costOf(place, state.values), costOf(place, baseline()));
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, option.label),
      ...changeCells(unmet, number),
      ...(!PRICED.length ? [] : option.counted ? changeCells(cost, money) : [element('td', {}, phrase('not counted'))]),
    );
  });
  table.tBodies[0].replaceChildren(...rows);
}

function changeCells(found, said) {
  const reach = found.same ? '' : ends(found, (end) => said(end, { sign: true }));
  const centre = found.same ? phrase('the same') : said(found.mean, { sign: true });
  const unsure = cannotBeSaid(found) ? phrase('cannot be told') : phrase('not significant');
  const verdict = found.same || isSignificant(found) ? '' : unsure;
  const sure = !found.same && isSignificant(found);
  return [element('td', {}, element(sure ? 'b' : 'span', {}, centre), reach, ' ', element('i', {}, verdict))];
}

function figure(chart) {
  const button = (words, act) => {
    const made = element('button', { type: 'button', 'aria-label': labelled(words, chart.title) }, words);
    made.addEventListener('click', async () => announce(await act(chart, panels())));
    return made;
  };
  const [png, svg] = [button(phrase('Copy PNG'), copyPng), button(phrase('Copy SVG'), copySvg)];
  const tools = element('p', { class: 'tools' }, png, svg, button(phrase('Numbers (CSV)'), saveCsv));
  const drawing = element('div', { class: 'panels' });
  const table = element('table');
  const details = element(
    'details',
    {},
    element('summary', {}, phrase('Show the numbers')),
    element('div', { class: 'wide', tabindex: 0, role: 'region', 'aria-label': labelled(phrase('Numbers'), chart.title) }, table),
  );
  details.addEventListener('toggle', () => showTable(chart, details, table));
  const more = chart === ganttChart ? [storyButtons()] : [];
  const noted = { map: GROUND.land.length ? GROUND.note : '', causes: DATA.plain }[chart.id];
  const notes = noted ? [element('p', { class: 'note' }, noted)] : [];
  const says = element('p', { class: 'says' });
  const heading = element('figcaption', {}, element('h3', {}, chart.title), says);
  const attributes = { id: chart.id, class: chart.isWide ? 'whole' : 'half' };
  const root = element('figure', attributes, heading, ...more, drawing, ...notes, details, tools);
  return { chart, root, drawing, details, table, says };
}

function storyButtons() {
  const step = (by) => () => {
    state.story = (state.story + by + DATA.stories.length) % DATA.stories.length;
    changed();
  };
  const before = element('button', { type: 'button', id: 'story-before' }, phrase('Previous replication'));
  const next = element('button', { type: 'button', id: 'story-next' }, phrase('Next replication'));
  before.addEventListener('click', step(-1));
  next.addEventListener('click', step(1));
  return element('p', { class: 'tools stories' }, before, next, element('span', { id: 'story-said' }));
}

function showTable(chart, details, table) {
  if (!details.open) return;
  const all = panels();
  const { head } = chart.table(all[0].view);
  const named = all.length > 1;
  const row = (kind, cells) =>
    element('tr', {}, ...cells.map((cell) => element(kind, kind === 'th' ? { scope: 'col' } : {}, cellInWords(cell))));
  const rows = all.flatMap(({ name, view: each }) =>
    chart.table(each).rows.map((cells) => row('td', named ? [name, ...cells] : cells)),
  );
  table.replaceChildren(
    element('thead', {}, row('th', (named ? ['setting', ...head] : head).map((each) => HEADS[each]))),
    element('tbody', {}, ...rows),
  );
}

function showFigure({ chart, drawing, details, table, says }, space) {
  const all = panels();
  says.textContent = all.length > 1 ? '' : chart.finding(all[0].view);
  const printed = chart.isWide || all.length > 1 ? PRINTED.whole : PRINTED.half;
  const room = printing ? printed : space || 320;
  // On paper two tall pictures side by side could not be broken between pages, and would be printed over the next.
  const beside = all.length > 1 && room >= LEAST_FOR_TWO && !(printing && chart.isWide);
  const width = Math.floor(beside ? (room - 24) / 2 : room);
  drawing.classList.toggle('beside', beside);
  drawing.replaceChildren(
    ...all.map(({ name, view: each }, i) => {
      const panel = element('div', { class: 'panel' });
      if (name) panel.append(...panelHead(name, each, all[1 - i].view, chart));
      panel.append(chart.draw(each, width));
      return panel;
    }),
  );
  showTable(chart, details, table);
}

function panelHead(name, shown, other, chart) {
  const setting = ` · ${settingInWords(shown.values, other.values)}`;
  const title = element('p', { class: 'panel-name' }, element('b', {}, name), setting);
  return [title, element('p', { class: 'says' }, chart.finding(shown))];
}

let figures = [];
let showControls = () => {};

function showAll() {
  showControls();
  showFinding();
  showChanges();
  at('charts').classList.toggle('pinned', state.pinned !== null);
  const spaces = figures.map(({ drawing }) => drawing.clientWidth); // all at once, or the browser lays out after each
  figures.forEach((each, i) => showFigure(each, spaces[i]));
  at('pin').textContent = state.pinned ? phrase('Unpin') : phrase('Pin this setting');
  const slots = { number: DATA.stories[state.story], place: state.story + 1, all: DATA.stories.length };
  at('story-said').textContent = phrase('Replication {number}: {place} of {all}, the most typical first', slots);
}

function changed() {
  putIntoAddress();
  showAll();
}

function buildButtons() {
  at('pin').addEventListener('click', () => {
    state.pinned = state.pinned ? null : [...state.values];
    changed();
    announce(
      state.pinned ? phrase('Pinned. Change a control to compare with this setting.') : phrase('Unpinned.'),
    );
  });
  at('reset').addEventListener('click', () => {
    state.values = [...DATA.start];
    changed();
  });
  at('link').addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(link());
      at('linked').textContent = '';
      announce(phrase('Link copied.'));
    } catch (error) {
      at('linked').textContent = link();
      say(phrase('The link is shown below the buttons.'), 0);
    }
  });
}

function start() {
  restore(window.location.hash);
  showControls = buildControls(at('controls'), changed);
  buildButtons();
  figures = CHARTS.map(figure);
  at('charts').append(...figures.map(({ root }) => root));
  showAll();
  at('working').hidden = true;
  window.addEventListener('hashchange', () => {
    if (restore(window.location.hash)) showAll();
  });
  window.addEventListener('beforeprint', () => {
    printing = true;
    showAll();
  });
  window.addEventListener('afterprint', () => {
    printing = false;
    showAll();
  });
  let width = at('charts').clientWidth;
  new ResizeObserver(() => {
    if (printing || at('charts').clientWidth === width) return;
    width = at('charts').clientWidth;
    showAll();
  }).observe(at('charts'));
}

start();
