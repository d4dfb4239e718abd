// @ts-check
/**
 * The command line of `npm run conformance`.
 *
 * @module
 */
import { parseArgs } from 'node:util';

export const HELP = `npm run conformance -- [OPTIONS]

Packs the library, installs the tarball in a clean folder, and runs the conformance suite from there in every runtime
that this machine has, one after the other. Exit code 1 if anything fails.

  --only ID,…      these rows only; a runtime's name stands for all its rows: --only deno,firefox
  --require ID,…   fail where one of these is missing; 'all' for every row
  --install        install what is missing first (npm packages; browsers by apt-get, as root)
  --tarball FILE   examine this tarball instead of packing one
  --json FILE      write the matrix and every report
  --html FILE      write the matrix as a page
  --help           this text
`;

/**
 * @param {readonly string[]} parameters
 * @returns {import('./types.js').RunnerOptions}
 */
export function parseOptions(parameters) {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      only: { type: 'string' },
      require: { type: 'string' },
      install: { type: 'boolean', default: false },
      tarball: { type: 'string' },
      json: { type: 'string' },
      html: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    only: listOf(values.only),
    require: listOf(values.require),
    install: values.install === true,
    tarball: values.tarball ?? null,
    json: values.json ?? null,
    html: values.html ?? null,
    help: values.help === true,
  };
}

/** @param {string | undefined} text */
function listOf(text) {
  return (text ?? '').split(',').filter((part) => part !== '');
}

/**
 * The rows that a list of ids means: an id, or the part of it before the first hyphen, or `all`.
 *
 * @param {readonly string[]} names
 * @param {readonly import('./types.js').Adapter[]} adapters
 * @returns {import('./types.js').Adapter[]}
 * @throws Error naming what is no row
 */
export function selectAdapters(names, adapters) {
  const matches = (/** @type {string} */ name, /** @type {string} */ id) =>
    name === 'all' || id === name || id.startsWith(`${name}-`);
  const unknown = names.filter((name) => !adapters.some(({ id }) => matches(name, id)));
  if (unknown.length > 0) {
    throw new Error(`no such runtime: ${unknown.join(', ')}; there are ${adapters.map(({ id }) => id).join(', ')}`);
  }
  return adapters.filter(({ id }) => names.some((name) => matches(name, id)));
}
