/**
 * The program that runs in the measured process of Node, Deno and Bun: measures the suite of its one argument (a plan as
 * JSON) and writes each event as a line of JSON.
 *
 * @module
 */
import { argv, stdout, versions } from 'node:process';
import { runSuite } from '../measure/run-suite.mjs';
import { SUITES } from '../suites/registry.mjs';
import { lostShare, takeReading } from './disturbance.mjs';

/** @param {import('../types.js').AgentEvent} event */
function report(event) {
  stdout.write(`${JSON.stringify(event)}\n`);
}

/** @returns {import('../types.js').RuntimeDescription} */
function describeRuntime() {
  if (versions.bun !== undefined) return { name: 'Bun', version: versions.bun };
  if (versions.deno !== undefined) return { name: 'Deno', version: versions.deno };
  return { name: 'Node', version: versions.node };
}

try {
  report({ type: 'runtime', runtime: describeRuntime() });
  const plan = /** @type {import('../types.js').AgentPlan} */ (JSON.parse(argv[2] ?? '{}'));
  const waits = SUITES.find(({ id }) => id === plan.suite)?.waits === true;
  const before = takeReading();
  await runSuite(plan, report);
  const lost = lostShare(before, takeReading(), waits);
  report({ type: 'done', ...(lost === undefined ? {} : { lostShare: lost }) });
} catch (error) {
  report({ type: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
