/**
 * The charts' figures as tables, for those who cannot see the charts or want the numbers.
 *
 * @module
 */
import { formatRatio, formatRatioRange, formatTime } from '../format.mjs';
import { growthHeading } from '../growth.mjs';
import { escapeHtml } from './escape.mjs';

/**
 * @param {readonly string[]} heading
 * @param {readonly (readonly string[])[]} rows the first cell of each is its heading
 */
export function htmlTable(heading, rows) {
  const head = heading.map((cell) => `<th scope="col">${escapeHtml(cell)}</th>`).join('');
  const body = rows.map(([first = '', ...cells]) => {
    const rest = cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('');
    return `<tr><th scope="row">${escapeHtml(first)}</th>${rest}</tr>`;
  });
  return `<table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}

/** @param {import('../../types.js').CaseResult} result */
export function caseTable({ item, contenders }) {
  const rows = contenders.map(({ label, time, ratio, reason, rounds }) =>
    time === undefined || ratio === undefined
      ? [label, `not timed: ${reason ?? ''}`, '', '', '', '']
      : [
          label,
          formatTime(time.median),
          `${formatTime(time.low)} – ${formatTime(time.high)}`,
          formatRatio(ratio.median),
          formatRatioRange(ratio),
          String(rounds?.length ?? 0),
        ],
  );
  return htmlTable(['', `Time per ${item}`, 'Middle half', 'Ratio', 'Middle half', 'Rounds'], rows);
}

/** @param {import('../growth.mjs').Growth} growth */
export function growthTable(growth) {
  const rows = growth.contenders.map(({ label, points }) => [
    label,
    ...points.map((point) =>
      point?.time === undefined || point.ratio === undefined
        ? '–'
        : `${formatTime(point.time.median)} (${formatRatio(point.ratio.median)})`,
    ),
  ]);
  const [times = '', ...sizes] = growthHeading(growth);
  const rounds = ['Rounds', ...growth.rounds.map((count) => String(count ?? '–'))];
  return htmlTable([`Time ${times}`, ...sizes], [...rows, rounds]);
}
