// @ts-check
/**
 * The row of workerd: one bundle, and both WebAssembly modules as modules of the worker.
 *
 * @module
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { fromNpm, scopedExecutable } from '../requirements.mjs';
import { reportOf } from '../run-program.mjs';

const MODULES = ['core.wasm', 'sqlite.wasm'];

/** docs/runtimes.md shows the same to users. */
const CONFIGURATION = `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "conformance", worker = .worker)],
);

const worker :Workerd.Worker = (
  compatibilityDate = "2026-01-01",
  modules = [
    (name = "worker.mjs", esModule = embed "worker.mjs"),
${MODULES.map((name) => `    (name = "arborist-mesh/${name}", wasm = embed "${name}"),`).join('\n')}
  ],
);
`;

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
    await build({
      entryPoints: [join(folder, 'agents/workerd.mjs')],
      bundle: true,
      format: 'esm',
      target: 'es2022',
      conditions: ['workerd', 'worker'],
      external: ['*.wasm'],
      outfile: join(place, 'worker.mjs'),
      logLevel: 'error',
    });
    for (const name of MODULES) copyFileSync(join(folder, 'node_modules/arborist-mesh/dist', name), join(place, name));
    writeFileSync(join(place, 'config.capnp'), CONFIGURATION);
    const program = find() ?? 'workerd';
    const report = await reportOf(program, ['test', 'config.capnp'], { cwd: place });
    return { ...report, runtime: { ...report.runtime, version: versionOf(program) } };
  },
};
