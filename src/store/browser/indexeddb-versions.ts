/**
 * The versions of a database in IndexedDB, and the step back from the present one to the one before.
 *
 * @module
 */
import { concatBytes } from '../../bytes.js';
import { BLOCK_BYTES, blockCount } from './blocks.js';
import {
  BLOCKS,
  JOURNAL,
  openOwn,
  placeOf,
  readState,
  requireIndexedDb,
  STATE,
  STATE_KEY,
  STORES,
  type State,
  type Version,
} from './indexeddb-layout.js';
import { committed, resultOf } from './indexeddb-requests.js';
import { unavailable, writeFailed } from './storage-errors.js';
import type { Versions } from './versions.js';

type Block = readonly [key: readonly [index: number, generation: number], bytes: Uint8Array];

/**
 * Looks at a database in IndexedDB. The caller holds the lock, or only looks.
 *
 * @returns null where there is none
 * @throws CorruptDatabaseError if it is of another application or of a newer version of this library
 * @throws MeshError `storage-unavailable`
 */
export async function indexedDbVersions(name: string): Promise<Versions | null> {
  requireIndexedDb(name);
  const database = await openOwn(name, { create: false });
  if (database === null) return null;
  const path = placeOf(name);
  try {
    const transaction = database.transaction(STORES);
    const state = await readState(transaction, path);
    if (state === null) return null;
    const store = transaction.objectStore(BLOCKS);
    const [keys, values] = [await resultOf(store.getAllKeys()), (await resultOf(store.getAll())) as Uint8Array[]];
    const blocks = values.map((bytes, i): Block => [keys[i] as unknown as Block[0], bytes]);
    const journal = concatBytes(...((await resultOf(transaction.objectStore(JOURNAL).getAll())) as Uint8Array[]));
    const image = assemble(blocks, state);
    return {
      path,
      present: image === null ? null : { image, journal },
      before: state.previous === null ? null : assemble(blocks, state.previous),
      stepBack: () => stepBack(name, state),
    };
  } catch (cause) {
    throw unavailable(path, cause);
  } finally {
    database.close();
  }
}

/** The image of a version; null where a block of it is missing. Keys come in ascending order. */
function assemble(blocks: readonly Block[], { length, generation }: Version): Uint8Array | null {
  const image = new Uint8Array(length);
  const found = new Set<number>();
  for (const [[index, ofGeneration], bytes] of blocks) {
    if (ofGeneration > generation || index >= blockCount(length)) continue;
    image.set(bytes.subarray(0, length - index * BLOCK_BYTES), index * BLOCK_BYTES);
    found.add(index);
  }
  return found.size === blockCount(length) ? image : null;
}

async function stepBack(name: string, { previous, ...state }: State): Promise<void> {
  const database = await openOwn(name, { create: false });
  if (database === null || previous === null) return;
  try {
    const transaction = database.transaction(STORES, 'readwrite', { durability: 'strict' });
    const done = committed(transaction);
    done.catch(() => undefined);
    const blocks = transaction.objectStore(BLOCKS);
    for (const key of await resultOf(blocks.getAllKeys())) {
      if ((key as unknown as Block[0])[1] > previous.generation) blocks.delete(key);
    }
    transaction.objectStore(JOURNAL).clear();
    transaction.objectStore(STATE).put({ ...state, ...previous, previous: null, entries: 0, closed: false }, STATE_KEY);
    await done;
  } catch (cause) {
    throw writeFailed(placeOf(name), cause);
  } finally {
    database.close();
  }
}
