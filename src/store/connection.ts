/**
 * What the store needs of SQLite: one connection to one database, whichever implementation is below.
 *
 * @module
 */
import { MeshError } from '../errors.js';
import type { SqlValue } from './sql-js.js';

/** A row of a result, by column name. */
export type Row = Readonly<Record<string, SqlValue>>;

/** One SQLite database. Each call finishes what it starts: no statement stays open between two of them. */
export interface Connection {
  /** Begins a transaction. */
  begin(): void;
  /** Ends it and keeps what it wrote. */
  commit(): void;
  /** Ends it and undoes what it wrote. @throws MeshError `sql-failed` where none is open */
  rollback(): void;
  /** Executes one statement, ignoring what it returns. */
  run(sql: string, params?: readonly SqlValue[]): void;
  /** The first row of a query, or undefined if there is none. */
  get(sql: string, params?: readonly SqlValue[]): Row | undefined;
  /** All rows of a query. */
  all(sql: string, params?: readonly SqlValue[]): Row[];
  /** Executes a script of several statements, without parameters. */
  script(sql: string): void;
  /** The database as the bytes of a SQLite file. Not inside a transaction: some versions of sql.js would lose it. */
  export(): Uint8Array;
  /** From here on SQLite refuses every statement that would write. */
  setReadonly(): void;
  /** Frees what the connection holds. Nothing else may be called afterwards. */
  close(): void;
}

/** The error for a statement that SQLite refuses. Its messages name tables and columns, never values. */
export function sqlError(cause: unknown): MeshError {
  // sql.js throws strings as well as errors.
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new MeshError('sql-failed', `SQLite refused a statement: ${reason}`, { cause });
}
