/**
 * A database image in IndexedDB: blocks of it under `[index, generation]`, and one record that says which generation
 * counts. A publish adds the blocks that changed and moves that record on in one transaction, so that a crash leaves
 * the image before or after. What the blocks replaced stays until the publish after that: the image before.
 *
 * @module
 */
import { concatBytes } from '../../bytes.js';
import { CorruptDatabaseError } from '../../errors.js';
import type { StoredDatabase } from '../file-storage.js';
import { BLOCK_BYTES, blockCount, blockOf, changedBlocks } from './blocks.js';
import {
  BLOCKS,
  FORMAT,
  JOURNAL,
  openOwn,
  placeOf,
  readState,
  STATE,
  STATE_KEY,
  STORES,
  type State,
  type Version,
} from './indexeddb-layout.js';
import { committed, resultOf } from './indexeddb-requests.js';
import { changedUnderneath, unavailable, writeFailed } from './storage-errors.js';
import { newToken, tokenText } from './store-token.js';

/** Blocks read at once: 8 MiB, so that reading takes little more memory than the image. */
const BLOCKS_AT_ONCE = 512;

type BlockKey = readonly [index: number, generation: number];

/** What {@link IndexedDbStore.write} writes. */
export interface IndexedDbWrite {
  /** The new image, which the store keeps; null where the one before stays. */
  readonly image: Uint8Array | null;
  /** What is added to the journal of the image. */
  readonly entries: readonly Uint8Array[];
  /** Whether this is the writer's last word. */
  readonly closed: boolean;
}

/** An image in IndexedDB, open for writing, or read once. The caller holds the lock. */
export class IndexedDbStore {
  /** Names this store, 32 hexadecimal digits: an image that was written to another one is a copy here. */
  readonly token: string;
  /** Names it in an error's message. */
  readonly place: string;
  readonly #name: string;
  #database: IDBDatabase;
  #disconnected = false;
  #state: State | null;
  /** The image that the state names; null where there is none yet. */
  #image: Uint8Array | null = null;
  /** The journal that was found. */
  #journal: Uint8Array = new Uint8Array(0);
  /** The generation that each block of the image is of, by index. */
  #generations: number[] = [];
  /** The blocks that only the image before needs. */
  #superseded: BlockKey[] = [];

  private constructor(name: string, database: IDBDatabase, state: State | null) {
    this.#name = name;
    this.place = placeOf(name);
    this.#database = database;
    this.#connect(database);
    this.#state = state;
    this.token = state?.token ?? tokenText(newToken());
  }

  /**
   * Opens a store, and makes it where there is none.
   *
   * @throws CorruptDatabaseError if it is damaged, of another application or of a newer version of this library
   * @throws MeshError `storage-unavailable`
   */
  static async open(name: string): Promise<IndexedDbStore> {
    const store = await IndexedDbStore.#load(name, await openOwn(name, { create: true }));
    if (store === null) throw changedUnderneath(placeOf(name));
    return store;
  }

  /** Opens a store if there is one; else null. @throws as {@link open} does */
  static async find(name: string): Promise<IndexedDbStore | null> {
    return IndexedDbStore.#load(name, await openOwn(name, { create: false }));
  }

