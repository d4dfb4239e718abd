// @ts-check
/** Compiles `src/` to `dist/` from scratch and puts the WebAssembly module beside it. */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const require = createRequire(import.meta.url);
const compiler = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');

rmSync(join(root, 'dist'), { recursive: true, force: true });
execFileSync(process.execPath, [compiler, '-p', 'tsconfig.json'], { cwd: root, stdio: 'inherit' });
copyFileSync(join(root, 'build/core.wasm'), join(root, 'dist/core.wasm'));
chmodSync(join(root, 'dist/cli/main.js'), 0o755);
