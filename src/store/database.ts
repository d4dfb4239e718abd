/**
 * The database handle that every function of the mesh takes first: transactions, a small statement layer, and the
 * promise that what was reported as done is where it belongs.
 *
 * It stands on a connection, which executes statements, and a publisher, which keeps finished transactions. sql.js holds
 * the whole database in memory, and only a finished transaction can be exported. So a transaction is committed in memory,
 * published, and undone in memory if publishing fails, by going back to what was published last. Memory never runs ahead.
 *
 * @module
 */
import { InvalidInputError, MeshError } from '../errors.js';
import { type BackupOptions, writeBackup } from './backup.js';
import type { Connection, Row } from './connection.js';
import { newLineage } from './lineage.js';
import type { Publisher } from './publisher.js';
import type { Passphrase } from './secrets/passphrase.js';
import type { Secrets } from './secrets/secrets.js';
import type { SqlValue } from './sql-js.js';
import { requireReading, requireReplayable } from './statement-rules.js';

/**
 * The statement layer. Reading through it is safe. Writing behind the library's back is unsupported: the tables belong to
 * the library and may change between versions.
 */
export interface Sql {
  /**
   * Executes one statement that writes; outside a transaction, as one of its own. It must do the same whenever it is executed
   * on the same database: no `random()`, no `datetime()`.
   */
  run(sql: string, params?: readonly SqlValue[]): void;
  /** The first row of a query, or undefined. Only for what reads. */
  get(sql: string, params?: readonly SqlValue[]): Row | undefined;
  /** All rows of a query. Only for what reads. */
  all(sql: string, params?: readonly SqlValue[]): Row[];
}

/** What a database is made of; see `openDatabase`. */
export interface DatabaseParts {
  readonly connection: Connection;
  readonly publisher: Publisher;
  readonly readonly: boolean;
  /** Whole seconds since the Unix epoch. */
  readonly now: () => number;
  /** 16 bytes. */
  readonly lineage: Uint8Array;
  /** Whether what was published last names this lineage. */
  readonly recorded: boolean;
  readonly secrets: Secrets;
}

/** An open database; made by `openDatabase`. */
export class MeshDatabase {
  readonly #connection: Connection;
  readonly #publisher: Publisher;
  readonly #readonly: boolean;
  readonly #now: () => number;
  /** Why nothing works any more, once that is so. */
  #ended: MeshError | undefined;
  /** How many transactions are open, one inside the other. */
  #depth = 0;
  /** The first failure inside the open transactions, which dooms them all. */
  #failure: { readonly error: unknown } | undefined;
  /** What {@link #changes} was when all was published. */
  #publishedChanges: number;
  #rollbacks = 0;
  #lineage: Uint8Array;
  /** The lineage that was published last; null where that is one of which this is no continuation. */
  #recordedLineage: Uint8Array | null;

  #resolveClosed: (finished: Promise<void> | undefined) => void = () => undefined;

  /**
   * Resolves when the database was closed and all of it is on disk, and another one may be opened in its place: with
   * files when `close()` has returned, with IndexedDB a moment later. Rejects if what was written last did not get there.
   */
  readonly closed: Promise<void>;
  /** The statement layer. */
  readonly sql: Sql;
  /** What seals and opens the columns that hold secrets, and tells whether they are sealed. Internal but for `state`. */
  readonly secrets: Secrets;

