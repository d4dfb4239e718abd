/**
 * A connection to one in-memory SQLite database: statements prepared once and kept, settings applied again whenever
 * sql.js may have dropped them, and rows as plain objects.
 *
 * @module
 */
import { MeshError } from '../errors.js';
import type { SqlJs, SqlJsDatabase, SqlJsStatement, SqlValue } from './sql-js.js';

/** A row of a result, by column name. */
export type Row = Readonly<Record<string, SqlValue>>;

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

function sqlError(cause: unknown): MeshError {
  // sql.js throws strings as well as errors. SQLite's messages name tables and columns, never values.
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new MeshError('sql-failed', `SQLite refused a statement: ${reason}`, { cause });
}

/** One SQLite database in memory. Not safe to keep results across: each call finishes what it starts. */
export class Connection {
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

  /** From here on SQLite refuses every statement that would write. */
  setReadonly(): void {
    this.#readonly = true;
    this.#applySettings();
  }

  #applySettings(): void {
    this.#database.run(SETTINGS);
    if (this.#readonly) this.#database.run('PRAGMA query_only = ON');
  }

  /** Executes one statement, ignoring what it returns. */
  run(sql: string, params: readonly SqlValue[] = []): void {
    this.#execute(sql, params, () => undefined);
  }

  /** The first row of a query, or undefined if there is none. */
  get(sql: string, params: readonly SqlValue[] = []): Row | undefined {
    return this.#execute(sql, params, ({ statement, columns }, found) =>
      found ? toRow(columns, statement.get()) : undefined,
    );
  }

  /** All rows of a query. */
  all(sql: string, params: readonly SqlValue[] = []): Row[] {
    return this.#execute(sql, params, ({ statement, columns }, found) => {
      const rows: Row[] = [];
      for (let more = found; more; more = statement.step()) rows.push(toRow(columns, statement.get()));
      return rows;
    });
  }

  /** Executes a script of several statements, without parameters. */
  script(sql: string): void {
    try {
      this.#database.run(sql);
    } catch (cause) {
      throw sqlError(cause);
    }
  }

  /** The database as the bytes of a SQLite file. Not inside a transaction: some versions of sql.js would lose it. */
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

  /** Frees the memory. Nothing else may be called afterwards. */
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
