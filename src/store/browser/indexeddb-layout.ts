/**
 * The layout of a database in IndexedDB: what object stores there are, and what tells ours from those of others.
 *
 * @module
 */
import { CorruptDatabaseError, MeshError } from '../../errors.js';
import { resultOf } from './indexeddb-requests.js';
import { unavailable } from './storage-errors.js';

/** The object store with the one record that counts. */
export const STATE = 'state';
/** The object store with the blocks. */
export const BLOCKS = 'blocks';
/** The key of the one record. */
export const STATE_KEY = 'arborist-mesh';
/** What this version of the library writes. */
export const FORMAT = 1;

/** An image as it was at one publish. */
export interface Version {
  readonly generation: number;
  /** Bytes. */
  readonly length: number;
}

/** The record that says which blocks count. */
export interface State extends Version {
  readonly format: typeof FORMAT;
  readonly token: string;
  readonly previous: Version | null;
  /** Whether the last writer closed it after its last publish, and nobody opened it for writing since. */
  readonly closed: boolean;
}

/** How a database in IndexedDB is called in messages. */
export function placeOf(name: string): string {
  return `the IndexedDB database "${name}"`;
}

/** Opens the IndexedDB database; null where there is none and none shall be made. @throws CorruptDatabaseError if it is not ours */
export async function openOwn(name: string, { create }: { readonly create: boolean }): Promise<IDBDatabase | null> {
  const place = placeOf(name);
  let missing = false;
  let database: IDBDatabase;
  try {
    const request = indexedDB.open(name);
    request.onupgradeneeded = () => {
      missing = true;
      if (create) {
        request.result.createObjectStore(STATE);
        request.result.createObjectStore(BLOCKS);
      } else {
        // Undone, the database that was made by looking for it is gone again.
        request.transaction?.abort();
      }
    };
    database = await resultOf(request);
  } catch (cause) {
    if (missing && !create) return null;
    throw cause instanceof ReferenceError ? noIndexedDb(place, cause) : unavailable(place, cause);
  }
  const stores = [...database.objectStoreNames];
  if (stores.length === 2 && stores.includes(STATE) && stores.includes(BLOCKS)) return database;
  database.close();
  throw foreign(place);
}

function noIndexedDb(place: string, cause: unknown): MeshError {
  return new MeshError(
    'storage-unavailable',
    `${place} cannot be opened: there is no IndexedDB here; use { file } in Node, Deno or Bun, { bytes } elsewhere`,
    { cause },
  );
}

/**
 * Removes a store. The caller holds the lock.
 *
 * @returns whether there was one
 * @throws CorruptDatabaseError if what has this name is of another application
 * @throws MeshError `storage-unavailable`
 */
export async function removeStore(name: string): Promise<boolean> {
  const database = await openOwn(name, { create: false });
  if (database === null) return false;
  try {
    await readState(database, placeOf(name));
    database.close();
    await resultOf(indexedDB.deleteDatabase(name));
    return true;
  } catch (cause) {
    database.close();
    throw unavailable(placeOf(name), cause);
  }
}

function foreign(place: string): CorruptDatabaseError {
  return new CorruptDatabaseError(`${place} is of another application; it was left as it is`);
}

/** The record; null where nothing was ever written. @throws CorruptDatabaseError if it is not of this library and version */
export async function readState(database: IDBDatabase, place: string): Promise<State | null> {
  const states = database.transaction(STATE).objectStore(STATE);
  const [state, count] = await Promise.all([resultOf(states.get(STATE_KEY)), resultOf(states.count())]);
  if (count === 0) return null;
  if (typeof state !== 'object' || state === null || !Number.isSafeInteger(state.length)) throw foreign(place);
  if (state.format !== FORMAT) {
    throw new CorruptDatabaseError(`${place} was written by a newer version of the library: update the library`);
  }
  return state as State;
}
