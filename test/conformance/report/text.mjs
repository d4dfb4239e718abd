// @ts-check
/**
 * The matrix for a terminal.
 *
 * @module
 */

const MARKS = { passed: '✓', failed: '✗', missing: '–' };

/**
 * @param {import('../types.js').Matrix} matrix
 * @returns {string}
 */
export function drawMatrix(matrix) {
  const header = ['', 'runtime', 'version', 'time', ...matrix.areas];
  const rows = matrix.rows.map((row) => [
    MARKS[row.verdict],
    row.title,
    row.version,
    row.ms === 0 ? '' : `${(row.ms / 1000).toFixed(1)} s`,
    ...matrix.areas.map((area) => cellText(row, area)),
  ]);
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (/** @type {string[]} */ cells) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(header), ...rows.map(line), ...problemLines(matrix), verdictLine(matrix)].join('\n');
}

/**
 * @param {import('../types.js').JudgedRow} row
 * @param {string} area
 * @returns {string}
 */
export function cellText({ cells }, area) {
  const cell = cells.find((candidate) => candidate.area === area);
  return cell === undefined ? '' : `${cell.passed}/${cell.total}`;
}

/** @param {import('../types.js').Matrix} matrix */
function problemLines({ rows }) {
  return rows.flatMap(({ title, problems }) => problems.map((problem) => `\n${title}: ${problem}`));
}

/** @param {import('../types.js').Matrix} matrix */
function verdictLine({ rows, passed }) {
  const count = (/** @type {string} */ verdict) => rows.filter((row) => row.verdict === verdict).length;
  const parts = [`${count('passed')} passed`, `${count('failed')} failed`, `${count('missing')} missing`];
  return `\n${passed ? 'conforms' : 'does not conform'}: ${parts.join(', ')}`;
}
