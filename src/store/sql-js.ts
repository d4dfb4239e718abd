/**
 * Finds SQLite: the part of sql.js that the store uses, and how to load it where the program does not bring its own.
 *
 * The package carries sql.js as an ES module (`scripts/build-sqlite.mjs`) with its WebAssembly embedded, since that needs
 * neither a file nor a URL and so loads in the same way everywhere. It is imported when the first database is opened, not
 * before: programs that never open one do not pay for it.
 *
 * @module
 */
import { decodeModuleText } from '../crypto/module-text.js';
import { InvalidInputError, MeshError, WasmUnavailableError } from '../errors.js';

/** A value in SQLite. Integers must be safe integers: sql.js has no other way to hand them over. */
export type SqlValue = number | string | Uint8Array | null;

/** A prepared statement of sql.js. */
export interface SqlJsStatement {
  bind(values: SqlValue[]): boolean;
  step(): boolean;
  get(): SqlValue[];
  getColumnNames(): string[];
  reset(): void;
  free(): boolean;
}

/** A database of sql.js: all of it in memory. */
export interface SqlJsDatabase {
  run(sql: string): unknown;
  prepare(sql: string): SqlJsStatement;
  export(): Uint8Array;
  close(): void;
}

/** An initialized sql.js, as `await initSqlJs()` gives it. */
export interface SqlJs {
  readonly Database: new (image?: Uint8Array) => SqlJsDatabase;
}

let loading: Promise<SqlJs> | undefined;
let providedModule: WebAssembly.Module | undefined;

/** The smallest module there is: a magic number and a version. */
const EMPTY_MODULE = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);

async function compileEmbedded(): Promise<WebAssembly.Module> {
  const { SQLITE_MODULE_TEXT } = await import('./sqlite-module.generated.js');
  try {
    // A policy that forbids this one forbids the large one: that is known at once, and not after it was compiled.
    new WebAssembly.Instance(new WebAssembly.Module(EMPTY_MODULE));
    return await WebAssembly.compile(decodeModuleText(SQLITE_MODULE_TEXT));
  } catch (cause) {
    throw refused(cause);
  }
}

function refused(cause: unknown): WasmUnavailableError {
  return new WasmUnavailableError(
    "SQLite needs WebAssembly, which is missing or refused here: allow 'wasm-unsafe-eval' in the page's " +
      "Content-Security-Policy, or pass a precompiled module of 'arborist-mesh/sqlite.wasm' to useSqliteModule()",
    { cause },
  );
}

/** WebKit compiles what a policy forbids, and refuses it only here. */
function instantiate(module: WebAssembly.Module, imports: WebAssembly.Imports): WebAssembly.Instance {
  try {
    return new WebAssembly.Instance(module, imports);
  } catch (cause) {
    throw cause instanceof WebAssembly.CompileError ? refused(cause) : cause;
  }
}

async function load(): Promise<SqlJs> {
  try {
    const { initSqlJs } = await import('./sqlite-glue.generated.js');
    const module = providedModule ?? (await compileEmbedded());
    return await initSqlJs({
      instantiateWasm: (imports, done) => done(instantiate(module, imports)),
    });
  } catch (cause) {
    if (cause instanceof MeshError) throw cause;
    throw new MeshError(
      'sqlite-unavailable',
      'SQLite did not start; pass an initialized sql.js to openDatabase({ sqlJs })',
      { cause },
    );
  }
}

/**
 * The one sql.js of this program, started at the first call; after a failure, at the next one.
 *
 * @throws WasmUnavailableError where WebAssembly is missing or forbidden
 * @throws MeshError `sqlite-unavailable` if it does not start
 */
export function loadSqlJs(): Promise<SqlJs> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/**
 * Uses a precompiled module of `arborist-mesh/sqlite.wasm` instead of compiling the embedded bytes: for runtimes that
 * forbid the latter, such as workerd. To be called before the first database is opened.
 *
 * @param module the compiled `sqlite.wasm` of this very version of the package
 * @throws InvalidInputError if it is not a `WebAssembly.Module`
 * @throws MeshError `sqlite-started` if SQLite runs already
 */
export function useSqliteModule(module: WebAssembly.Module): void {
  if (!(module instanceof WebAssembly.Module)) {
    throw new InvalidInputError('module must be a WebAssembly.Module made from arborist-mesh/sqlite.wasm');
  }
  if (loading !== undefined) {
    throw new MeshError('sqlite-started', 'useSqliteModule() comes too late: SQLite runs already');
  }
  providedModule = module;
}