  static async #load(name: string, database: IDBDatabase | null): Promise<IndexedDbStore | null> {
    if (database === null) return null;
    try {
      // One transaction, so that a writer cannot come in between.
      const transaction = database.transaction(STORES);
      const state = await readState(transaction, placeOf(name));
      const store = new IndexedDbStore(name, database, state);
      if (state !== null) await store.#loadBlocks(transaction.objectStore(BLOCKS), state);
      store.#journal = concatBytes(...((await resultOf(transaction.objectStore(JOURNAL).getAll())) as Uint8Array[]));
      return store;
    } catch (error) {
      database.close();
      throw unavailable(placeOf(name), error);
    }
  }

  /** What was found; not to be changed. Null where nothing was ever written. */
  get stored(): StoredDatabase | null {
    return this.#image === null ? null : { image: this.#image, journal: this.#journal };
  }

  /** Whether the last writer closed it properly. */
  get closed(): boolean {
    return this.#state?.closed ?? false;
  }

  async #loadBlocks(blocks: IDBObjectStore, { length, generation }: Version): Promise<void> {
    const image = new Uint8Array(length);
    for (let first = 0; first < blockCount(length); first += BLOCKS_AT_ONCE) {
      const range = IDBKeyRange.bound([first], [first + BLOCKS_AT_ONCE], false, true);
      const [keys, values] = await Promise.all([
        resultOf(blocks.getAllKeys(range)) as Promise<unknown> as Promise<BlockKey[]>,
        resultOf(blocks.getAll(range)) as Promise<Uint8Array[]>,
      ]);
      // In ascending order, so that of two blocks with one index the newer comes last.
      keys.forEach(([index, ofGeneration], i) => {
        const block = values[i];
        if (block === undefined || ofGeneration > generation || index >= blockCount(length)) return;
        const older = this.#generations[index];
        if (older !== undefined) this.#superseded.push([index, older]);
        this.#generations[index] = ofGeneration;
        image.set(block.subarray(0, length - index * BLOCK_BYTES), index * BLOCK_BYTES);
      });
    }
    for (let index = 0; index < blockCount(length); index++) {
      if (this.#generations[index] === undefined) {
        throw new CorruptDatabaseError(`${this.place} is damaged (block ${index} is missing); it was left as it is`);
      }
    }
    const beyond = await resultOf(blocks.getAllKeys(IDBKeyRange.lowerBound([blockCount(length)])));
    this.#superseded.push(...(beyond as unknown as BlockKey[]));
    this.#image = image;
  }

  /**
   * Writes all of it or nothing. When this resolves, it is on disk.
   *
   * @throws MeshError `quota-exceeded`, `publish-failed`; `file-changed` if the store is no longer as this one left it
   */
  async write({ image, entries, closed }: IndexedDbWrite): Promise<void> {
    if (image !== null) await this.#writeImage(image, entries, closed);
    else if (this.#state !== null) await this.#writeEntries(this.#state, entries, closed);
  }

  async #writeEntries(before: State, entries: readonly Uint8Array[], closed: boolean): Promise<void> {
    if (entries.length === 0 && before.closed === closed) return;
    await this.#commit({ ...before, entries: before.entries + entries.length, closed }, (_, journal) => {
      entries.forEach((entry, i) => {
        journal.put(entry, before.entries + i);
      });
    });
  }

  async #writeImage(image: Uint8Array, entries: readonly Uint8Array[], closed: boolean): Promise<void> {
    const before = this.#state;
    const generation = (before?.generation ?? 0) + 1;
    const changed = changedBlocks(this.#image, image);
    const generations = this.#generations.slice(0, blockCount(image.length));
    const superseded = this.#generations
      .slice(blockCount(image.length))
      .map((ofGeneration, i): BlockKey => [generations.length + i, ofGeneration]);
    for (const index of changed) {
      const ofGeneration = generations[index];
      if (ofGeneration !== undefined) superseded.push([index, ofGeneration]);
      generations[index] = generation;
    }
    const state: State = {
      format: FORMAT,
      token: this.token,
      generation,
      length: image.length,
      previous: before === null ? null : { generation: before.generation, length: before.length },
      entries: entries.length,
      closed,
    };
    await this.#commit(state, (blocks, journal) => {
      for (const index of changed) blocks.put(blockOf(image, index).slice(), [index, generation]);
      for (const key of this.#superseded) blocks.delete([...key]);
      journal.clear();
      for (const [number, entry] of entries.entries()) journal.put(entry, number);
    });
    this.#superseded = superseded;
    this.#generations = generations;
    this.#image = image;
  }

  async #commit(state: State, change: (blocks: IDBObjectStore, journal: IDBObjectStore) => void): Promise<void> {
    try {
      const transaction = (await this.#connected()).transaction(STORES, 'readwrite', { durability: 'strict' });
      const done = committed(transaction);
      // A failed request fails the transaction, which is waited for below.
      done.catch(() => undefined);
      const states = transaction.objectStore(STATE);
      const found: Partial<State> | undefined = await resultOf(states.get(STATE_KEY));
      if (!isSameState(found, this.#state)) {
        transaction.abort();
        throw changedUnderneath(this.place);
      }
      states.put(state, STATE_KEY);
      change(transaction.objectStore(BLOCKS), transaction.objectStore(JOURNAL));
      transaction.commit();
      await done;
    } catch (cause) {
      throw writeFailed(this.place, cause);
    }
    this.#state = state;
  }

  /** The connection; a new one where the browser ended it, as it does when a user clears the site's data. */
  async #connected(): Promise<IDBDatabase> {
    if (!this.#disconnected) return this.#database;
    const database = await openOwn(this.#name, { create: false });
    if (database === null) throw changedUnderneath(this.place);
    this.#connect(database);
    return database;
  }

  #connect(database: IDBDatabase): void {
    this.#database = database;
    this.#disconnected = false;
    database.onclose = () => {
      this.#disconnected = true;
    };
  }

  /** Lets go of IndexedDB; what was begun is finished. */
  close(): void {
    this.#database.close();
  }
}

function isSameState(a: Partial<State> | undefined, b: State | null): boolean {
  return a?.token === b?.token && a?.generation === b?.generation && a?.entries === b?.entries;
}
