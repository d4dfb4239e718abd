// @ts-check
/**
 * Runs a program in a process group of its own, which is ended as a whole: browsers leave children behind otherwise.
 *
 * @module
 */
import { spawn } from 'node:child_process';
import { startWatch } from './watch.mjs';

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
 * @param {{ cwd?: string, env?: Readonly<Record<string, string>>, onOutput?: (text: string) => void }} [settings] `env` is
 *   added to this process's
 * @returns {RunningProgram}
 */
export function startProgram(command, parameters, { cwd, env = {}, onOutput = () => {} } = {}) {
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
    onOutput(text);
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
 * Waits for a program that names on its standard output each check that it has made, and reports at the end, as one line
 * of JSON behind a mark.
 *
 * @param {string} command
 * @param {readonly string[]} parameters
 * @param {{ cwd?: string, env?: Readonly<Record<string, string>> }} [settings]
 * @returns {Promise<import('arborist-mesh/conformance').ConformanceReport>}
 */
export async function reportOf(command, parameters, settings) {
  const watch = startWatch();
  const program = startProgram(command, parameters, { ...settings, onOutput: watch.heard });
  try {
    const { code, stdout, stderr } = await Promise.race([program.ended, watch.silence]);
    const line = /^.*conformance-report (\{.*\})$/m.exec(`${stdout}\n${stderr}`)?.[1];
    if (line === undefined) throw new Error(`no report (exit code ${code}): ${shorten(stderr || stdout)}`);
    return JSON.parse(line);
  } finally {
    watch.stop();
    await program.stop();
  }
}

/** @param {string} text */
function shorten(text) {
  const trimmed = text.trim();
  return trimmed.length > SHOWN_OUTPUT ? `…${trimmed.slice(-SHOWN_OUTPUT)}` : trimmed;
}
