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

/** What is shown of a problem; the page and the file have all of it. */
const SHOWN_LENGTH = 600;

/**
 * A problem that several rows have is told once.
 *
 * @param {import('../types.js').Matrix} matrix
 */
function problemLines({ rows }) {
  /** @type {Map<string, string[]>} */
  const groups = new Map();
  for (const { title, problems } of rows) {
    for (const problem of problems) groups.set(problem, [...(groups.get(problem) ?? []), title]);
  }
  return [...groups].map(([problem, titles]) => {
    const text = problem.length > SHOWN_LENGTH ? `${problem.slice(0, SHOWN_LENGTH)}…` : problem;
    return `\n${titles.join(' · ')}\n  ${text}`;
  });
}

/** @param {import('../types.js').Matrix} matrix */
function verdictLine({ rows, passed }) {
  const count = (/** @type {string} */ verdict) => rows.filter((row) => row.verdict === verdict).length;
  const parts = [`${count('passed')} passed`, `${count('failed')} failed`, `${count('missing')} missing`];
  return `\n${passed ? 'conforms' : 'does not conform'}: ${parts.join(', ')}`;
}