  constructor({ connection, publisher, readonly, now, lineage, recorded, secrets }: DatabaseParts) {
    this.secrets = secrets;
    this.#connection = connection;
    this.#publisher = publisher;
    this.#readonly = readonly;
    this.#now = now;
    this.#lineage = lineage;
    this.#recordedLineage = recorded ? lineage : null;
    this.#publishedChanges = this.#changes();
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    // Whoever wants to know waits for it; for the others it is no error of the program.
    this.closed.catch(() => undefined);
    this.sql = {
      run: (sql, params = []) => {
        if (this.#depth === 0) this.transaction(() => this.#write(sql, params));
        else this.#write(sql, params);
      },
      get: (sql, params) => this.#openForReading(sql).get(sql, params),
      all: (sql, params) => this.#openForReading(sql).all(sql, params),
    };
  }

  /** The absolute path of the database file; null where the database lives in memory only. */
  get file(): string | null {
    return this.#publisher.file;
  }

  /** How often a transaction was undone: whoever caches what it read compares this. */
  get rollbacks(): number {
    return this.#rollbacks;
  }

  /**
   * 16 bytes that name an unbroken sequence of this database's states: no two states with the same lineage follow the
   * same one. It goes on when a file was closed with {@link close} and the very same file is opened again; a new one
   * begins in a copy, after a restore, after a process that ended without closing, with each transaction that was undone,
   * and whenever the system does not tell.
   */
  get lineage(): Uint8Array {
    return this.#lineage.slice();
  }

  /** The database's clock: whole seconds since the Unix epoch. */
  now(): number {
    return this.#now();
  }

  /**
   * Runs `work` so that all it writes is kept, or none of it. A transaction inside another one joins it: there is one
   * commit and one publish, at the end of the outermost, and a failure anywhere inside undoes the whole, even if it was
   * caught in between.
   *
   * When this returns, a database with a file has its changes on disk. When it throws, memory and file are as before.
   *
   * @param work synchronous
   * @returns what `work` returns
   * @throws what `work` throws
   * @throws MeshError `read-only`, `database-closed`, `transaction-failed` (an inner failure was caught in between),
   *   `publish-failed` or `file-changed` (the file could not, or must not, be replaced), `publish-uncertain`
   */
  transaction<T>(work: () => T): T {
    this.#open();
    if (this.#readonly) throw new MeshError('read-only', 'this database was opened read-only');
    return this.#depth > 0 ? this.#join(work) : this.#begin(work);
  }

  #openForReading(sql: string): Connection {
    const connection = this.#open();
    requireReading(sql);
    return connection;
  }

  #write(sql: string, params: readonly SqlValue[]): void {
    const connection = this.#open();
    requireReplayable(sql);
    connection.run(sql, params);
    this.#publisher.record(sql, params);
  }

