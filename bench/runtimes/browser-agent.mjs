/**
 * The program of the measuring page: measures the suite that the page's address names and posts each event to the
 * server that served the page.
 *
 * @module
 */
import { runSuite } from '../measure/run-suite.mjs';

const parameters = new URLSearchParams(location.search);
const plan = /** @type {import('../types.js').AgentPlan} */ (JSON.parse(parameters.get('plan') ?? '{}'));

/** Posts are chained, so that events arrive in order. */
let posted = Promise.resolve();

/** @param {import('../types.js').AgentEvent} event */
function report(event) {
  posted = posted.then(async () => {
    await fetch(`/event${location.search}`, { method: 'POST', body: JSON.stringify(event) });
  });
}

/** @returns {import('../types.js').RuntimeDescription} */
function describeRuntime() {
  const version = navigator.userAgent.match(/Chrom\w*\/([\d.]+)/)?.[1];
  return { name: 'Chromium', version: version ?? navigator.userAgent };
}

try {
  report({ type: 'runtime', runtime: describeRuntime() });
  await runSuite(plan, report);
  report({ type: 'done' });
} catch (error) {
  report({ type: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
