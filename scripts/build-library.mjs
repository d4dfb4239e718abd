// @ts-check
/**
 * Compiles `src/` to `dist/` from scratch and puts beside it what no compiler makes: the WebAssembly modules, sql.js, the
 * import map.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeImportMap } from './import-map.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const require = createRequire(import.meta.url);
const compiler = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');

rmSync(join(root, 'dist'), { recursive: true, force: true });
execFileSync(process.execPath, [compiler, '-p', 'tsconfig.json'], { cwd: root, stdio: 'inherit' });
for (const name of ['core.wasm', 'sqlite.wasm']) copyFileSync(join(root, 'build', name), join(root, 'dist', name));
copyFileSync(join(root, 'src/store/sqlite-glue.generated.js'), join(root, 'dist/store/sqlite-glue.generated.js'));
writeImportMap();
chmodSync(join(root, 'dist/cli/main.js'), 0o755);
