/**
 * Shows results in every form there is: the table on standard output, the files in `bench/results/`, and on request the
 * targets and the README's section.
 *
 * @module
 */
import { renderPage } from './html/page.mjs';
import { updateReadme } from './readme.mjs';
import { writePageBeside, writeReference, writeResults } from './results-file.mjs';
import { renderReport } from './table.mjs';
import { compareWithTargets, renderTargets } from './targets.mjs';

/**
 * @param {import('../types.js').Results} results
 * @param {{ checkTargets: boolean, requireTargets: boolean, reference: boolean, from: string | undefined }} options
 * @returns {number} the exit code
 */
export function presentResults(results, options) {
  const html = renderPage(results);
  const files =
    options.from === undefined
      ? writeResults(results, html)
      : { json: options.from, html: writePageBeside(options.from, html) };
  process.stdout.write(`${renderReport(results)}\n`);
  process.stdout.write(`figures  ${files.json}\npage     ${files.html}\n`);
  if (options.reference) {
    writeReference(results);
    process.stdout.write(
      updateReadme(results) ? 'the README has new figures\n' : 'the README has no place for figures\n',
    );
  }
  const wrong = results.cases.some(({ contenders }) => contenders.some(({ status }) => status === 'wrong'));
  if (wrong) process.stderr.write('a peer gave a wrong result; see above\n');
  if (!options.checkTargets) return wrong ? 1 : 0;
  const comparisons = compareWithTargets(results.cases);
  process.stdout.write(`\n${renderTargets(comparisons)}`);
  return wrong || (options.requireTargets && comparisons.some(({ holds }) => !holds)) ? 1 : 0;
}
