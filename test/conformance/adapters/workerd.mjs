// @ts-check
/**
 * The row of workerd: one bundle, and both WebAssembly modules as modules of the worker.
 *
 * @module
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { layOutWorker } from '../../support/workerd.mjs';
import { fromNpm, scopedExecutable } from '../requirements.mjs';
import { reportOf } from '../run-program.mjs';

const SETTINGS = '  services = [(name = "conformance", worker = .worker)],';

const find = () => scopedExecutable('@cloudflare', 'bin/workerd');

/**
 * What runs in workerd cannot know this.
 *
 * @param {string} program
 */
function versionOf(program) {
  return execFileSync(program, ['--version'], { encoding: 'utf8' }).trim().replace('workerd ', '');
}

/** @type {import('../types.js').Adapter} */
export const workerd = {
  id: 'workerd',
  title: 'workerd',
  runtime: { name: 'workerd' },
  suite: 'conformance',
  needs: [fromNpm(find)],
  run: async ({ folder, workFolder }) => {
    const place = mkdtempSync(join(workFolder, 'workerd-'));
    await layOutWorker(place, {
      program: join(folder, 'agents/workerd.mjs'),
      dist: join(folder, 'node_modules/arborist-mesh/dist'),
      settings: SETTINGS,
    });
    const program = find() ?? 'workerd';
    const report = await reportOf(program, ['test', 'config.capnp'], { cwd: place });
    return { ...report, runtime: { ...report.runtime, version: versionOf(program) } };
  },
};
