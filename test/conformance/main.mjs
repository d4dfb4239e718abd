// @ts-check
/**
 * `npm run conformance`: the suite, from the package as users install it, in every runtime, one after the other.
 *
 * @module
 */
import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ADAPTERS } from './adapters/index.mjs';
import { DATABASE_REFUSED, SIGN_REFUSED } from './agents/refusal-names.mjs';
import { installMissing } from './install-missing.mjs';
import { installPackage } from './installed-package.mjs';
import { judge } from './judge.mjs';
import { HELP, parseOptions, selectAdapters } from './options.mjs';
import { renderPage } from './report/page.mjs';
import { drawMatrix } from './report/text.mjs';

/** @typedef {import('./types.js').Adapter} Adapter */
/** @typedef {import('./types.js').InstalledPackage} InstalledPackage */
/** @typedef {import('./types.js').RowResult} RowResult */

const say = (/** @type {string} */ text) => process.stderr.write(`${text}\n`);

/** @param {Adapter} adapter */
const missing = ({ needs }) => needs.filter(({ present }) => !present()).map(({ install }) => install);

/**
 * @param {Adapter} adapter
 * @param {InstalledPackage} subject
 * @returns {Promise<RowResult>}
 */
async function runRow(adapter, subject) {
  const install = missing(adapter);
  if (install.length > 0) return { adapter, state: 'missing', install };
  const start = performance.now();
  try {
    const report = await adapter.run(subject);
    return { adapter, state: 'ran', report, ms: performance.now() - start };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { adapter, state: 'broken', error: text, ms: performance.now() - start };
  }
}

/**
 * What the suites consist of, as the installed package has it.
 *
 * @param {InstalledPackage} subject
 * @returns {Promise<import('./types.js').Listings>}
 */
async function listSuites({ folder }) {
  const { listChecks } = await import(
    pathToFileURL(join(folder, 'node_modules/arborist-mesh/dist/conformance/index.js')).href
  );
  return { conformance: listChecks(), refusal: [{ name: 'refusal', checks: [SIGN_REFUSED, DATABASE_REFUSED] }] };
}

/** @param {import('./types.js').RunnerOptions} options */
async function main(options) {
  const adapters = options.only.length === 0 ? ADAPTERS : selectAdapters(options.only, ADAPTERS);
  const required = selectAdapters(options.require, ADAPTERS).map(({ id }) => id);
  if (options.install) installMissing(adapters.flatMap(({ needs }) => needs));
  const subject = installPackage(options.tarball);
  try {
    /** @type {RowResult[]} */
    const results = [];
    for (const adapter of adapters) {
      const result = await runRow(adapter, subject);
      say(`${adapter.title}: ${result.state === 'missing' ? 'missing' : `${(result.ms / 1000).toFixed(1)} s`}`);
      results.push(result);
    }
    const verdict = judge(results, await listSuites(subject), required);
    const matrix = { package: `arborist-mesh ${subject.version}`, date: new Date().toISOString(), ...verdict };
    console.log(drawMatrix(matrix));
    if (options.json !== null) {
      const reports = results.flatMap((row) => (row.state === 'ran' ? [{ id: row.adapter.id, ...row.report }] : []));
      writeFileSync(options.json, `${JSON.stringify({ ...matrix, reports }, null, 2)}\n`);
    }
    if (options.html !== null) writeFileSync(options.html, renderPage(matrix));
    if (!matrix.passed) process.exitCode = 1;
  } finally {
    rmSync(dirname(subject.folder), { recursive: true, force: true });
  }
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) console.log(HELP);
  else await main(options);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
