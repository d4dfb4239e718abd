// @ts-check
/**
 * How pages and workers report: they post to the server that they come from.
 *
 * @module
 */

/** @param {() => Promise<unknown>} work */
export async function postReport(work) {
  let outcome;
  try {
    outcome = { report: await work() };
  } catch (error) {
    outcome = { error: error instanceof Error ? (error.stack ?? String(error)) : String(error) };
  }
  await fetch('/report', { method: 'POST', body: JSON.stringify(outcome) });
}

/**
 * Tells of a check that was made. Nobody waits for the answer.
 *
 * @param {string} area
 * @param {{ name: string }} check
 */
export function postProgress(area, { name }) {
  fetch('/progress', { method: 'POST', body: `${area}: ${name}` }).catch(() => {});
}
