/**
 * The chart of a mission job: time per member or message against their number, both logarithmic. A flat line is a job
 * whose cost grows in step with its size. The same for other work whose size is not counted in items.
 *
 * @module
 */
import { formatTime } from '../format.mjs';
import { sizeName } from '../growth.mjs';
import { escapeHtml } from './escape.mjs';
import { logScale, logTicks } from './scale.mjs';

const WIDTH = 760;
const HEIGHT = 320;
const LEFT = 76;
const RIGHT = 490;
const TOP = 16;
const BOTTOM = 276;
/** Room between the names at the ends of the lines. */
const LABEL_HEIGHT = 17;

/** @typedef {{ id: string, label: string, points: { x: number, y: number, ns: number }[] }} Line */

/**
 * @param {import('../growth.mjs').Growth} growth
 * @returns {string} an `svg` element
 */
export function renderGrowthChart(growth) {
  const times = growth.contenders.flatMap(({ points }) =>
    points.flatMap((point) => (point?.time === undefined ? [] : [point.time.median])),
  );
  const from = Math.min(...times) / 1.5;
  const to = Math.max(...times) * 1.5;
  const x = logScale(growth.sizes[0] ?? 1, growth.sizes.at(-1) ?? 1, LEFT + 12, RIGHT - 12);
  const y = logScale(from, to, BOTTOM, TOP);
  const lines = linesOf(growth, x, y);
  const labels = spreadLabels(lines.map(({ points }) => points.at(-1)?.y ?? TOP));
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(describe(growth))}">
<g class="axis">${logTicks(from, to)
    .map(
      (tick) =>
        `<line x1="${LEFT}" x2="${RIGHT}" y1="${y(tick)}" y2="${y(tick)}"/><text x="${LEFT - 8}" y="${y(tick) + 4}" text-anchor="end">${escapeHtml(formatTime(tick))}</text>`,
    )
    .join('')}
${growth.sizes.map((size) => `<text x="${x(size)}" y="${BOTTOM + 20}" text-anchor="middle">${size.toLocaleString('en')}</text>`).join('')}
<text x="${(LEFT + RIGHT) / 2}" y="${BOTTOM + 38}" text-anchor="middle">${escapeHtml(growth.sizeUnit ?? `${growth.item}s`)}</text></g>
${lines.map((line, position) => renderLine(line, position, labels[position] ?? 0)).join('\n')}
</svg>`;
}

/**
 * @param {import('../growth.mjs').Growth} growth
 * @param {(value: number) => number} x
 * @param {(value: number) => number} y
 * @returns {Line[]}
 */
function linesOf(growth, x, y) {
  return growth.contenders
    .map(({ id, label, points }) => ({
      id,
      label,
      points: points.flatMap((point, position) => {
        const ns = point?.time?.median;
        return ns === undefined ? [] : [{ x: x(growth.sizes[position] ?? 1), y: y(ns), ns }];
      }),
    }))
    .filter(({ points }) => points.length > 0);
}

/**
 * @param {Line} line
 * @param {number} position
 * @param {number} labelY
 */
function renderLine({ id, label, points }, position, labelY) {
  const last = points.at(-1);
  if (last === undefined) return '';
  const path = points
    .map((point, index) => `${index === 0 ? 'M' : 'L'}${point.x.toFixed(1)} ${point.y.toFixed(1)}`)
    .join('');
  const dots = points
    .map(
      ({ x, y, ns }) =>
        `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="4"><title>${escapeHtml(`${label}: ${formatTime(ns)}`)}</title></circle>`,
    )
    .join('');
  return `<g class="line series-${position % 6} ${id === 'arborist' ? 'ours' : 'peer'}"><path d="${path}"/>${dots}
<path class="leader" d="M${last.x + 6} ${last.y.toFixed(1)}L${RIGHT + 10} ${labelY.toFixed(1)}"/>
<text x="${RIGHT + 14}" y="${(labelY + 4).toFixed(1)}">${escapeHtml(label)}</text></g>`;
}

/**
 * Moves labels apart that would overlap, keeping their order.
 *
 * @param {readonly number[]} wanted their y coordinates
 * @returns {number[]}
 */
export function spreadLabels(wanted) {
  const order = wanted.map((_, index) => index).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  const placed = [...wanted];
  let lowest = Number.NEGATIVE_INFINITY;
  for (const index of order) {
    lowest = Math.max(wanted[index] ?? 0, lowest + LABEL_HEIGHT);
    placed[index] = lowest;
  }
  const overflow = Math.max(0, lowest - BOTTOM);
  return placed.map((y) => y - overflow);
}

/** @param {import('../growth.mjs').Growth} growth */
function describe({ title, item, sizes, sizeUnit, contenders }) {
  const lines = contenders.map(({ label, points }) => {
    const figures = points.flatMap((point, position) =>
      point?.time === undefined
        ? []
        : [`${formatTime(point.time.median)} at ${sizeName(sizes[position] ?? 0, sizeUnit)}`],
    );
    return `${label} ${figures.join(', ')}`;
  });
  return `${title}: time per ${item}. ${lines.join('; ')}`;
}
