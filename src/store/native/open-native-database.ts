/**
 * Opening a database file through the runtime's own SQLite.
 *
 * The file is the same as with sql.js, and may be opened with one and then the other. What sql.js left is taken over first:
 * a journal is taken in, and the content goes to a new file under the same name, so that no older copy can pass for
 * the one that goes on in place. The file before stays as `FILE.bak`.
 *
 * @module
 */
import { openDatabaseFile } from '#file-storage';
import { loadNativeSqlite } from '#native-sqlite';
import { CorruptDatabaseError, MeshError } from '../../errors.js';
import { connectStored } from '../connect-stored.js';
import { MeshDatabase } from '../database.js';
import type { DatabaseFile, InPlaceFile } from '../file-storage.js';
import { damaged, requireIntegrity, requireOwnImage } from '../image.js';
import { nameLineage, newLineage, publishImage, resumeLineage } from '../lineage.js';
import { connectEmpty, migrate } from '../migrate.js';
import { MIGRATIONS } from '../migrations/index.js';
import { settleSecrets } from '../secrets/change-passphrase.js';
import { newSecrets, openSecrets } from '../secrets/open-secrets.js';
import type { Passphrase } from '../secrets/passphrase.js';
import type { Secrets } from '../secrets/secrets.js';
import type { SqlJs } from '../sql-js.js';
import { NativeConnection } from './native-connection.js';
import { IN_PLACE, NativePublisher } from './native-publisher.js';
import type { OpenNative } from './native-sqlite.js';

/** How a file is opened; see `OpenDatabaseOptions`. */
export interface OpenNativeDatabaseOptions {
  readonly file: string;
  readonly readonly: boolean;
  readonly passphrase?: Passphrase | undefined;
  readonly locked?: boolean | undefined;
  readonly now: () => number;
  /** Needed to make a file, and to take in the journal of one. */
  readonly loadSqlJs: () => Promise<SqlJs>;
}

/** A file that is being opened. */
interface Opening {
  readonly open: OpenNative;
  readonly file: DatabaseFile;
  readonly inPlace: InPlaceFile;
  readonly options: OpenNativeDatabaseOptions;
}

/** Makes the file. @returns the secrets of the new database */
async function makeFile({ file, options }: Opening): Promise<Secrets> {
  file.read();
  const connection = connectEmpty(await options.loadSqlJs());
  try {
    const secrets = await newSecrets(connection, options.passphrase);
    publishImage(connection, file, newLineage());
    return secrets;
  } finally {
    connection.close();
  }
}

/** Takes the journal that sql.js left into the file. */
async function takeInJournal({ file, options }: Opening): Promise<void> {
  const stored = file.read();
  if (stored === null) return;
  const { connection } = connectStored(await options.loadSqlJs(), stored, file.path);
  try {
    publishImage(connection, file, newLineage());
  } finally {
    connection.close();
  }
}

/** @throws CorruptDatabaseError if the file is damaged, of another application or of a newer schema */
function connectFile({ open, inPlace, options }: Opening): NativeConnection {
  const { path } = inPlace;
  requireOwnImage(inPlace.head() ?? new Uint8Array(0), path, MIGRATIONS.length);
  let connection: NativeConnection | undefined;
  try {
    connection = new NativeConnection(open, inPlace, options);
    requireIntegrity(connection, path);
    return connection;
  } catch (error) {
    connection?.close();
    if (error instanceof CorruptDatabaseError || !(error instanceof MeshError)) throw error;
    throw error.code === 'sql-failed' ? damaged(path, error.message, { cause: error }) : error;
  }
}

/** What a writer takes over. */
interface TakenOver {
  readonly connection: NativeConnection;
  readonly lineage: Uint8Array;
}

/**
 * Makes ready to write in place.
 *
 * @param found a connection that has written nothing yet; it is closed where another one takes its place, or this fails
 * @param isFresh whether this process has just written the file, so that nobody can have a copy
 */
function takeOver(opening: Opening, found: NativeConnection, isFresh: boolean): TakenOver {
  const { inPlace } = opening;
  let connection = found;
  try {
    const resumed = resumeLineage(connection, inPlace);
    const lineage = resumed ?? newLineage();
    const version = Number(connection.get('PRAGMA user_version')?.user_version);
    const isOld = version < MIGRATIONS.length;
    const token = connection.get("SELECT value FROM meta WHERE key = 'file_token'")?.value;
    const wasImage = token !== IN_PLACE;
    if (isOld || (wasImage && !isFresh)) {
      connection.close();
      inPlace.moveToNewFile();
      connection = connectFile(opening);
    }
    migrate(connection);
    connection.startWriting();
    if (resumed === null || wasImage) nameLineage(connection, lineage, IN_PLACE);
    inPlace.observe();
    return { connection, lineage };
  } catch (error) {
    connection.close();
    throw error;
  }
}

async function openForWriting(opening: Opening): Promise<MeshDatabase> {
  const { file, inPlace, options } = opening;
  const { passphrase, locked, now } = options;
  let connection: NativeConnection | undefined;
  let secrets: Secrets | undefined;
  try {
    const isNew = inPlace.head() === null;
    if (isNew) secrets = await makeFile(opening);
    else if (inPlace.hasJournal()) await takeInJournal(opening);
    connection = connectFile(opening);
    // Whoever has a wrong passphrase leaves no trace.
    secrets ??= await openSecrets(connection, { passphrase, locked, name: file.path });
    const taken = takeOver(opening, connection, isNew);
    const { lineage } = taken;
    connection = taken.connection;
    const publisher = new NativePublisher({ connection, file, inPlace, readonly: false, lineage });
    const db = new MeshDatabase({ connection, publisher, readonly: false, now, lineage, recorded: true, secrets });
    await settleSecrets(db);
    return db;
  } catch (error) {
    secrets?.close();
    connection?.close();
    throw error;
  }
}

async function openForReading(opening: Opening): Promise<MeshDatabase> {
  const { file, inPlace, options } = opening;
  const { passphrase, locked, now } = options;
  if (inPlace.head() === null) throw new MeshError('no-such-file', `there is no database file ${file.path}`);
  const connection = connectFile(opening);
  try {
    const secrets = await openSecrets(connection, { passphrase, locked, name: file.path });
    connection.setReadonly();
    const lineage = newLineage();
    const publisher = new NativePublisher({ connection, file, inPlace, readonly: true, lineage });
    return new MeshDatabase({ connection, publisher, readonly: true, now, lineage, recorded: false, secrets });
  } catch (error) {
    connection.close();
    throw error;
  }
}

/**
 * Opens a file, and makes it where there is none.
 *
 * @returns null for a reader beside a writer with sql.js, which has a part of the database in a journal: only sql.js can read it
 * @throws as `openDatabase` does, and MeshError `no-native-sqlite`
 */
export async function openNativeDatabase(options: OpenNativeDatabaseOptions): Promise<MeshDatabase | null> {
  const open = await loadNativeSqlite();
  const { readonly } = options;
  const file = openDatabaseFile(options.file, { readonly });
  try {
    const inPlace = file.inPlace();
    const opening = { open, file, inPlace, options };
    if (!readonly) return await openForWriting(opening);
    return inPlace.hasJournal() ? null : await openForReading(opening);
  } catch (error) {
    file.close(false);
    throw error;
  }
}
