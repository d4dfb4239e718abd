/**
 * Recovering a database in a browser whose image is damaged, from the image before.
 *
 * @module
 */
import { CorruptDatabaseError } from '../../errors.js';
import { connectStored } from '../connect-stored.js';
import type { StoredDatabase } from '../file-storage.js';
import type { PlaceName } from '../place-name.js';
import type { ExaminedFile, Recovery } from '../recover.js';
import type { SqlJs } from '../sql-js.js';
import type { Versions } from './versions.js';
import { acquireWebLock } from './web-lock.js';

/** Where a database is, and how to look at it and lock it. */
interface Place {
  readonly path: string;
  readonly lock: string;
  versions(): Promise<Versions | null>;
}

async function findPlace({ indexedDB, opfs = '' }: PlaceName): Promise<Place> {
  if (indexedDB !== undefined) {
    const { placeOf } = await import('./indexeddb-layout.js');
    const { indexedDbVersions } = await import('./indexeddb-versions.js');
    const lock = `arborist-mesh indexeddb ${indexedDB}`;
    return { path: placeOf(indexedDB), lock, versions: () => indexedDbVersions(indexedDB) };
  }
  const { opfsVersions, placeOf } = await import('./opfs-files.js');
  return { path: placeOf(opfs), lock: `arborist-mesh opfs ${opfs}`, versions: () => opfsVersions(opfs) };
}

function examine(sqlJs: SqlJs, path: string, stored: StoredDatabase | null): ExaminedFile {
  const size = (stored?.image.length ?? 0) + (stored?.journal?.length ?? 0);
  if (stored === null) return { path, state: 'damaged', problem: 'its image is not as it was written', size };
  try {
    connectStored(sqlJs, stored, path).connection.close();
    return { path, state: 'good', problem: null, size };
  } catch (error) {
    if (!(error instanceof CorruptDatabaseError)) throw error;
    return { path, state: 'damaged', problem: error.message, size };
  }
}

const missing = (path: string): ExaminedFile => ({ path, state: 'missing', problem: null, size: 0 });

async function recover(sqlJs: SqlJs, { path, versions }: Place, dryRun: boolean): Promise<Recovery> {
  const found = await versions();
  const nameOfBefore = `the image before of ${path}`;
  const file = found === null ? missing(path) : examine(sqlJs, path, found.present);
  const before = found?.before ?? null;
  const source =
    before === null ? missing(nameOfBefore) : examine(sqlJs, nameOfBefore, { image: before, journal: null });
  const reports = { file, source, done: false, kept: null };
  if (file.state === 'good') return { ...reports, action: 'none' };
  if (source.state !== 'good' || found === null) return { ...reports, action: 'impossible' };
  if (!dryRun) await found.stepBack();
  return { ...reports, action: 'replace', done: !dryRun };
}

/** See `recoverDatabase`. */
export async function recoverPlace(sqlJs: SqlJs, name: PlaceName, dryRun: boolean): Promise<Recovery> {
  const place = await findPlace(name);
  if (dryRun) return recover(sqlJs, place, dryRun);
  const lock = await acquireWebLock(place.lock, place.path);
  try {
    return await recover(sqlJs, place, dryRun);
  } finally {
    lock.release();
  }
}
