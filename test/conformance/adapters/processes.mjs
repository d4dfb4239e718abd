// @ts-check
/**
 * The rows of Node, Deno and Bun.
 *
 * @module
 */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { fromNpm, runtimeExecutable, scopedExecutable } from '../requirements.mjs';
import { reportOf } from '../run-program.mjs';

/** @typedef {import('../types.js').Adapter} Adapter */

/**
 * A row that runs `agents/process.mjs`.
 *
 * @param {Pick<Adapter, 'id' | 'title' | 'runtime'> & {
 *   find: () => string | null,
 *   parameters?: (folders: { program: string, data: string }) => readonly string[],
 *   env?: Readonly<Record<string, string>>,
 * }} row `find` finds the executable; `parameters` stand before the program
 * @returns {Adapter}
 */
function processRow({ id, title, runtime, find, parameters = () => [], env = {} }) {
  return {
    id,
    title,
    runtime,
    suite: 'conformance',
    needs: [fromNpm(find)],
    run: async ({ folder, workFolder }) => {
      const data = mkdtempSync(join(workFolder, 'data-'));
      const agent = join(folder, 'agents/process.mjs');
      const before = parameters({ program: folder, data });
      return reportOf(find() ?? id, [...before, agent, data], { cwd: folder, env });
    },
  };
}

/** @param {number} major */
function nodeRow(major) {
  return processRow({
    id: `node${major}`,
    title: `Node ${major}`,
    runtime: { name: 'Node.js', version: `${major}.` },
    // npm has Node for some platforms; elsewhere the one that runs this will do, if it is of this version.
    find: () =>
      runtimeExecutable(`node${major}/bin/node`) ??
      (process.versions.node.startsWith(`${major}.`) ? process.execPath : null),
  });
}

/** @type {readonly Adapter[]} */
export const PROCESSES = [
  nodeRow(20),
  nodeRow(22),
  nodeRow(24),
  nodeRow(26),
  processRow({
    id: 'deno',
    title: 'Deno',
    runtime: { name: 'Deno' },
    find: () => scopedExecutable('@deno', 'deno'),
    parameters: ({ program, data }) => [
      'run',
      '--no-prompt',
      '--no-remote',
      '--cached-only',
      '--node-modules-dir=manual',
      `--allow-read=${program},${data}`,
      `--allow-write=${data}`,
    ],
    env: { DENO_NO_UPDATE_CHECK: '1' },
  }),
  processRow({
    id: 'bun',
    title: 'Bun',
    runtime: { name: 'Bun' },
    find: () => scopedExecutable('@oven', 'bin/bun'),
    parameters: () => ['run', '--no-install'],
  }),
];
