// @ts-check
/**
 * The matrix as a page of its own: no other file, light and dark.
 *
 * @module
 */
import { cellText } from './text.mjs';

const STYLE = `
:root { color-scheme: light dark; --good: light-dark(#116329, #7ee787); --bad: light-dark(#a40e26, #ff7b72);
  --line: light-dark(#d0d7de, #30363d); --quiet: light-dark(#59636e, #9198a1); }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 96rem; margin: 2rem auto; padding: 0 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .6rem; text-align: left; white-space: nowrap; }
td.count, td.time { font-variant-numeric: tabular-nums; }
.passed { color: var(--good); } .failed { color: var(--bad); } .missing, .quiet { color: var(--quiet); }
pre { white-space: pre-wrap; border-left: 3px solid var(--bad); padding-left: .8rem; }
code { font-size: .85em; }
`;
const MARKS = { passed: '✓', failed: '✗', missing: '–' };

/** @param {string} text */
function escapeHtml(text) {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * @param {import('../types.js').Matrix} matrix
 * @returns {string}
 */
export function renderPage(matrix) {
  const { areas, rows, passed } = matrix;
  const verdict = passed ? 'passed' : 'failed';
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Conformance of ${escapeHtml(matrix.package)}</title><style>${STYLE}</style></head>
<body>
<h1>Conformance of ${escapeHtml(matrix.package)}</h1>
<p class="${verdict}">${MARKS[verdict]} ${passed ? 'Conforms in every runtime that was tried.' : 'Does not conform.'}</p>
<p class="quiet">${escapeHtml(matrix.date)}. Checks that passed, of all checks of the area. What a check makes from fixed seeds must be the
same bytes in every runtime.</p>
<div class="wide"><table>
<thead><tr><th></th><th>Runtime</th><th>Version</th><th>Time</th>${areas.map((area) => `<th>${escapeHtml(area)}</th>`).join('')}</tr></thead>
<tbody>
${rows.map((row) => renderRow(row, areas)).join('\n')}
</tbody>
</table></div>
${rows.map(renderProblems).join('')}
${renderDigests(matrix)}
</body>
</html>
`;
}

/**
 * @param {import('../types.js').JudgedRow} row
 * @param {readonly string[]} areas
 */
function renderRow(row, areas) {
  const cells = areas.map((area) => {
    const cell = row.cells.find((candidate) => candidate.area === area);
    const state = cell === undefined ? 'missing' : cell.passed === cell.total ? 'passed' : 'failed';
    return `<td class="count ${state}">${cellText(row, area)}</td>`;
  });
  const time = row.ms === 0 ? '' : `${(row.ms / 1000).toFixed(1)} s`;
  return `<tr><td class="${row.verdict}">${MARKS[row.verdict]}</td><td>${escapeHtml(row.title)}</td><td>${escapeHtml(row.version)}</td><td class="time">${time}</td>${cells.join('')}</tr>`;
}

/** @param {import('../types.js').JudgedRow} row */
function renderProblems({ title, verdict, problems }) {
  if (problems.length === 0) return '';
  const items = problems.map((problem) => `<pre>${escapeHtml(problem)}</pre>`).join('');
  return `<h2 class="${verdict}">${escapeHtml(title)}</h2>${items}`;
}

/** @param {import('../types.js').Matrix} matrix */
function renderDigests({ areas, rows }) {
  const items = areas.flatMap((area) => {
    const digest = rows.flatMap(({ cells }) => cells).find((cell) => cell.area === area && cell.digest !== '')?.digest;
    return digest === undefined ? [] : [`<li>${escapeHtml(area)}: <code>${digest}</code></li>`];
  });
  return `<h2>Digests</h2><ul>${items.join('')}</ul>`;
}
