// @ts-check
/**
 * Compiles `src/` to `dist/` from scratch and puts beside it what no compiler makes: the WebAssembly modules, sql.js, the
 * import map.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeImportMap } from './import-map.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const require = createRequire(import.meta.url);
const compiler = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');

/** What importing a `.wasm` file gives where it is possible: workerd, bundlers for workers. */
const WASM_MODULE_TYPES = 'declare const module: WebAssembly.Module;\nexport default module;\n';

/** Tells Deno and JSR, which do not look beside a file, where its types are. */
function nameTypes() {
  for (const file of readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' })) {
    const path = join(root, 'dist', file);
    const types = path.replace(/\.js$/, '.d.ts');
    if (types === path || file.startsWith('cli') || !existsSync(types)) continue;
    writeFileSync(path, `/* @ts-self-types="./${basename(types)}" */\n${readFileSync(path, 'utf8')}`);
  }
}

rmSync(join(root, 'dist'), { recursive: true, force: true });
execFileSync(process.execPath, [compiler, '-p', 'tsconfig.json'], { cwd: root, stdio: 'inherit' });
for (const name of ['core.wasm', 'sqlite.wasm']) copyFileSync(join(root, 'build', name), join(root, 'dist', name));
copyFileSync(join(root, 'src/store/sqlite-glue.generated.js'), join(root, 'dist/store/sqlite-glue.generated.js'));
writeFileSync(join(root, 'dist/wasm-module.d.ts'), WASM_MODULE_TYPES);
writeImportMap();
nameTypes();
chmodSync(join(root, 'dist/cli/main.js'), 0o755);
