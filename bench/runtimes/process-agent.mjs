/**
 * The program that runs in the measured process of Node, Deno and Bun: measures the suite of its one argument (a plan as
 * JSON) and writes each event as a line of JSON.
 *
 * @module
 */
import { argv, cpuUsage, stdout, versions } from 'node:process';
import { runSuite } from '../measure/run-suite.mjs';

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

/** Processor time, of this process alone, in milliseconds. */
function processorMs() {
  const { user, system } = cpuUsage();
  return (user + system) / 1_000;
}

try {
  report({ type: 'runtime', runtime: describeRuntime() });
  const start = { processor: processorMs(), clock: performance.now() };
  await runSuite(JSON.parse(argv[2] ?? '{}'), report);
  const processorShare = (processorMs() - start.processor) / (performance.now() - start.clock);
  report({ type: 'done', processorShare });
} catch (error) {
  report({ type: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
