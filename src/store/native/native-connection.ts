/**
 * A connection to a database file through the runtime's own SQLite. The file is changed in place, by pages, under
 * SQLite's write-ahead log.
 *
 * @module
 */
import { isBytes } from '../../bytes.js';
import { MeshError } from '../../errors.js';
import type { Connection, Row } from '../connection.js';
import { COMMON_SETTINGS } from '../connection-settings.js';
import type { InPlaceFile } from '../file-storage.js';
import { PreparedStatements } from '../prepared-statements.js';
import type { SqlValue } from '../sql-js.js';
import type { NativeDatabase, NativeStatement, NativeValue, OpenNative } from './native-sqlite.js';

/** Each commit is synced; a reader may hold things up for a moment. */
const SETTINGS = `
  PRAGMA busy_timeout = 2000;
  PRAGMA synchronous = FULL;
  ${COMMON_SETTINGS}`;

/** Result codes that blame the place and not the statement: READONLY, IOERR, FULL, CANTOPEN. */
const STORAGE_FAILURES = new Set([8, 10, 13, 14]);
const IO_FAILURE = 10;

/** SQLite's primary result code; undefined where the driver does not tell. */
function resultCode(cause: unknown): number | undefined {
  const { errcode, errno } = cause as { readonly errcode?: unknown; readonly errno?: unknown };
  const code = errcode ?? errno;
  return typeof code === 'number' ? code & 0xff : undefined;
}

function nativeError(cause: unknown): MeshError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const code = resultCode(cause);
  if (code !== undefined && STORAGE_FAILURES.has(code)) {
    return new MeshError('publish-failed', `SQLite could not write the file: ${reason}`, { cause });
  }
  return new MeshError('sql-failed', `SQLite refused a statement: ${reason}`, { cause });
}

function toNative(value: SqlValue): NativeValue {
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
}

function toRow(row: object): Row {
  const result: Record<string, SqlValue> = {};
  for (const [name, value] of Object.entries(row)) result[name] = isBytes(value) ? new Uint8Array(value) : value;
  return result;
}

function openWithSettings(open: OpenNative, path: string, options: { readonly readonly: boolean }): NativeDatabase {
  let database: NativeDatabase | undefined;
  try {
    database = open(path, options);
    database.exec(SETTINGS);
    return database;
  } catch (cause) {
    database?.close();
    throw nativeError(cause);
  }
}

/** See the module's description. */
export class NativeConnection implements Connection {
  readonly #database: NativeDatabase;
  readonly #file: InPlaceFile;
  readonly #prepared = new PreparedStatements<NativeStatement>((sql) => this.#database.prepare(sql));
  #readonly = false;
  /** Why nothing works any more, once that is so. */
  #failure: MeshError | undefined;
  #closed = false;

  /** @throws MeshError if SQLite cannot open the file */
  constructor(open: OpenNative, file: InPlaceFile, options: { readonly readonly: boolean }) {
    this.#file = file;
    this.#database = openWithSettings(open, file.path, options);
  }

  /** From here on the file may be written to. */
  startWriting(): void {
    this.script('PRAGMA journal_mode = WAL');
  }

  setReadonly(): void {
    this.#readonly = true;
    this.script('PRAGMA query_only = ON');
    this.#beginReading();
  }

  /** All that a reader reads is of one moment. */
  #beginReading(): void {
    this.script('BEGIN');
    this.get('SELECT 1 FROM sqlite_schema');
  }

  begin(): void {
    try {
      this.#file.requireUnchanged();
    } catch (cause) {
      this.#fail(cause);
      throw cause;
    }
    this.run('BEGIN IMMEDIATE');
  }

  commit(): void {
    try {
      this.run('COMMIT');
    } catch (error) {
      // After an error in syncing nobody knows what a power cut would leave.
      if (error instanceof MeshError && resultCode(error.cause) === IO_FAILURE) {
        this.#fail(error);
        throw new MeshError('publish-uncertain', `what ${this.#file.path} holds is uncertain: open it again`, {
          cause: error,
        });
      }
      throw error;
    }
  }

  rollback(): void {
    this.run('ROLLBACK');
  }

  #fail(cause: unknown): void {
    this.#failure = new MeshError('database-failed', 'this database cannot go on with its file; open it again', {
      cause,
    });
  }

  run(sql: string, params: readonly SqlValue[] = []): void {
    this.#execute(sql, (statement) => statement.run(...params.map(toNative)));
  }

  get(sql: string, params: readonly SqlValue[] = []): Row | undefined {
    const row = this.#execute(sql, (statement) => statement.get(...params.map(toNative)));
    return typeof row === 'object' && row !== null ? toRow(row) : undefined;
  }

  all(sql: string, params: readonly SqlValue[] = []): Row[] {
    return this.#execute(sql, (statement) => statement.all(...params.map(toNative))).map((row) => toRow(row as object));
  }

  script(sql: string): void {
    try {
      this.#database.exec(sql);
    } catch (cause) {
      throw nativeError(cause);
    }
  }

  #execute<T>(sql: string, work: (statement: NativeStatement) => T): T {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      return work(this.#prepared.get(sql));
    } catch (cause) {
      throw nativeError(cause);
    }
  }

  /** A copy by SQLite, so that it is of one moment. A reader sees that moment from here on. */
  export(): Uint8Array {
    return this.#file.collect((temporary) => this.#copyTo(temporary));
  }

  /** Makes `FILE.bak` a copy of what the file holds now. */
  copyToPrevious(): void {
    this.#file.replacePrevious((temporary) => this.#copyTo(temporary));
  }

  #copyTo(file: string): void {
    if (this.#readonly) this.script('COMMIT; PRAGMA query_only = OFF');
    try {
      this.script(`VACUUM INTO '${file.replaceAll("'", "''")}'`);
    } finally {
      if (this.#readonly) {
        this.script('PRAGMA query_only = ON');
        this.#beginReading();
      }
    }
  }

  /** Brings all that the log holds into the file. */
  checkpoint(): void {
    this.get('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  /**
   * Closes the file for the writer, and leaves it as an ordinary one, without a log.
   *
   * @returns whether that was possible: readers may need the log
   */
  settle(): boolean {
    this.checkpoint();
    const mode = this.get('PRAGMA journal_mode = DELETE')?.journal_mode;
    this.close();
    return mode === 'delete';
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#prepared.clear();
    this.#database.close();
  }
}
