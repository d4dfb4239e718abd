// @ts-check
/**
 * Holds the size limits: `core.wasm`, and what programs that import one function of the built package add to their
 * bundles (minified, gzip). SQLite alone would take 330 KiB: one function must not pull it in.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const KIB = 1024;
const root = new URL('../', import.meta.url);

/** @type {readonly (readonly [program: string, limitInKib: number])[]} */
const PROGRAMS = [
  [`export * from 'arborist-mesh/crypto'`, 26],
  [`export { sign } from 'arborist-mesh/crypto'`, 25],
  [`export { merkleRoot } from 'arborist-mesh'`, 25],
  [`export { checkMembershipProof } from 'arborist-mesh'`, 45],
  [`export { MeshError } from 'arborist-mesh'`, 1],
];

/** @param {string} program */
async function bundledSize(program) {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: fileURLToPath(root) },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
  });
  const [bundle] = outputFiles;
  if (bundle === undefined) throw new Error('esbuild gave no bundle');
  return gzipSync(bundle.contents, { level: 9 }).length;
}

/**
 * @param {string} what
 * @param {number} size
 * @param {number} limit in KiB
 */
function report(what, size, limit) {
  const within = size <= limit * KIB;
  const figure = (size / KIB).toFixed(1).padStart(5);
  console.log(`${within ? 'ok      ' : 'TOO BIG '} ${figure} KiB of ${limit} KiB  ${what}`);
  if (!within) process.exitCode = 1;
}

report('core.wasm', readFileSync(new URL('dist/core.wasm', root)).length, 64);
for (const [program, limit] of PROGRAMS) report(program, await bundledSize(program), limit);