  #join<T>(work: () => T): T {
    this.#depth++;
    try {
      return requireSynchronous(work());
    } catch (error) {
      this.#failure ??= { error };
      throw error;
    } finally {
      this.#depth--;
    }
  }

  #begin<T>(work: () => T): T {
    this.#connection.begin();
    let result: T;
    try {
      result = this.#join(work);
      if (this.#failure !== undefined) {
        throw new MeshError(
          'transaction-failed',
          'a transaction inside this one failed, so that all of it was undone',
          {
            cause: this.#failure.error,
          },
        );
      }
      this.#connection.commit();
    } catch (error) {
      this.#rollBack();
      throw error;
    } finally {
      this.#failure = undefined;
    }
    this.#publish();
    return result;
  }

  #rollBack(): void {
    this.#noteUndone();
    this.#publisher.discard();
    try {
      this.#connection.rollback();
    } catch (cause) {
      // After some errors SQLite has rolled back by itself, and says so here: no transaction is active.
      if (!(cause instanceof MeshError && cause.message.includes('no transaction is active'))) throw this.#end(cause);
    }
  }

  /** What was undone may have left the program all the same: what follows must not be taken for its continuation. */
  #noteUndone(): void {
    this.#rollbacks++;
    this.#lineage = newLineage();
  }

  /** A number that grows with every row changed, inserted or deleted, and with every change to the schema. */
  #changes(): number {
    const row = this.#connection.get('SELECT total_changes() + schema_version AS changes FROM pragma_schema_version');
    return Number(row?.changes);
  }

  #publish(): void {
    if (this.#changes() === this.#publishedChanges) this.#publisher.discard();
    else this.#keep(() => this.#publisher.publish(this.#lineage));
  }

  #keep(publish: () => void): void {
    try {
      publish();
    } catch (error) {
      this.#returnToPublished(error);
      throw error;
    }
    this.#recordedLineage = this.#lineage;
    this.#publishedChanges = this.#changes();
  }

  /** Goes back to what was published last after the present state could not be. */
  #returnToPublished(reason: unknown): void {
    this.#noteUndone();
    try {
      this.#publisher.restore();
      this.#publishedChanges = this.#changes();
    } catch {
      this.#end(reason);
    }
  }

  /** Lets nothing through from here on: what memory holds is not what the file holds. */
  #end(cause: unknown): MeshError {
    this.#ended = new MeshError(
      'database-failed',
      'this database could not be kept in step with its file; open it again',
      {
        cause,
      },
    );
    return this.#ended;
  }

  #open(): Connection {
    if (this.#ended !== undefined) throw this.#ended;
    return this.#connection;
  }

  /**
   * The database as the bytes of a SQLite file, for `openDatabase({ bytes })`. Without a passphrase it holds private keys
   * in the clear.
   *
   * @throws MeshError `in-transaction` inside a transaction
   */
  export(): Uint8Array {
    const connection = this.#open();
    if (this.#depth > 0) throw new MeshError('in-transaction', 'export() must not be called inside a transaction');
    // Exporting may reset SQLite's counters.
    const unpublished = this.#changes() - this.#publishedChanges;
    const image = connection.export();
    this.#publishedChanges = this.#changes() - unpublished;
    return image;
  }

  /**
   * Writes the database to another file, with mode 0600: all of it or nothing, also beside readers and, opened read-only,
   * beside a writer. Without a passphrase it holds private keys in the clear. A database opened from a backup begins a new
   * lineage.
   *
   * @param file a path
   * @throws InvalidInputError; DatabaseLockedError if the other file is in use; CorruptDatabaseError if the file to be
   *   replaced is no database of this library
   * @throws MeshError `file-exists` unless `replace`; `in-transaction`; `file-unavailable`, `publish-failed`,
   *   `publish-uncertain`; `no-file-system` where there is none
   */
  backup(file: string, options: BackupOptions = {}): void {
    writeBackup(file, this.export(), this.file, options);
  }

  /**
   * Gives back what deleted rows took, also in the file. A rewrite of the whole database: worth it after much was deleted.
   *
   * @throws MeshError `in-transaction` inside a transaction; and as {@link transaction} does
   */
  compact(): void {
    if (this.#depth > 0) throw new MeshError('in-transaction', 'compact() must not be called inside a transaction');
    const connection = this.#open();
    if (this.#readonly) throw new MeshError('read-only', 'this database was opened read-only');
    connection.run('VACUUM');
    this.#keep(() => this.#publisher.publishWhole(this.#lineage));
  }

  /**
   * Wipes the key that opens the secrets from memory. What needs them throws `secrets-locked` from here on; the rest,
   * such as the roster, the history and `verifyHistory`, goes on.
   *
   * @throws MeshError `no-passphrase` if this database has none
   */
  lock(): void {
    this.#open();
    this.secrets.lock();
  }

  /**
   * Makes the secrets usable again, or for the first time in a database that was opened `locked`.
   *
   * @throws InvalidInputError if the passphrase is not as it must be
   * @throws CorruptDatabaseError if the stored key is damaged
   * @throws MeshError `wrong-passphrase`; `no-passphrase` if this database has none; `database-closed`
   */
  async unlock(passphrase: Passphrase): Promise<void> {
    this.#open();
    await this.secrets.unlock(passphrase);
    if (this.#ended === undefined) return;
    // Closed while the key was derived.
    this.secrets.close();
    throw this.#ended;
  }

  /**
   * Resolves when everything that was reported as done is on disk; with files and OPFS that is so at once. What could not
   * be written before is tried once more.
   *
   * @throws MeshError with IndexedDB: `quota-exceeded`, `publish-failed`, or `file-changed` if another program has written
   *   there; the state that was written last stays
   */
  async durable(): Promise<void> {
    this.#open();
    await this.#publisher.durable();
  }

  /**
   * Frees memory and the file's lock; with IndexedDB what is yet to be written is written behind, and {@link closed} tells
   * when. Calling it again does nothing; anything else throws `database-closed` from here on.
   *
   * @throws MeshError `in-transaction` inside a transaction
   */
  close(): void {
    if (this.#depth > 0) throw new MeshError('in-transaction', 'close() must not be called inside a transaction');
    if (this.#ended?.code === 'database-closed') return;
    this.#ended = new MeshError('database-closed', 'this database is closed');
    this.secrets.close();
    try {
      this.#publisher.close(this.#recordedLineage === this.#lineage);
    } finally {
      this.#connection.close();
      this.#resolveClosed(this.#publisher.closed?.());
    }
  }
}

function requireSynchronous<T>(result: T): T {
  if (typeof result === 'object' && result !== null && 'then' in result) {
    throw new InvalidInputError('work must be synchronous: a transaction cannot wait for a promise');
  }
  return result;
}
