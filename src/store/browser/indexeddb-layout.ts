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
/** The object store with the entries of the journal, by their number. */
export const JOURNAL = 'journal';
/** The key of the one record. */
export const STATE_KEY = 'arborist-mesh';
/** All object stores. */
export const STORES = [STATE, BLOCKS, JOURNAL];
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
  /** How many entries the journal of the image has. */
  readonly entries: number;
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
        for (const store of STORES) request.result.createObjectStore(store);
      } else {
        // Undone, the database that was made by looking for it is gone again.
        request.transaction?.abort();
      }
    };
    database = await resultOf(request);
  } catch (cause) {
    if (missing && !create) return null;
    throw unavailable(place, cause);
  }
  const stores = [...database.objectStoreNames];
  if (stores.length === STORES.length && STORES.every((store) => stores.includes(store))) return database;
  database.close();
  throw foreign(place);
}

/** @throws MeshError `storage-unavailable` where there is no IndexedDB at all */
export function requireIndexedDb(name: string): void {
  if (globalThis.indexedDB !== undefined) return;
  throw new MeshError(
    'storage-unavailable',
    `${placeOf(name)} cannot be opened: there is no IndexedDB here; use { file } in Node, Deno or Bun, { bytes } elsewhere`,
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
    await readState(database.transaction(STATE), placeOf(name));
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
export async function readState(transaction: IDBTransaction, place: string): Promise<State | null> {
  const states = transaction.objectStore(STATE);
  const [state, count] = await Promise.all([resultOf(states.get(STATE_KEY)), resultOf(states.count())]);
  if (count === 0) return null;
  if (typeof state !== 'object' || state === null || !Number.isSafeInteger(state.length)) throw foreign(place);
  if (state.format !== FORMAT) {
    throw new CorruptDatabaseError(`${place} was written by a newer version of the library: update the library`);
  }
  return state as State;
}
