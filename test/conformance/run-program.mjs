// @ts-check
/**
 * Runs a program in a process group of its own, which is ended as a whole: browsers leave children behind otherwise.
 *
 * @module
 */
import { spawn } from 'node:child_process';

/** A runtime that says nothing for this long is stuck. */
const TIME_LIMIT_MS = 90_000;

/** How much of what a program wrote is shown where it failed. */
const SHOWN_OUTPUT = 2_000;

/**
 * @typedef {object} RunningProgram
 * @property {Promise<{ code: number | null, stdout: string, stderr: string }>} ended rejects if it cannot be started
 * @property {() => Promise<void>} stop ends the whole group, if it still runs
 */

/**
 * @param {string} command
 * @param {readonly string[]} parameters
 * @param {{ cwd?: string, env?: Readonly<Record<string, string>> }} [settings] `env` is added to this process's
 * @returns {RunningProgram}
 */
export function startProgram(command, parameters, { cwd, env = {} } = {}) {
  const child = spawn(command, parameters, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  // Whoever stops it may not be waiting for its end.
  ended.catch(() => {});
  return { ended, stop: () => stopGroup(child.pid, ended) };
}

/**
 * @param {number | undefined} group
 * @param {Promise<unknown>} ended
 */
async function stopGroup(group, ended) {
  if (group === undefined) return;
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
  await ended.catch(() => {});
}

/**
 * Waits for a program that reports on its standard output, as one line of JSON behind a mark.
 *
 * @param {string} command
 * @param {readonly string[]} parameters
 * @param {{ cwd?: string, env?: Readonly<Record<string, string>> }} [settings]
 * @returns {Promise<import('arborist-mesh/conformance').ConformanceReport>}
 */
export async function reportOf(command, parameters, settings) {
  const program = startProgram(command, parameters, settings);
  try {
    const { code, stdout, stderr } = await withinTime(program.ended);
    const line = /^.*conformance-report (\{.*\})$/m.exec(`${stdout}\n${stderr}`)?.[1];
    if (line === undefined) throw new Error(`no report (exit code ${code}): ${shorten(stderr || stdout)}`);
    return JSON.parse(line);
  } finally {
    await program.stop();
  }
}

/**
 * @template T
 * @param {Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withinTime(work) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const tooLong = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no report within ${TIME_LIMIT_MS / 1000} s`)), TIME_LIMIT_MS);
  });
  try {
    return /** @type {T} */ (await Promise.race([work, tooLong]));
  } finally {
    clearTimeout(timer);
  }
}

/** @param {string} text */
function shorten(text) {
  const trimmed = text.trim();
  return trimmed.length > SHOWN_OUTPUT ? `…${trimmed.slice(-SHOWN_OUTPUT)}` : trimmed;
}
