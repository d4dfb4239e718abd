/**
 * `openDatabase`: in memory, from bytes, in a file, or in a browser's storage.
 *
 * @module
 */

import { openDatabaseFile } from '#file-storage';
import { isBytes } from '../bytes.js';
import { InvalidInputError, MeshError } from '../errors.js';
import { type ConnectedDatabase, connectStored } from './connect-stored.js';
import type { Connection } from './connection.js';
import { MeshDatabase } from './database.js';
import { FilePublisher, JOURNAL_FROM } from './file-publisher.js';
import type { ImageStore, StoredDatabase } from './file-storage.js';
import { newLineage, type PublishedImage, publishImage, resumeLineage } from './lineage.js';
import { connectEmpty, migrate } from './migrate.js';
import { requirePlaceName } from './place-name.js';
import { MEMORY_ONLY } from './publisher.js';
import { settleSecrets } from './secrets/change-passphrase.js';
import { newSecrets, openSecrets } from './secrets/open-secrets.js';
import type { Passphrase } from './secrets/passphrase.js';
import type { Secrets } from './secrets/secrets.js';
import { loadSqlJs, type SqlJs } from './sql-js.js';
import type { SqlJsConnection } from './sql-js-connection.js';

/** Where a database lives and how it is opened; with nothing given, an empty one in memory. */
export interface OpenDatabaseOptions {
  /** The path of a database file (Node, Deno, Bun); made, with mode 0600, if there is none. */
  readonly file?: string;
  /**
   * The content to start from, as `db.export()` gave it. It is copied, and lives in memory only, or in a new database where
   * `indexedDB` or `opfs` names one. Not with `file`.
   */
  readonly bytes?: Uint8Array;
  /**
   * The name of an IndexedDB database of its own (browsers): mutations return when they are done in memory and are written
   * behind; `db.durable()` tells when they are on disk.
   */
  readonly indexedDB?: string;
  /**
   * The name of a folder of its own in the origin private file system (browsers): every mutation that returned is on disk.
   * In a dedicated worker; read-only anywhere.
   */
  readonly opfs?: string;
  /** Told of each publish that failed after its mutation had returned, as happens with `indexedDB` when space is short. */
  readonly onPublishFailure?: (error: MeshError) => void;
  /** Opens without a lock, beside a writer, what the file holds now; every mutation is refused. */
  readonly readonly?: boolean;
  /**
   * What the private keys, epoch secrets and invite secrets are sealed under: for a database that is made, its passphrase
   * from now on; for one that exists, the one it has. Text counts in normalization form C; bytes count as they are.
   */
  readonly passphrase?: Passphrase;
  /**
   * Opens a database that has a passphrase without it: roster, history and all else that needs no secret works, the rest
   * throws `secrets-locked` until `db.unlock(passphrase)`. Not with `passphrase`.
   */
  readonly locked?: boolean;
  /**
   * `native`: the runtime's own SQLite (Node from 22.13 on, Deno from 2.2 on, Bun) works on `file` in place: for databases
   * that are too large to be held in memory. Absent or `sql.js`: all is in memory, and `file` is written as a whole.
   */
  readonly driver?: 'sql.js' | 'native';
  /**
   * From how many bytes of the database on a mutation is added to a journal beside the file, rather than written with a
   * new image of the whole. Where absent: 1 MiB for a file, 0 in a browser. 0: always; Infinity: never.
   */
  readonly journalFrom?: number;
  /** The clock: whole seconds since the Unix epoch. The system's where absent. */
  readonly now?: () => number;
  /** An initialized sql.js (1.10 or later), where the package's own cannot be loaded. */
  readonly sqlJs?: SqlJs;
}

const systemClock = () => Math.floor(Date.now() / 1000);

function requireOptions(options: OpenDatabaseOptions): void {
  const {
    file,
    bytes,
    indexedDB,
    opfs,
    readonly,
    onPublishFailure,
    passphrase,
    locked,
    driver,
    journalFrom,
    now,
    sqlJs,
  } = options;
  if (file !== undefined && (typeof file !== 'string' || file === '')) {
    throw new InvalidInputError('file must be a path');
  }
  if (bytes !== undefined && !isBytes(bytes)) throw new InvalidInputError('bytes must be a Uint8Array');
  requirePlaceName(options);
  if (file !== undefined && (bytes ?? indexedDB ?? opfs) !== undefined) {
    throw new InvalidInputError('file excludes bytes, indexedDB and opfs');
  }
  if (bytes !== undefined && (indexedDB ?? opfs) !== undefined && readonly) {
    throw new InvalidInputError('bytes cannot be put into a database that is opened read-only');
  }
  if (driver !== undefined && driver !== 'sql.js' && driver !== 'native') {
    throw new InvalidInputError("driver must be 'sql.js' or 'native'");
  }
  if (onPublishFailure !== undefined && typeof onPublishFailure !== 'function') {
    throw new InvalidInputError('onPublishFailure must be a function');
  }
  if (passphrase !== undefined && locked) throw new InvalidInputError('passphrase and locked exclude each other');
  if (journalFrom !== undefined && !(journalFrom >= 0)) {
    throw new InvalidInputError('journalFrom must be a number of bytes from 0 on');
  }
  if (now !== undefined && typeof now !== 'function') throw new InvalidInputError('now must be a function');
  if (sqlJs !== undefined && typeof sqlJs?.Database !== 'function') {
    throw new InvalidInputError('sqlJs must be an initialized sql.js: what initSqlJs() resolves to');
  }
}

