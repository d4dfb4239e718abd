/**
 * Results files: every figure of a run with what it was measured on.
 *
 * @module
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';

const FOLDER = new URL('../results/', import.meta.url);
/** The run behind the README's figures; the only one that is kept in the repository. */
const REFERENCE_FILE = new URL('reference.json', FOLDER);
const PEER_PACKAGES = new URL('../package.json', import.meta.url);
const OWN_PACKAGE = new URL('../../package.json', import.meta.url);

/** @returns {import('../types.js').Results['machine']} */
export function describeMachine() {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    cores: cpus().length,
    memoryBytes: totalmem(),
    system: `${type()} ${release()}`,
  };
}

/** The versions of the library and of every peer that comes from npm. */
export function describeVersions() {
  const { version } = JSON.parse(readFileSync(OWN_PACKAGE, 'utf8'));
  const { dependencies } = JSON.parse(readFileSync(PEER_PACKAGES, 'utf8'));
  return /** @type {Record<string, string>} */ ({ ...dependencies, 'arborist-mesh': version });
}

/**
 * @param {import('../types.js').Results} results
 * @param {string} html the same as a page
 * @returns {{ json: string, html: string }} where they were written
 */
export function writeResults(results, html) {
  mkdirSync(FOLDER, { recursive: true });
  const moment = results.date.replace(/[:.]/g, '-');
  const name = `${moment}-${results.runtime.name.toLowerCase()}-${results.effort}`;
  const jsonFile = new URL(`${name}.json`, FOLDER);
  const htmlFile = new URL(`${name}.html`, FOLDER);
  writeFileSync(jsonFile, serialize(results));
  writeFileSync(htmlFile, html);
  return { json: fileURLToPath(jsonFile), html: fileURLToPath(htmlFile) };
}

/**
 * Writes the page of earlier results beside their file, which stays as it is: only a measurement makes a results file.
 *
 * @param {string} file a results file
 * @param {string} html
 * @returns {string} where the page was written
 */
export function writePageBeside(file, html) {
  const page = `${file.replace(/\.json$/, '')}.html`;
  writeFileSync(page, html);
  return page;
}

/** @param {import('../types.js').Results} results */
export function writeReference(results) {
  writeFileSync(REFERENCE_FILE, serialize(results));
}

/**
 * @param {string | URL} file
 * @returns {import('../types.js').Results}
 */
export function readResults(file) {
  const results = JSON.parse(readFileSync(file, 'utf8'));
  if (results.format !== 1) throw new Error(`${file} is not a results file of this version of the benchmark`);
  // Older files tell the processor's use instead, which was low as well where a suite waited for the disk.
  return { ...results, lostShare: results.lostShare ?? null };
}

/**
 * Requires what a reference must be: a full run, in Node, of everything that there is.
 *
 * @param {import('../types.js').Results} results
 * @param {readonly import('../types.js').Suite[]} suites all of them
 * @throws Error naming what is amiss
 */
export function requireWholeRun({ effort, runtime, cases, startUp, sizes, memory }, suites) {
  const refuse = (/** @type {string} */ reason) => {
    throw new Error(`no reference can be made of these results: ${reason}`);
  };
  if (effort !== 'full') refuse(`they are of a ${effort} run`);
  if (runtime.name !== 'Node') refuse(`they are of ${runtime.name}, not of Node`);
  const absent = suites.find(({ id }) => !cases.some(({ suite }) => suite === id));
  if (absent !== undefined) refuse(`"${absent.id}" was not measured`);
  if ([startUp, sizes, memory].some((probe) => probe.length === 0))
    refuse('start-up, size or memory were not measured');
}

/**
 * Two levels of line breaks: readable differences between versions, without a line per round.
 *
 * @param {import('../types.js').Results} results
 */
function serialize(results) {
  const fields = Object.entries(results).map(([name, value]) => {
    const text = Array.isArray(value)
      ? `[${value.map((entry) => `\n    ${JSON.stringify(entry)}`).join(',')}\n  ]`
      : JSON.stringify(value);
    return `  ${JSON.stringify(name)}: ${text}`;
  });
  return `{\n${fields.join(',\n')}\n}\n`;
}
