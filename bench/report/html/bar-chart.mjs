/**
 * Plain bars for figures that have no ratio: start-up, size, memory.
 *
 * @module
 */
import { escapeHtml } from './escape.mjs';

const WIDTH = 760;
const LEFT = 268;
const RIGHT = 650;
const ROW_HEIGHT = 26;

/**
 * @param {string} title
 * @param {readonly { id: string, label: string, value: number, text: string }[]} bars values of 0 and above
 * @returns {string} an `svg` element
 */
export function renderBarChart(title, bars) {
  const largest = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  const rows = bars.map(({ id, label, value, text }, position) => {
    const y = position * ROW_HEIGHT + 4;
    const width = Math.max(2, ((RIGHT - LEFT) * value) / largest);
    return `<g class="bar ${id === 'arborist' ? 'ours' : 'peer'}"><text x="${LEFT - 14}" y="${y + 14}" text-anchor="end">${escapeHtml(label)}</text>
<rect x="${LEFT}" y="${y + 2}" width="${width.toFixed(1)}" height="16" rx="3"/>
<text class="time" x="${(LEFT + width + 8).toFixed(1)}" y="${y + 14}">${escapeHtml(text)}</text></g>`;
  });
  const description = bars.map(({ label, text }) => `${label} ${text}`).join(', ');
  return `<svg viewBox="0 0 ${WIDTH} ${bars.length * ROW_HEIGHT + 8}" role="img" aria-label="${escapeHtml(
    `${title}: ${description}`,
  )}">\n${rows.join('\n')}\n</svg>`;
}
