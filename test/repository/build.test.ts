/** What the build promises: the same bytes from the same sources, and no database behind the cryptography. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { CORE_MODULE_TEXT } from '../../src/crypto/core-module.generated.js';
import { decodeModuleText } from '../../src/crypto/module-text.js';
import { SQLITE_MODULE_TEXT } from '../../src/store/sqlite-module.generated.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('the build', () => {
  it('compiles the core to the same bytes again', () => {
    const folder = mkdtempSync(join(tmpdir(), 'core-'));
    try {
      const compiler = join(root, 'node_modules/assemblyscript/bin/asc.js');
      const again = join(folder, 'core.wasm');
      execFileSync(
        process.execPath,
        [compiler, '--config', 'asconfig.json', '--target', 'release', '--outFile', again, '--textFile', ''],
        {
          cwd: root,
        },
      );
      expect(readFileSync(again).equals(readFileSync(join(root, 'build/core.wasm')))).toBe(true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('embeds in the package the modules that lie beside it', () => {
    const embedded = { 'core.wasm': CORE_MODULE_TEXT, 'sqlite.wasm': SQLITE_MODULE_TEXT };
    for (const [name, text] of Object.entries(embedded)) {
      expect(readFileSync(join(root, 'dist', name)).equals(decodeModuleText(text))).toBe(true);
    }
  });

  it('keeps SQLite, the codec and the mesh out of arborist-mesh/crypto', async () => {
    const { metafile } = await build({
      entryPoints: [join(root, 'dist/crypto/index.js')],
      bundle: true,
      format: 'esm',
      metafile: true,
      write: false,
      absWorkingDir: root,
    });
    const strangers = Object.keys(metafile.inputs).filter(
      (file) => !/^(dist\/(crypto\/|bytes|errors)|node_modules\/@assemblyscript\/loader\/)/.test(file),
    );
    expect(strangers).toEqual([]);
  });

  it('lets a bundler drop SQLite where only a function without it is used', async () => {
    const { metafile } = await build({
      stdin: { contents: `export { InvalidInputError } from './dist/index.js'`, resolveDir: root },
      bundle: true,
      format: 'esm',
      metafile: true,
      write: false,
      absWorkingDir: root,
      external: ['node:*'],
    });
    const used = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
    // The entry point itself is a call: what modules that are imported lazily need as well is wrapped in functions.
    expect(used.filter(([, { bytesInOutput }]) => bytesInOutput > 50).map(([file]) => file)).toEqual([
      'dist/errors.js',
    ]);
  });
});
