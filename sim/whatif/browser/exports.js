'use strict';
// Taking a chart along: as PNG or SVG on the clipboard (as a file where there is none), and its numbers as CSV.

const SHEET_MARGIN = 16;

function lines(words, width, size, bold = false) {
  const found = [];
  let current = '';
  for (const word of words.split(' ')) {
    const longer = current ? `${current} ${word}` : word;
    if (current && textWidth(longer, size, bold) > width) {
      found.push(current);
      current = word;
    } else current = longer;
  }
  return [...found, current];
}

/** What stands under a chart that travels alone. */
function caption(chart) {
  const { scenario, seed } = DATA;
  const parts = [
    `${scenario.name}.`,
    phraseN('{n:,} replication, seed {seed}.', '{n:,} replications, seed {seed}.', DATA.replications, { seed }),
    scenario.assumed ? phrase('Contains assumed numbers.') : '',
    chart.id === 'map' ? GROUND.note : '',
  ];
  return parts.filter(Boolean).join(' ');
}

/** A whole picture: title, finding, one panel or two side by side, the settings, the caption. Always on white. */
function wholePicture(chart, panels) {
  const width = 720;
  const svg = sheet(width, 10, described(`${chart.title}.`, ...panels.map(({ view }) => chart.finding(view))));
  svg.append(draw('rect', { width: '100%', height: '100%', fill: PAPER }));
  let y = SHEET_MARGIN + 18;
  const write = (words, size, how = {}) => {
    for (const each of lines(words, width - 2 * SHEET_MARGIN, size, how.bold)) {
      svg.append(text(SHEET_MARGIN, y, each, { size, ...how }));
      y += size * 1.35;
    }
  };
  write(chart.title, 18, { bold: true });
  for (const { name, view } of panels) {
    y += 6;
    if (name) write(name, 14, { bold: true });
    write(settingInWords(view.values), 12, { fill: GREY });
    write(chart.finding(view), 13);
    const panel = chart.draw(view, width - 2 * SHEET_MARGIN);
    const tall = Number(panel.getAttribute('height'));
    panel.setAttribute('x', SHEET_MARGIN);
    panel.setAttribute('y', y - 4);
    svg.append(panel);
    y += tall + 14;
  }
  write(caption(chart), 12, { fill: GREY });
  return withHeight(svg, Math.ceil(y + 4));
}

function svgText(svg) {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(svg)}\n`;
}

/** The picture as PNG, at twice its size. */
function png(svg) {
  const [width, height] = ['width', 'height'].map((name) => Number(svg.getAttribute(name)));
  const url = URL.createObjectURL(new Blob([svgText(svg)], { type: 'image/svg+xml' }));
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => {
      const canvas = element('canvas', { width: 2 * width, height: 2 * height });
      const context = canvas.getContext('2d');
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
      URL.revokeObjectURL(url);
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png');
    };
    image.onerror = () => reject(new Error('no picture'));
    image.src = url;
  });
}

function save(blob, name) {
  const url = URL.createObjectURL(blob);
  const anchor = element('a', { href: url, download: name });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Saves a chart under its title, in the page's language; says so. */
function saved(chart, blob, kind) {
  const plain = chart.title.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const file = `${plain.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')}.${kind}`;
  save(blob, file);
  return phrase('{chart}: saved as {file}.', { chart: chart.title, file });
}

async function copyPng(chart, panels) {
  const blob = png(wholePicture(chart, panels));
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]);
    return phrase('{chart}: copied as PNG.', { chart: chart.title });
  } catch (error) {
    return saved(chart, await blob, 'png');
  }
}

async function copySvg(chart, panels) {
  const words = svgText(wholePicture(chart, panels));
  try {
    await navigator.clipboard.writeText(words);
    return phrase('{chart}: copied as SVG.', { chart: chart.title });
  } catch (error) {
    return saved(chart, new Blob([words], { type: 'image/svg+xml' }), 'svg');
  }
}

function saveCsv(chart, panels) {
  return saved(chart, new Blob([csv(chart, panels)], { type: 'text/csv;charset=utf-8' }), 'csv');
}
