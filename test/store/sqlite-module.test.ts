/** SQLite from a precompiled module, for runtimes that refuse to compile bytes. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const sqlite = new WebAssembly.Module(readFileSync(new URL('../../build/sqlite.wasm', import.meta.url)));
const empty = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));

/** The store as a program sees it that has just started. */
const freshStore = async () => ({
  ...(await import('../../src/store/open-database.js')),
  ...(await import('../../src/store/sql-js.js')),
});

beforeEach(() => vi.resetModules());
afterEach(() => vi.unstubAllGlobals());

test('with a precompiled module nothing is compiled', async () => {
  const { openDatabase, useSqliteModule } = await freshStore();
  vi.stubGlobal('WebAssembly', {
    Module: WebAssembly.Module,
    Instance: WebAssembly.Instance,
    compile: () => Promise.reject(new WebAssembly.CompileError('refused by policy')),
  });
  useSqliteModule(sqlite);
  const db = await openDatabase();
  expect(db.sql.get('SELECT 1 AS one')).toStrictEqual({ one: 1 });
});

test('a module that is not SQLite is an error, not a wait without end, and the right one works afterwards', async () => {
  const { openDatabase, useSqliteModule } = await freshStore();
  useSqliteModule(empty);
  await expect(openDatabase()).rejects.toMatchObject({ name: 'MeshError', code: 'sqlite-unavailable' });
  useSqliteModule(sqlite);
  expect((await openDatabase()).file).toBeNull();
});

test.each([
  ['a policy forbids it', WebAssembly.CompileError, 'wasm-unavailable'],
  ['it does not fit', WebAssembly.LinkError, 'sqlite-unavailable'],
])('a module that cannot be instantiated is an error as well: %s', async (_, Refusal, code) => {
  const { openDatabase, useSqliteModule } = await freshStore();
  vi.stubGlobal('WebAssembly', {
    Module: WebAssembly.Module,
    CompileError: WebAssembly.CompileError,
    Instance: function refuse() {
      throw new Refusal('refused');
    },
  });
  useSqliteModule(sqlite);
  await expect(openDatabase()).rejects.toMatchObject({ code });
});

test('a module that comes too late is refused', async () => {
  const { openDatabase, useSqliteModule } = await freshStore();
  await openDatabase();
  expect(() => useSqliteModule(sqlite)).toThrow(expect.objectContaining({ code: 'sqlite-started' }));
});

test('bytes are no module', async () => {
  const { useSqliteModule } = await freshStore();
  const bytes = new Uint8Array(8) as unknown as WebAssembly.Module;
  expect(() => useSqliteModule(bytes)).toThrow(expect.objectContaining({ code: 'invalid-input' }));
});