async function openNative(options: OpenDatabaseOptions): Promise<MeshDatabase | null> {
  const { file, readonly = false, passphrase, locked, now = systemClock, sqlJs } = options;
  if (file === undefined) throw new InvalidInputError("driver: 'native' needs file");
  const { openNativeDatabase } = await import('./native/open-native-database.js');
  return openNativeDatabase({
    file,
    readonly,
    passphrase,
    locked,
    now,
    loadSqlJs: async () => sqlJs ?? loadSqlJs(),
  });
}

/** Null where the database lives in memory only. */
async function openStore(options: OpenDatabaseOptions, readonly: boolean): Promise<ImageStore | null> {
  const { file, indexedDB, opfs, onPublishFailure } = options;
  if (file !== undefined) return openDatabaseFile(file, { readonly });
  // Loaded where they are used: the others do not pay for them.
  if (indexedDB !== undefined) {
    const { openIndexedDbFile } = await import('./browser/indexeddb-file.js');
    return openIndexedDbFile(indexedDB, { readonly, onPublishFailure });
  }
  if (opfs !== undefined) {
    const { openOpfsFile } = await import('./browser/opfs-file.js');
    return openOpfsFile(opfs, { readonly });
  }
  return null;
}

function readStored(file: ImageStore | null, { bytes, readonly }: OpenDatabaseOptions): StoredDatabase | null {
  if (file === null) return bytes === undefined ? null : { image: bytes, journal: null };
  const stored = file.read();
  if (stored === null && readonly) throw new MeshError('no-such-file', `${file.path} does not exist`);
  if (bytes === undefined) return stored;
  if (stored !== null) throw new MeshError('file-exists', `${file.path} exists already`);
  return { image: bytes, journal: null };
}

function newDatabase(sqlJs: SqlJs): ConnectedDatabase {
  return { connection: connectEmpty(sqlJs), imageName: null, replayed: 0 };
}

function secretsOf(
  connection: Connection,
  isNew: boolean,
  options: OpenDatabaseOptions,
  name: string,
): Promise<Secrets> {
  const { passphrase, locked } = options;
  return isNew ? newSecrets(connection, passphrase) : openSecrets(connection, { passphrase, locked, name });
}

/**
 * Opens a database, and makes it where there is none. One of an older schema is brought up to date.
 *
 * @throws InvalidInputError naming the option
 * @throws DatabaseLockedError if another process, tab or worker, or this one, has it open for writing
 * @throws CorruptDatabaseError if it is damaged, of another application or of a newer schema; it is not written to
 * @throws MeshError `passphrase-required`, `wrong-passphrase`; `no-passphrase` if one is given for a database without, which
 *   `changePassphrase` would set
 * @throws WasmUnavailableError where SQLite's WebAssembly may not be compiled
 * @throws MeshError `no-file-system`, `no-such-file` (read-only), `file-unavailable`, `publish-failed`,
 *   `sqlite-unavailable`, `no-native-sqlite`, `needs-native-sqlite`; `storage-unavailable`, `quota-exceeded`, `file-exists`
 *   if there is one already that `bytes` would replace (browsers)
 */
export async function openDatabase(options: OpenDatabaseOptions = {}): Promise<MeshDatabase> {
  requireOptions(options);
  const { now = systemClock, readonly = false } = options;
  // In a browser nobody else reads the image, so that there is no reason to keep it whole.
  const { journalFrom = options.file === undefined ? 0 : JOURNAL_FROM } = options;
  if (options.driver === 'native') {
    const native = await openNative(options);
    if (native !== null) return native;
  }
  const sqlJs = options.sqlJs ?? (await loadSqlJs());
  const file = await openStore(options, readonly);
  let connection: SqlJsConnection | undefined;
  let secrets: Secrets | undefined;
  try {
    const stored = readStored(file, options);
    const connected = stored === null ? newDatabase(sqlJs) : connectStored(sqlJs, stored, file?.path ?? 'bytes');
    connection = connected.connection;
    const migrated = migrate(connection);
    secrets = await secretsOf(connection, stored === null, options, file?.path ?? 'the database');
    if (readonly) connection.setReadonly();
    const isWhole = stored !== null && connected.replayed === 0;
    const resumed = file !== null && isWhole ? resumeLineage(connection, file) : null;
    const lineage = resumed ?? newLineage();
    let published: PublishedImage | null = null;
    let recorded = resumed !== null;
    const isNew = stored === null || options.bytes !== undefined;
    if (file !== null && !readonly && (isNew || !isWhole || migrated)) {
      published = publishImage(connection, file, lineage);
      recorded = true;
    } else if (isWhole && connected.imageName !== null) {
      published = { name: connected.imageName, size: stored.image.length };
    }
    const publisher =
      file === null
        ? MEMORY_ONLY
        : new FilePublisher({
            connection,
            file,
            path: options.file === undefined ? null : file.path,
            published,
            lineage,
            journalFrom,
          });
    const db = new MeshDatabase({ connection, publisher, readonly, now, lineage, recorded, secrets });
    await publisher.durable();
    if (!readonly) await settleSecrets(db);
    return db;
  } catch (error) {
    secrets?.close();
    connection?.close();
    file?.close(false);
    throw error;
  }
}
