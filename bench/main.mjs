/**
 * `npm run bench`: measures, prints a table, and leaves a results file and a page in `bench/results/`.
 *
 * @module
 */
import { installPackages } from './install.mjs';
import { helpText, parseOptions, select } from './options.mjs';

const HERE = new URL('./', import.meta.url);

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error) => {
  if (!('code' in error) || error.code !== 'EPIPE') throw error;
});

const options = parseOptions(process.argv.slice(2));
// Everything below may import the peers, which have to be there first.
await installPackages(HERE);
const { RUNTIMES } = await import('./runtimes/registry.mjs');
const { SUITES } = await import('./suites/registry.mjs');

if (options.help) {
  process.stdout.write(helpText(SUITES, RUNTIMES));
} else if (options.timingLeaks) {
  const { runTimingLeaks } = await import('./leaks/run.mjs');
  process.exitCode = await runTimingLeaks(options.effort);
} else {
  const { presentResults } = await import('./report/present.mjs');
  const { readResults, requireWholeRun } = await import('./report/results-file.mjs');
  const { measureAll } = await import('./measure-all.mjs');
  const runtime = RUNTIMES.find(({ name }) => name === options.runtime);
  if (runtime === undefined) throw new Error(`there is no runtime "${options.runtime}"; see --help`);
  const results =
    options.from === undefined
      ? await measureAll(runtime, select(options.selected, SUITES), options.effort)
      : readResults(options.from);
  if (options.from !== undefined && options.reference) requireWholeRun(results, SUITES);
  process.exitCode = presentResults(results, options);
}
