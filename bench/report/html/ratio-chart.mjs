/**
 * The chart of one case: a row per peer, a dot at its ratio with a whisker over the middle half of the rounds, and a line
 * at 1×. To the right of the line arborist-mesh is faster, to the left the peer is.
 *
 * @module
 */
import { formatRatio, formatTime } from '../format.mjs';
import { verdictOf } from '../verdict.mjs';
import { escapeHtml } from './escape.mjs';
import { logScale, logTicks } from './scale.mjs';

const WIDTH = 760;
const PLOT_LEFT = 268;
const PLOT_RIGHT = 596;
const ROW_HEIGHT = 26;
const TOP = 26;

/**
 * @param {import('../../types.js').CaseResult} result
 * @returns {string} an `svg` element
 */
export function renderRatioChart(result) {
  const ours = result.contenders.find(({ id }) => id === 'arborist');
  const peers = result.contenders.filter(({ id, ratio }) => id !== 'arborist' && ratio !== undefined);
  const { from, to } = axisRange(peers);
  const x = logScale(from, to, PLOT_LEFT, PLOT_RIGHT);
  const height = TOP + (peers.length + 1) * ROW_HEIGHT + 8;
  const description = peers
    .map(({ label, ratio }) => `${label} ${ratio === undefined ? '' : formatRatio(ratio.median)}`)
    .join(', ');
  const rows = [
    ours?.time === undefined ? '' : ownRow(ours.label, formatTime(ours.time.median), x(1)),
    ...peers.map((peer, position) => peerRow(peer, TOP + (position + 1.5) * ROW_HEIGHT, x)),
  ];
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeHtml(
    `${result.title}: how many times as fast as each peer. ${description}`,
  )}">
<g class="axis">${logTicks(from, to)
    .map((tick) => tickMark(tick, x(tick), height))
    .join('')}</g>
<line class="even" x1="${x(1)}" x2="${x(1)}" y1="${TOP - 4}" y2="${height - 6}"/>
${rows.join('\n')}
</svg>`;
}

/**
 * Wide enough for all figures and 1×, and never so narrow that noise looks like a difference.
 *
 * @param {readonly import('../../types.js').ContenderResult[]} peers
 */
function axisRange(peers) {
  const values = peers.flatMap(({ ratio }) => (ratio === undefined ? [] : [ratio.low, ratio.high]));
  return { from: Math.min(0.5, ...values) * 0.8, to: Math.max(4, ...values) * 1.25 };
}

/**
 * @param {number} tick
 * @param {number} x
 * @param {number} height
 */
function tickMark(tick, x, height) {
  return `<line x1="${x}" x2="${x}" y1="${TOP - 4}" y2="${height - 6}"/><text x="${x}" y="14" text-anchor="middle">${tick}×</text>`;
}

/**
 * @param {string} label
 * @param {string} time
 * @param {number} x
 */
function ownRow(label, time, x) {
  const y = TOP + ROW_HEIGHT / 2;
  return `<g class="ours"><text x="${PLOT_LEFT - 14}" y="${y + 4}" text-anchor="end">${escapeHtml(label)}</text>
<rect x="${x - 6}" y="${y - 6}" width="12" height="12" rx="2" transform="rotate(45 ${x} ${y})"/>
<text x="${WIDTH - 2}" y="${y + 4}" text-anchor="end">${escapeHtml(time)}</text></g>`;
}

/**
 * @param {import('../../types.js').ContenderResult} peer
 * @param {number} y
 * @param {(value: number) => number} x
 */
function peerRow({ label, time, ratio }, y, x) {
  if (time === undefined || ratio === undefined) return '';
  return `<g class="peer ${verdictOf(ratio) === 'peer' ? 'peer-wins' : ''}"><title>${escapeHtml(
    `${label}: ${formatTime(time.median)}, middle half ${formatTime(time.low)} to ${formatTime(time.high)}`,
  )}</title>
<text x="${PLOT_LEFT - 14}" y="${y + 4}" text-anchor="end">${escapeHtml(label)}</text>
<line class="stem" x1="${x(1)}" x2="${x(ratio.median)}" y1="${y}" y2="${y}"/>
<line class="whisker" x1="${x(ratio.low)}" x2="${x(ratio.high)}" y1="${y}" y2="${y}"/>
<circle cx="${x(ratio.median)}" cy="${y}" r="5.5"/>
<text class="ratio" x="${PLOT_RIGHT + 74}" y="${y + 4}" text-anchor="end">${formatRatio(ratio.median)}</text>
<text class="time" x="${WIDTH - 2}" y="${y + 4}" text-anchor="end">${escapeHtml(formatTime(time.median))}</text></g>`;
}
