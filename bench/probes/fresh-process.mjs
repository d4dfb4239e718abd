/**
 * Start-up and memory: each subject in fresh Node processes, interleaved.
 *
 * @module
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { spread } from '../measure/statistics.mjs';
import { EMPTY, SUBJECTS } from './subjects.mjs';

const CHILD = fileURLToPath(new URL('./fresh-process-child.mjs', import.meta.url));
const ROUNDS = { quick: 3, full: 25 };
const run = promisify(execFile);

/** @typedef {{ importMs: number, firstCallMs: number, residentBytes: number, heapBytes: number }} Observation */

/**
 * @param {import('../types.js').Effort['name']} effort
 * @param {(fraction: number) => void} onProgress
 * @returns {Promise<{ startUp: import('../types.js').StartUpResult[], memory: import('../types.js').MemoryResult[] }>}
 */
export async function probeFreshProcesses(effort, onProgress) {
  const ids = [EMPTY, ...SUBJECTS.map(({ id }) => id)];
  /** @type {Map<string, Observation[]>} */
  const observations = new Map(ids.map((id) => [id, []]));
  for (let round = 0; round < ROUNDS[effort]; round++) {
    for (const id of ids) observations.get(id)?.push(await observe(id));
    onProgress((round + 1) / ROUNDS[effort]);
  }
  /** @type {(id: string, figure: (observation: Observation) => number) => import('../types.js').Spread} */
  const figures = (id, figure) => spread((observations.get(id) ?? []).map(figure));
  const empty = {
    residentBytes: figures(EMPTY, ({ residentBytes }) => residentBytes).median,
    heapBytes: figures(EMPTY, ({ heapBytes }) => heapBytes).median,
  };
  return {
    startUp: SUBJECTS.map(({ id, label }) => ({
      id,
      label,
      importMs: figures(id, ({ importMs }) => importMs),
      firstCallMs: figures(id, ({ firstCallMs }) => firstCallMs),
      totalMs: figures(id, ({ importMs, firstCallMs }) => importMs + firstCallMs),
    })),
    memory: SUBJECTS.map(({ id, label }) => ({
      id,
      label,
      residentBytes: figures(id, ({ residentBytes }) => residentBytes - empty.residentBytes),
      heapBytes: figures(id, ({ heapBytes }) => heapBytes - empty.heapBytes),
    })),
  };
}

/**
 * @param {string} id
 * @returns {Promise<Observation>}
 */
async function observe(id) {
  const { stdout } = await run(process.execPath, ['--expose-gc', CHILD, id]);
  return JSON.parse(stdout);
}
