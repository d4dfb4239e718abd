/**
 * What `scripts/build-sqlite.mjs` makes of sql.js.
 *
 * @module
 */
import type { SqlJs } from './sql-js.js';

/** How sql.js is started. */
interface SqlJsStart {
  /** Instantiates the module: calls `done`, or throws, which rejects what {@link initSqlJs} returns. */
  readonly instantiateWasm: (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) => void;
}

/** Starts a sql.js of its own at each call. */
export function initSqlJs(start: SqlJsStart): Promise<SqlJs>;
