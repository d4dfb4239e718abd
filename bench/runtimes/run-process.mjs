/**
 * Runs a measuring process and hands on the events that it writes, for the adapters of Node, Deno and Bun.
 *
 * @module
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The agent's file. */
export const AGENT = fileURLToPath(new URL('./process-agent.mjs', import.meta.url));

/**
 * @param {string} executable
 * @param {readonly string[]} parameters
 * @param {(event: import('../types.js').AgentEvent) => void} onEvent
 * @param {Readonly<Record<string, string>>} [environment] added to this process's
 * @returns {Promise<void>} resolves when the process is done; rejects if it fails
 */
export async function runProcess(executable, parameters, onEvent, environment = {}) {
  const child = spawn(executable, parameters, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    complaints += text;
  });
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  let done = false;
  for await (const line of createInterface({ input: child.stdout })) {
    const event = /** @type {import('../types.js').AgentEvent} */ (JSON.parse(line));
    if (event.type === 'failed') throw new Error(event.message);
    done ||= event.type === 'done';
    onEvent(event);
  }
  const exitCode = await ended;
  if (!done) throw new Error(`the measuring process ended early (exit code ${exitCode}): ${complaints.trim()}`);
}
