/**
 * Finds SQLite: the part of sql.js that the store uses, and how to load it where the program does not bring its own.
 *
 * The build of sql.js with its WebAssembly inside is used, since it needs neither a file nor a URL and so loads in the
 * same way everywhere. It is imported when the first database is opened, not before: programs that never open one do
 * not pay for it.
 *
 * @module
 */
import { MeshError, WasmUnavailableError } from '../errors.js';

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

/** The smallest module there is: a magic number and a version. */
const EMPTY_MODULE = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);

/**
 * sql.js remembers its first start, even one that failed, and reports some failures to nobody. So what can be known
 * to fail is found out before it starts.
 */
function requireWebAssembly(): void {
  try {
    new WebAssembly.Module(EMPTY_MODULE);
  } catch (cause) {
    throw new WasmUnavailableError(
      "SQLite needs WebAssembly, which is missing or refused here: allow 'wasm-unsafe-eval' in the page's " +
        'Content-Security-Policy, or pass an initialized sql.js to openDatabase({ sqlJs })',
      { cause },
    );
  }
}

let loading: Promise<SqlJs> | undefined;

async function load(): Promise<SqlJs> {
  requireWebAssembly();
  try {
    const { default: initSqlJs } = await import('sql.js/dist/sql-wasm-inline.js');
    return await initSqlJs();
  } catch (cause) {
    throw new MeshError(
      'sqlite-unavailable',
      'sql.js did not start; pass an initialized one to openDatabase({ sqlJs })',
      {
        cause,
      },
    );
  }
}

/**
 * The one sql.js of this program, started at the first call; after a failure, at the next one.
 *
 * @throws WasmUnavailableError where WebAssembly is missing or forbidden
 * @throws MeshError `sqlite-unavailable` if sql.js does not start
 */
export function loadSqlJs(): Promise<SqlJs> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}
