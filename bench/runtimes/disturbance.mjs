/**
 * How much of a measurement other work took: the share of its time in which the measuring process wanted a processor and had
 * none. For Node, Deno and Bun; a page of a browser cannot know.
 *
 * Linux counts how long a thread stood in the queue for a processor (`/proc/self/schedstat`, of the main thread, which does
 * the measuring). A thread that waits for a child process or for the disk is in no queue, and the engine's helper threads
 * have counts of their own. What the host of a virtual machine takes is in no queue either, since the guest believes that it
 * runs: that is the column "steal" of `/proc/stat`, for all processors together.
 *
 * Without that file there is only the processor time of the process, helper threads included, over the time that passed. It
 * says nothing where a suite waits for others by itself.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { cpuUsage } from 'node:process';

/** Share of the time that an undisturbed process leaves its processor idle by itself, for timers, files and its output. */
const OWN_PAUSES = 0.1;
/** Columns of the first line of `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, steal. */
const IDLE_COLUMNS = [3, 4];
const STEAL_COLUMN = 7;

/**
 * @typedef {object} Reading
 * @property {number} clockMs
 * @property {number} processorMs processor time of the whole process
 * @property {number | undefined} queuedMs what the main thread has waited for a processor
 * @property {{ stolen: number, wanted: number } | undefined} machine all processors' time that the host took, and what they
 *   wanted of it, in the same unit
 */

/**
 * What the counters say now.
 *
 * @param {(file: string) => string | undefined} [read]
 * @returns {Reading}
 */
export function takeReading(read = readIfThere) {
  const { user, system } = cpuUsage();
  return {
    clockMs: performance.now(),
    processorMs: (user + system) / 1_000,
    queuedMs: queuedTime(read('/proc/self/schedstat')),
    machine: machineTime(read('/proc/stat')),
  };
}

/**
 * @param {Reading} before
 * @param {Reading} after
 * @param {boolean} waits whether the work in between waits for other processes or for the disk
 * @returns {number | undefined} from 0 to 1; `undefined` where nothing can be said
 */
export function lostShare(before, after, waits) {
  const withoutProcessor = queuedShare(before, after) ?? (waits ? undefined : unusedShare(before, after));
  if (withoutProcessor === undefined) return undefined;
  return 1 - (1 - withoutProcessor) * (1 - stolenShare(before, after));
}

/**
 * @param {Reading} before
 * @param {Reading} after
 */
function queuedShare(before, after) {
  if (before.queuedMs === undefined || after.queuedMs === undefined) return undefined;
  return share(after.queuedMs - before.queuedMs, after.clockMs - before.clockMs);
}

/**
 * @param {Reading} before
 * @param {Reading} after
 */
function unusedShare(before, after) {
  const elapsed = after.clockMs - before.clockMs;
  const unused = elapsed - (after.processorMs - before.processorMs);
  return share(unused - OWN_PAUSES * elapsed, elapsed);
}

/**
 * @param {Reading} before
 * @param {Reading} after
 */
function stolenShare({ machine: before }, { machine: after }) {
  if (before === undefined || after === undefined) return 0;
  return share(after.stolen - before.stolen, after.wanted - before.wanted);
}

/**
 * @param {number} part
 * @param {number} whole
 */
function share(part, whole) {
  return whole > 0 ? Math.min(1, Math.max(0, part / whole)) : 0;
}

/**
 * @param {string | undefined} schedstat nanoseconds run, nanoseconds queued, number of times that it ran
 * @returns {number | undefined} milliseconds
 */
function queuedTime(schedstat) {
  const [, queued, times] = schedstat?.trim().split(/\s+/).map(Number) ?? [];
  // A kernel that does not count has three zeros there.
  return queued === undefined || times === undefined || !(times > 0) ? undefined : queued / 1e6;
}

/**
 * @param {string | undefined} stat
 * @returns {Reading['machine']}
 */
function machineTime(stat) {
  const line = stat?.split('\n').find((text) => text.startsWith('cpu '));
  // The columns after "steal" are part of the first two.
  const columns =
    line
      ?.trim()
      .split(/\s+/)
      .slice(1, STEAL_COLUMN + 2)
      .map(Number) ?? [];
  const stolen = columns[STEAL_COLUMN];
  if (stolen === undefined) return undefined;
  const wanted = columns.reduce((sum, time, column) => (IDLE_COLUMNS.includes(column) ? sum : sum + time), 0);
  return { stolen, wanted };
}

/** @param {string} file */
function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // another system, or one that does not let this process read it
  }
}
