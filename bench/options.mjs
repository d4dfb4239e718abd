/**
 * The command line of the benchmark.
 *
 * @module
 */
import { parseArgs } from 'node:util';

/** What can be selected besides suites: probes that look at whole processes and bundles. */
const PROBES = ['startup', 'memory', 'size'];

/**
 * @typedef {object} Options
 * @property {readonly string[]} selected suites and probes; all of them if none is named
 * @property {import('./types.js').Effort['name']} effort
 * @property {string} runtime
 * @property {boolean} checkTargets
 * @property {boolean} requireTargets
 * @property {boolean} timingLeaks
 * @property {boolean} reference
 * @property {string | undefined} from
 * @property {boolean} help
 */

/**
 * @param {readonly string[]} parameters
 * @returns {Options}
 * @throws Error naming options that do not go together
 */
export function parseOptions(parameters) {
  const { values, positionals } = parseArgs({
    args: [...parameters],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      runtime: { type: 'string', default: 'node' },
      'check-targets': { type: 'boolean', default: false },
      'require-targets': { type: 'boolean', default: false },
      'timing-leaks': { type: 'boolean', default: false },
      reference: { type: 'boolean', default: false },
      from: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  /** @type {Options} */
  const options = {
    selected: positionals,
    effort: values.quick ? 'quick' : 'full',
    runtime: values.runtime,
    checkTargets: values['check-targets'] || values['require-targets'],
    requireTargets: values['require-targets'],
    timingLeaks: values['timing-leaks'],
    reference: values.reference,
    from: values.from,
    help: values.help,
  };
  if (!options.help) requireCombination(options);
  return options;
}

/**
 * Refuses what would be ignored, or would put something less than a whole run in the place of the reference.
 *
 * @param {Options} options
 */
function requireCombination({ timingLeaks, reference, from, effort, runtime, selected, checkTargets }) {
  const partial = effort !== 'full' || runtime !== 'node' || selected.length > 0;
  if (reference && from === undefined && partial) {
    throw new Error('--reference keeps a full run of everything in node: leave out --quick, --runtime and names');
  }
  if (!timingLeaks) return;
  if (runtime !== 'node') throw new Error('--timing-leaks runs in this process only: leave out --runtime');
  if (selected.length > 0) throw new Error(`--timing-leaks has subjects of its own: leave out "${selected.join(' ')}"`);
  if (reference || checkTargets || from !== undefined) {
    throw new Error('--timing-leaks measures no speed: leave out --reference, --check-targets and --from');
  }
}

/**
 * The suites and probes that the words on the command line mean.
 *
 * @param {readonly string[]} words
 * @param {readonly import('./types.js').Suite[]} suites
 * @returns {{ suites: import('./types.js').Suite[], probes: string[] }}
 * @throws Error naming a word that means nothing
 */
export function select(words, suites) {
  if (words.length === 0) return { suites: [...suites], probes: PROBES };
  const wanted = words.map((word) => word.toLowerCase());
  const names = (/** @type {import('./types.js').Suite} */ suite) =>
    [suite.id, ...(suite.aliases ?? [])].map((name) => name.toLowerCase());
  const known = new Set([...PROBES, ...suites.flatMap(names)]);
  const unknown = wanted.find((word) => !known.has(word));
  if (unknown !== undefined) throw new Error(`there is nothing called "${unknown}" to measure; see --help`);
  return {
    suites: suites.filter((suite) => names(suite).some((name) => wanted.includes(name))),
    probes: PROBES.filter((probe) => wanted.includes(probe)),
  };
}

/**
 * @param {readonly import('./types.js').Suite[]} suites
 * @param {readonly import('./types.js').RuntimeAdapter[]} runtimes
 */
export function helpText(suites, runtimes) {
  const list = suites.map((suite) => `  ${suite.id.padEnd(14)} ${suite.title}`).join('\n');
  return `npm run bench -- [options] [what …]

Compares arborist-mesh with its peers. Without "what", everything is measured.

What to measure:
${list}
  ${'jobs'.padEnd(14)} all mission jobs
  ${PROBES.join(', ')}  whole processes and bundles, in Node

Options:
  --quick            a look in less than a minute; the full run takes about twenty minutes
  --runtime NAME     ${runtimes.map(({ name }) => name).join(', ')}
  --check-targets    also say which of the speed targets hold
  --require-targets  the same, and fail if one does not
  --timing-leaks     look for timing that depends on secrets, instead of measuring speed
  --reference        keep this run, which must be a full one of everything in node, as the reference, and write the
                     README's figures from it
  --from FILE        show an earlier results file instead of measuring
  -h, --help         this text
`;
}
