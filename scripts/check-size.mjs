// @ts-check
/**
 * Holds the size limits: `core.wasm`, and what a program that imports `arborist-mesh/crypto` adds to its bundle
 * (minified, gzip).
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const KIB = 1024;
const root = new URL('../', import.meta.url);

async function bundleCrypto() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('src/crypto/index.ts', root))],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
  });
  const [bundle] = outputFiles;
  if (bundle === undefined) throw new Error('esbuild gave no bundle');
  return bundle.contents;
}

/**
 * @param {string} what
 * @param {number} size
 * @param {number} limit
 */
function report(what, size, limit) {
  const within = size <= limit;
  const figure = (size / KIB).toFixed(1).padStart(5);
  console.log(`${within ? 'ok      ' : 'TOO BIG '} ${figure} KiB of ${limit / KIB} KiB  ${what}`);
  if (!within) process.exitCode = 1;
}

const core = readFileSync(new URL('build/core.wasm', root));
const bundle = await bundleCrypto();
report('core.wasm', core.length, 64 * KIB);
report('arborist-mesh/crypto, minified and compressed', gzipSync(bundle, { level: 9 }).length, 26 * KIB);
