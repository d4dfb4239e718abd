/**
 * Runs the selected suites and probes one after the other and gathers what they report.
 *
 * @module
 */
import { probeBundleSizes } from './probes/bundle-size.mjs';
import { probeFreshProcesses } from './probes/fresh-process.mjs';
import { createProgressLine } from './report/progress.mjs';
import { describeMachine, describeVersions } from './report/results-file.mjs';

/**
 * @param {import('./types.js').RuntimeAdapter} runtime
 * @param {{ suites: readonly import('./types.js').Suite[], probes: readonly string[] }} selection
 * @param {import('./types.js').Effort['name']} effort
 * @returns {Promise<import('./types.js').Results>}
 */
export async function measureAll(runtime, { suites, probes }, effort) {
  await runtime.prepare();
  const progress = createProgressLine(process.stderr);
  const steps = suites.length + (probes.length > 0 ? 1 : 0);
  /** @type {import('./types.js').CaseResult[]} */
  const cases = [];
  /** @type {Map<string, string>} */
  const missing = new Map();
  /** @type {number[]} */
  const lostShares = [];
  let description = { name: runtime.name, version: 'unknown' };

  for (const [done, suite] of suites.entries()) {
    progress.show(done / steps, `${suite.title}: getting ready`);
    await runtime.run({ suite: suite.id, effort }, (event) => {
      if (event.type === 'runtime') description = event.runtime;
      if (event.type === 'done' && event.lostShare !== undefined) lostShares.push(event.lostShare);
      if (event.type === 'missing-peer') missing.set(event.peer, event.reason);
      if (event.type === 'case') cases.push(event.result);
      if (event.type === 'progress') progress.show((done + event.done / event.of) / steps, event.title);
    });
  }
  const probed = await runProbes(probes, effort, (fraction) =>
    progress.show((suites.length + fraction) / steps, 'start-up, memory and size'),
  );
  progress.clear();
  return {
    format: 1,
    date: new Date().toISOString(),
    effort,
    machine: describeMachine(),
    runtime: description,
    lostShare: lostShares.length === 0 ? null : Math.max(...lostShares),
    versions: describeVersions(),
    missing: [...missing].map(([peer, reason]) => ({ peer, reason })),
    cases,
    ...probed,
  };
}

/**
 * @param {readonly string[]} probes
 * @param {import('./types.js').Effort['name']} effort
 * @param {(fraction: number) => void} onProgress
 * @returns {Promise<Pick<import('./types.js').Results, 'startUp' | 'memory' | 'sizes'>>}
 */
async function runProbes(probes, effort, onProgress) {
  const sizes = probes.includes('size') ? await probeBundleSizes() : [];
  if (!probes.includes('startup') && !probes.includes('memory')) return { startUp: [], memory: [], sizes };
  const { startUp, memory } = await probeFreshProcesses(effort, onProgress);
  return {
    startUp: probes.includes('startup') ? startUp : [],
    memory: probes.includes('memory') ? memory : [],
    sizes,
  };
}
