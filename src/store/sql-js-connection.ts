/**
 * A connection to one SQLite database in the memory of sql.js: statements prepared once and kept, settings applied again
 * whenever sql.js may have dropped them, and rows as plain objects.
 *
 * @module
 */
import { type Connection, type Row, sqlError } from './connection.js';
import type { SqlJs, SqlJsDatabase, SqlJsStatement, SqlValue } from './sql-js.js';

interface Prepared {
  readonly statement: SqlJsStatement;
  readonly columns: readonly string[];
}

/** Enough for every statement of the library; a bound for programs that make up SQL as they go. */
const MAX_PREPARED = 256;

/**
 * Nobody else can reach the database, so its locks are kept: otherwise each statement takes and checks them anew, which
 * costs five times what it does. The rollback journal and temporary tables stay off sql.js's emulated file system, where syncing means nothing.
 * Deleted secrets are overwritten. A database from elsewhere gets no chance to play tricks with its schema.
 */
const SETTINGS = `
  PRAGMA foreign_keys = ON;
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = MEMORY;
  PRAGMA synchronous = OFF;
  PRAGMA temp_store = MEMORY;
  PRAGMA secure_delete = ON;
  PRAGMA trusted_schema = OFF;
  PRAGMA cell_size_check = ON;
`;

/** One SQLite database in memory. */
export class SqlJsConnection implements Connection {
  readonly #sqlJs: SqlJs;
  readonly #prepared = new Map<string, Prepared>();
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
    this.#dropStatements();
    const image = this.#database.export();
    this.#applySettings();
    return image;
  }

  /** Goes on with another image in place of the present content. */
  replace(image: Uint8Array): void {
    const next = this.#load(image);
    this.#dropStatements();
    this.#database.close();
    this.#database = next;
    this.#applySettings();
  }

  close(): void {
    this.#dropStatements();
    this.#database.close();
  }

  #execute<T>(sql: string, params: readonly SqlValue[], collect: (prepared: Prepared, found: boolean) => T): T {
    let prepared: Prepared | undefined;
    try {
      prepared = this.#prepare(sql);
      prepared.statement.bind([...params]);
      return collect(prepared, prepared.statement.step());
    } catch (cause) {
      throw sqlError(cause);
    } finally {
      prepared?.statement.reset();
    }
  }

  #prepare(sql: string): Prepared {
    let prepared = this.#prepared.get(sql);
    if (prepared === undefined) {
      if (this.#prepared.size >= MAX_PREPARED) this.#dropStatements();
      const statement = this.#database.prepare(sql);
      prepared = { statement, columns: statement.getColumnNames() };
      this.#prepared.set(sql, prepared);
    }
    return prepared;
  }

  #dropStatements(): void {
    for (const { statement } of this.#prepared.values()) statement.free();
    this.#prepared.clear();
  }
}

function toRow(columns: readonly string[], values: readonly SqlValue[]): Row {
  const row: Record<string, SqlValue> = {};
  for (const [index, name] of columns.entries()) row[name] = values[index] ?? null;
  return row;
}
