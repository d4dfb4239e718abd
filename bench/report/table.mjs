/**
 * The results as plain text for a terminal or a log.
 *
 * @module
 */
import { formatBytes, formatRatio, formatRatioRange, formatTime } from './format.mjs';
import { growthHeading, growthOf, roundsOf } from './growth.mjs';
import { BUSY_WARNING, disturbanceText, isBusy, peerWins, verdictOf } from './verdict.mjs';

/**
 * Lines up columns: the first to the left, the others to the right.
 *
 * @param {readonly (readonly string[])[]} rows
 * @returns {string}
 */
export function alignColumns(rows) {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `  ${line}`)
    .join('\n');
}

/**
 * One case: a line per contender with its time and how many times faster arborist-mesh is.
 *
 * @param {import('../types.js').CaseResult} result
 * @returns {string}
 */
function renderCase(result) {
  const rows = result.contenders.flatMap(({ id, label, time, ratio }) => {
    if (time === undefined || ratio === undefined) return [];
    const figures = [label, formatTime(time.median), `${formatTime(time.low)} – ${formatTime(time.high)}`];
    return [
      id === 'arborist' ? figures : [...figures, formatRatio(ratio.median), formatRatioRange(ratio), remark(ratio)],
    ];
  });
  const notTimed = result.contenders
    .filter(({ status }) => status !== 'measured')
    .map(
      ({ label, status, reason }) =>
        `  ${label}: ${status === 'wrong' ? 'WRONG RESULT' : 'not here'}, ${firstLine(reason)}\n`,
    );
  const heading = ['', `per ${result.item}`, 'middle half', 'ratio', 'middle half', ''];
  return `${result.title}, ${roundsOf(result) ?? 0} rounds\n${alignColumns([heading, ...rows])}\n${notTimed.join('')}`;
}

/**
 * A job at its sizes: time per member or message, and the ratio, side by side, and how many rounds they rest on.
 *
 * @param {import('./growth.mjs').Growth} growth
 * @returns {string}
 */
function renderGrowth(growth) {
  const rows = growth.contenders.map(({ id, label, points }) => [
    label,
    ...points.map((point) => {
      if (point?.time === undefined || point.ratio === undefined) return '–';
      const time = formatTime(point.time.median);
      return id === 'arborist' ? time : `${time} (${formatRatio(point.ratio.median)})`;
    }),
  ]);
  const note = growth.note === undefined ? '' : wrap(growth.note);
  const rounds = ['rounds', ...growth.rounds.map((count) => String(count ?? '–'))];
  return `${growth.title}\n${alignColumns([growthHeading(growth), ...rows, rounds])}\n${note}`;
}

/**
 * The whole report.
 *
 * @param {import('../types.js').Results} results
 * @returns {string}
 */
export function renderReport(results) {
  const parts = [
    ...results.cases.filter(({ size }) => size === undefined).map(renderCase),
    ...growthOf(results.cases).map(renderGrowth),
    ...renderProbes(results),
    renderPeerWins(results),
  ];
  const { runtime, machine } = results;
  return [
    `${runtime.name} ${runtime.version} on ${machine.processor} (${machine.cores} cores), ${results.effort} run; ${disturbanceText(results)}`,
    'Ratio: how many times as fast as the peer arborist-mesh is. Below 1× the peer is faster.',
    ...(isBusy(results) ? [BUSY_WARNING] : []),
    '',
    ...parts,
  ].join('\n');
}

/**
 * @param {import('../types.js').Results} results
 * @returns {string[]}
 */
function renderProbes({ startUp, sizes, memory }) {
  const parts = [];
  if (startUp.length > 0) {
    const rows = startUp.map(({ label, importMs, firstCallMs, totalMs }) => [
      label,
      formatTime(importMs.median * 1e6),
      formatTime(firstCallMs.median * 1e6),
      formatTime(totalMs.median * 1e6),
    ]);
    parts.push(`Start-up in a fresh process\n${alignColumns([['', 'import', 'first x25519', 'together'], ...rows])}\n`);
  }
  if (sizes.length > 0) {
    const rows = sizes.map(({ label, minifiedBytes, gzipBytes }) => [
      label,
      formatBytes(minifiedBytes),
      formatBytes(gzipBytes),
    ]);
    parts.push(
      `Bundle size: X25519, Ed25519 and ChaCha20-Poly1305\n${alignColumns([['', 'minified', 'min + gzip'], ...rows])}\n`,
    );
  }
  if (memory.length > 0) {
    const rows = memory.map(({ label, residentBytes, heapBytes }) => [
      label,
      formatBytes(residentBytes.median),
      formatBytes(heapBytes.median),
    ]);
    parts.push(
      `Memory of a fresh process, above an empty one\n${alignColumns([['', 'resident', 'JS heap'], ...rows])}\n`,
    );
  }
  return parts;
}

/** @param {import('../types.js').Results} results */
function renderPeerWins({ cases }) {
  const wins = peerWins(cases);
  if (wins.length === 0) return 'No peer is faster in any of these.\n';
  const rows = wins.map(({ title, label, ratio }) => [title, label, `${formatRatio(1 / ratio)} as fast`]);
  return `Where a peer wins\n${alignColumns(rows)}\n`;
}

/**
 * Text in lines of at most a hundred characters, indented like a table.
 *
 * @param {string} text
 */
function wrap(text) {
  return text.replace(/(.{1,98})(\s+|$)/g, '  $1\n');
}

/** @param {import('../types.js').Spread} ratio */
function remark(ratio) {
  return { ours: '', even: 'even', peer: 'peer wins' }[verdictOf(ratio)];
}

/** @param {string | undefined} reason */
function firstLine(reason = '') {
  const line = reason.split('\n')[0] ?? '';
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
