// @ts-check
/**
 * Makes what workerd is started with: one bundle, both WebAssembly modules as modules of the worker, and a configuration. The bundle is
 * made with the conditions of workerd, and asks for the modules by their names in the package.
 *
 * @module
 */
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const MODULES = ['core.wasm', 'sqlite.wasm'];

/**
 * docs/runtimes.md shows the same to users.
 *
 * @param {string} settings
 */
function configurationOf(settings) {
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
${settings}
);

const worker :Workerd.Worker = (
  compatibilityDate = "2026-01-01",
  modules = [
    (name = "worker.mjs", esModule = embed "worker.mjs"),
${MODULES.map((name) => `    (name = "arborist-mesh/${name}", wasm = embed "${name}"),`).join('\n')}
  ],
);
`;
}

/**
 * Writes everything, with the configuration as `config.capnp`.
 *
 * @param {string} place an empty folder
 * @param {{ program: string, dist: string, settings: string }} parts the program's file; the folder of the built package, with the
 *   WebAssembly modules; the fields of workerd's `Config`, in which the worker is `.worker`
 */
export async function layOutWorker(place, { program, dist, settings }) {
  await build({
    entryPoints: [program],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['workerd', 'worker'],
    external: ['*.wasm'],
    outfile: join(place, 'worker.mjs'),
    logLevel: 'error',
  });
  for (const name of MODULES) copyFileSync(join(dist, name), join(place, name));
  writeFileSync(join(place, 'config.capnp'), configurationOf(settings));
}
