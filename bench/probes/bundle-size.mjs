/**
 * What each subject adds to a web page: bundled and minified by esbuild, then compressed by gzip.
 *
 * @module
 */
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { SUBJECTS, subjectFile } from './subjects.mjs';

/** @returns {Promise<import('../types.js').SizeResult[]>} */
export async function probeBundleSizes() {
  const results = [];
  for (const { id, label } of SUBJECTS) {
    const bytes = await bundle(fileURLToPath(subjectFile(id)));
    results.push({ id, label, minifiedBytes: bytes.length, gzipBytes: gzipSync(bytes, { level: 9 }).length });
  }
  return results;
}

/** @param {string} entry */
async function bundle(entry) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    // libsodium.js and tweetnacl look for Node's modules, which a page does not have.
    external: ['node:*', 'crypto', 'fs', 'path', 'module', 'url'],
    legalComments: 'none',
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]?.contents ?? new Uint8Array(0);
}
