// @ts-check
/**
 * Bundles one of the programs in the folders `test/AREA/programs/`, which use the library from its sources, and runs it:
 * `node scripts/run-program.mjs NAME [OPTIONS]`.
 */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const path = (/** @type {string} */ relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));

const [name] = process.argv.splice(2, 1);
if (name === undefined) throw new Error('usage: node scripts/run-program.mjs NAME [OPTIONS]');
const source = readdirSync(path('test'))
  .map((area) => path(`test/${area}/programs/${name}.ts`))
  .find((file) => existsSync(file));
if (source === undefined) throw new Error(`there is no program ${name}`);
// Inside the repository, so that the program finds its packages.
const outfile = path(`build/programs/${name}.mjs`);
await build({
  entryPoints: [source],
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  alias: {
    '#file-storage': path('src/store/file-storage.node.ts'),
    '#native-sqlite': path('src/store/node/native-sqlite.node.ts'),
    '#sha256': path('src/crypto/sha256-stream.node.ts'),
  },
  outfile,
  logLevel: 'error',
});
await import(pathToFileURL(outfile).href);
