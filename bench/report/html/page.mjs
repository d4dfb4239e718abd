/**
 * The results as one page that needs nothing else: no script, no font, no network.
 *
 * @module
 */
import { formatBytes, formatRatio, formatTime } from '../format.mjs';
import { growthOf, isMissionJob, roundsOf, sizeName } from '../growth.mjs';
import { BUSY_WARNING, disturbanceText, isBusy, peerWins, verdictOf } from '../verdict.mjs';
import { renderBarChart } from './bar-chart.mjs';
import { escapeHtml } from './escape.mjs';
import { renderGrowthChart } from './growth-chart.mjs';
import { renderRatioChart } from './ratio-chart.mjs';
import { STYLE } from './style.mjs';
import { caseTable, growthTable, htmlTable } from './tables.mjs';

/** Cases whose ratio to libsodium.js stands at the top of the page. */
const HEADLINES = ['x25519', 'sign', 'verify', 'verifyBatch-1024', 'aeadEncrypt-1024', 'hpkeSealMany-1000'];

/** @typedef {{ id: string, title: string, body: string }} Section */

/**
 * @param {import('../../types.js').Results} results
 * @returns {string} a whole HTML document
 */
export function renderPage(results) {
  const sections = [...operationSections(results), ...jobSections(results), ...probeSections(results)];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>arborist-mesh: benchmark</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<h1>How fast is arborist-mesh?</h1>
${facts(results)}
${isBusy(results) ? `<p class="warning">${escapeHtml(BUSY_WARNING)}</p>` : ''}
<p>Every peer does the same work on the same inputs in one process, in turns; results are compared before anything is
timed. A dot shows how many times as fast arborist-mesh is: right of the dashed line it is faster, <strong>left of it the
peer wins</strong>. The bar behind a dot spans the middle half of the rounds. Copies, allocation and the import of raw
keys count for everyone.</p>
${headlines(results)}
<nav aria-label="Sections"><ul>${sections.map(({ id, title }) => `<li><a href="#${id}">${escapeHtml(title)}</a></li>`).join('')}</ul></nav>
</header>
${winsSection(results)}
${sections.map(({ id, title, body }) => `<section id="${id}"><h2>${escapeHtml(title)}</h2>\n${body}</section>`).join('\n')}
${footer(results)}
</main>
</body>
</html>
`;
}

/** @param {import('../../types.js').Results} results */
function facts(results) {
  const { runtime, machine, date, effort } = results;
  const memory = `${Math.round(machine.memoryBytes / 2 ** 30)} GiB`;
  const text = `${runtime.name} ${runtime.version} · ${machine.processor}, ${machine.cores} cores, ${memory} · ${machine.system} · ${date.slice(0, 16).replace('T', ' ')} UTC · ${effort} run · ${disturbanceText(results)}`;
  return `<p class="facts">${escapeHtml(text)}</p>`;
}

/** @param {import('../../types.js').Results} results */
function headlines({ cases }) {
  const tiles = HEADLINES.flatMap((id) => {
    const result = cases.find((candidate) => candidate.id === id);
    const ratio = result?.contenders.find((contender) => contender.id === 'libsodium')?.ratio;
    if (result === undefined || ratio === undefined) return [];
    const side = verdictOf(ratio) === 'peer' ? ' peer' : '';
    return [
      `<div class="tile${side}"><strong>${formatRatio(ratio.median)}</strong><span>libsodium.js<br>${escapeHtml(result.title)}</span></div>`,
    ];
  });
  return tiles.length === 0 ? '' : `<div class="tiles">${tiles.join('')}</div>`;
}

/** @param {import('../../types.js').Results} results */
function winsSection({ cases }) {
  const wins = peerWins(cases);
  const body =
    wins.length === 0
      ? '<p>No peer is faster in any of these.</p>'
      : `<figure class="wins">${htmlTable(['Operation', 'Peer, and how fast arborist-mesh is beside it'], winRows(wins))}</figure>`;
  return `<section id="wins"><h2>Where a peer wins</h2>\n${body}</section>`;
}

/**
 * One row for each operation, with every peer that wins there.
 *
 * @param {ReturnType<typeof peerWins>} wins
 */
function winRows(wins) {
  return [...new Set(wins.map(({ title }) => title))].map((title) => {
    const peers = wins.filter((win) => win.title === title);
    return [title, peers.map(({ label, ratio }) => `${label} ${formatRatio(ratio)}`).join(' · ')];
  });
}

/**
 * A section for each suite that is no mission job.
 *
 * @param {import('../../types.js').Results} results
 * @returns {Section[]}
 */
function operationSections({ cases }) {
  const operations = cases.filter((result) => !isMissionJob(result));
  return [...new Set(operations.map(({ suite }) => suite))].map((suite) => {
    const own = operations.filter((result) => result.suite === suite);
    const figures = [
      ...own.filter(({ size }) => size === undefined).map(caseFigure),
      ...growthOf(own).map(growthFigure),
    ];
    return { id: suite, title: own[0]?.suiteTitle ?? suite, body: figures.join('\n') };
  });
}

/**
 * @param {import('../../types.js').Results} results
 * @returns {Section[]}
 */
function jobSections({ cases }) {
  const jobs = growthOf(cases.filter(isMissionJob));
  if (jobs.length === 0) return [];
  return [{ id: 'jobs', title: 'Mission jobs', body: jobs.map(growthFigure).join('\n') }];
}

/** @param {import('../../types.js').CaseResult} result */
function caseFigure(result) {
  const note = `${result.note ?? ''} ${roundsOf(result) ?? 0} rounds.`.trim();
  return figure(result.title, note, renderRatioChart(result), caseTable(result));
}

/** @param {import('../growth.mjs').Growth} growth */
function growthFigure(growth) {
  const rounds = growth.sizes.map((size, at) => `${growth.rounds[at] ?? 0} at ${sizeName(size, growth.sizeUnit)}`);
  const note = `${growth.note ?? ''} Rounds: ${rounds.join(', ')}.`.trim();
  return figure(growth.title, note, renderGrowthChart(growth), growthTable(growth));
}

/**
 * @param {import('../../types.js').Results} results
 * @returns {Section[]}
 */
function probeSections({ startUp, sizes, memory }) {
  const charts = [
    {
      title: 'Start-up: import and first x25519',
      note: 'In a fresh Node process.',
      bars: startUp.map(({ id, label, totalMs }) => ({
        id,
        label,
        value: totalMs.median,
        text: formatTime(totalMs.median * 1e6),
      })),
    },
    {
      title: 'Bundle size, minified and gzipped',
      note: 'X25519, Ed25519 and ChaCha20-Poly1305; for arborist-mesh all of arborist-mesh/crypto.',
      bars: sizes.map(({ id, label, gzipBytes }) => ({ id, label, value: gzipBytes, text: formatBytes(gzipBytes) })),
    },
    {
      title: 'Memory after one call of each kind',
      note: 'Resident set of a fresh Node process, above that of an empty one.',
      bars: memory.map(({ id, label, residentBytes }) => ({
        id,
        label,
        value: Math.max(0, residentBytes.median),
        text: formatBytes(residentBytes.median),
      })),
    },
  ].filter(({ bars }) => bars.length > 0);
  if (charts.length === 0) return [];
  const body = charts.map(({ title, note, bars }) => {
    const rows = bars.map(({ label, text }) => [label, text]);
    return figure(title, note, renderBarChart(title, bars), htmlTable(['', ''], rows));
  });
  return [{ id: 'footprint', title: 'Start-up, size, memory', body: body.join('\n') }];
}

/**
 * @param {string} title
 * @param {string} note
 * @param {string} chart
 * @param {string} table the same figures as a table
 */
function figure(title, note, chart, table) {
  return `<figure><figcaption><h3>${escapeHtml(title)}</h3><p>${escapeHtml(note)}</p></figcaption>
<div class="scroll">${chart}</div>
<details><summary>Figures</summary><div class="scroll">${table}</div></details></figure>`;
}

/** @param {import('../../types.js').Results} results */
function footer({ versions, missing }) {
  const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const absent = missing.map(({ peer, reason }) => `<p>Not available here: ${escapeHtml(`${peer} (${reason})`)}</p>`);
  return `<footer><h2>What was compared</h2><p class="muted">${escapeHtml(list.join(' · '))}</p>${absent.join('')}</footer>`;
}
