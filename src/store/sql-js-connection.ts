/**
 * A connection to one SQLite database in the memory of sql.js: statements prepared once and kept, settings applied again
 * whenever sql.js may have dropped them, and rows as plain objects.
 *
 * @module
 */
import { type Connection, type Row, sqlError } from './connection.js';
import { COMMON_SETTINGS } from './connection-settings.js';
import { PreparedStatements } from './prepared-statements.js';
import type { SqlJs, SqlJsDatabase, SqlJsStatement, SqlValue } from './sql-js.js';

interface Prepared {
  readonly statement: SqlJsStatement;
  readonly columns: readonly string[];
}

/**
 * Nobody else can reach the database, so its locks are kept: otherwise each statement takes and checks them anew, which
 * costs five times what it does. The rollback journal stays off sql.js's emulated file system, where syncing means nothing.
 */
const SETTINGS = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = MEMORY;
  PRAGMA synchronous = OFF;
  ${COMMON_SETTINGS}`;

/** One SQLite database in memory. */
export class SqlJsConnection implements Connection {
  readonly #sqlJs: SqlJs;
  readonly #prepared = new PreparedStatements<Prepared>(
    (sql) => {
      const statement = this.#database.prepare(sql);
      return { statement, columns: statement.getColumnNames() };
    },
    ({ statement }) => statement.free(),
  );
  #database: SqlJsDatabase;
  #readonly = false;

  /** @param image a SQLite file to start from; an empty database where null. It is copied. */
  constructor(sqlJs: SqlJs, image: Uint8Array | null) {
    this.#sqlJs = sqlJs;
    this.#database = this.#load(image);
  }

  #load(image: Uint8Array | null): SqlJsDatabase {
    const database = image === null ? new this.#sqlJs.Database() : new this.#sqlJs.Database(image);
    try {
      database.run(SETTINGS);
    } catch (cause) {
      database.close();
      throw sqlError(cause);
    }
    return database;
  }

  setReadonly(): void {
    this.#readonly = true;
    this.#applySettings();
  }

  #applySettings(): void {
    this.#database.run(SETTINGS);
    if (this.#readonly) this.#database.run('PRAGMA query_only = ON');
  }

  begin(): void {
    this.run('BEGIN');
  }

  commit(): void {
    this.run('COMMIT');
  }

  rollback(): void {
    this.run('ROLLBACK');
  }

  run(sql: string, params: readonly SqlValue[] = []): void {
    this.#execute(sql, params, () => undefined);
  }

  get(sql: string, params: readonly SqlValue[] = []): Row | undefined {
    return this.#execute(sql, params, ({ statement, columns }, found) =>
      found ? toRow(columns, statement.get()) : undefined,
    );
  }

  all(sql: string, params: readonly SqlValue[] = []): Row[] {
    return this.#execute(sql, params, ({ statement, columns }, found) => {
      const rows: Row[] = [];
      for (let more = found; more; more = statement.step()) rows.push(toRow(columns, statement.get()));
      return rows;
    });
  }

  script(sql: string): void {
    try {
      this.#database.run(sql);
    } catch (cause) {
      throw sqlError(cause);
    }
  }

  export(): Uint8Array {
    // Up to 1.15, sql.js closes and reopens the database for this: statements die, settings go back to their defaults.
    this.#prepared.clear();
    const image = this.#database.export();
    this.#applySettings();
    return image;
  }

  /** Goes on with another image in place of the present content. */
  replace(image: Uint8Array): void {
    const next = this.#load(image);
    this.#prepared.clear();
    this.#database.close();
    this.#database = next;
    this.#applySettings();
  }

  close(): void {
    this.#prepared.clear();
    this.#database.close();
  }

  #execute<T>(sql: string, params: readonly SqlValue[], collect: (prepared: Prepared, found: boolean) => T): T {
    let prepared: Prepared | undefined;
    try {
      prepared = this.#prepared.get(sql);
      prepared.statement.bind([...params]);
      return collect(prepared, prepared.statement.step());
    } catch (cause) {
      throw sqlError(cause);
    } finally {
      prepared?.statement.reset();
    }
  }
}

function toRow(columns: readonly string[], values: readonly SqlValue[]): Row {
  const row: Record<string, SqlValue> = {};
  for (const [index, name] of columns.entries()) row[name] = values[index] ?? null;
  return row;
}
