/**
 * A database image in IndexedDB: blocks of it under `[index, generation]`, and one record that says which generation
 * counts. A publish adds the blocks that changed and moves that record on in one transaction, so that a crash leaves
 * the image before or after. What the blocks replaced stays until the publish after that: the image before.
 *
 * @module
 */
import { CorruptDatabaseError } from '../../errors.js';
import { BLOCK_BYTES, blockCount, blockOf, changedBlocks } from './blocks.js';
import {
  BLOCKS,
  FORMAT,
  openOwn,
  placeOf,
  readState,
  STATE,
  STATE_KEY,
  type State,
  type Version,
} from './indexeddb-layout.js';
import { committed, resultOf } from './indexeddb-requests.js';
import { changedUnderneath, unavailable, writeFailed } from './storage-errors.js';
import { newToken, tokenText } from './store-token.js';

/** Blocks read at once: 8 MiB, so that reading takes little more memory than the image. */
const BLOCKS_AT_ONCE = 512;

type BlockKey = readonly [index: number, generation: number];

/** How an image is written. */
interface WriteOptions {
  readonly closed: boolean;
  readonly keepBefore: boolean;
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
      const state = await readState(database, placeOf(name));
      const store = new IndexedDbStore(name, database, state);
      if (state !== null) await store.#loadBlocks(state);
      return store;
    } catch (error) {
      database.close();
      throw unavailable(placeOf(name), error);
    }
  }

  /** The image as it was last loaded or written; not to be changed. Null where nothing was ever written. */
  get image(): Uint8Array | null {
    return this.#image;
  }

  async #loadBlocks({ length, generation }: Version): Promise<void> {
    const blocks = this.#database.transaction(BLOCKS).objectStore(BLOCKS);
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
   * Makes `image` the one that counts. When this resolves, it is on disk; when it rejects, the one before still is.
   *
   * @param image kept by this store from here on
   * @param options `closed`: whether this is the writer's last word; `keepBefore`: whether the image before is kept
   * @throws MeshError `quota-exceeded`, `publish-failed`; `file-changed` if the store is no longer as this one left it
   */
  async write(image: Uint8Array, { closed, keepBefore }: WriteOptions): Promise<void> {
    const before = this.#state;
    const changed = changedBlocks(this.#image, image);
    const isSame = changed.length === 0 && before?.length === image.length;
    if (isSame && before.closed === closed && keepBefore) return;
    const generation = (before?.generation ?? 0) + 1;
    const state: State = {
      format: FORMAT,
      token: this.token,
      generation,
      length: image.length,
      previous: before === null || !keepBefore ? null : { generation: before.generation, length: before.length },
      closed,
    };
    const generations = this.#generations.slice(0, blockCount(image.length));
    const replaced = this.#generations
      .slice(blockCount(image.length))
      .map((ofGeneration, i): BlockKey => [generations.length + i, ofGeneration]);
    for (const index of changed) {
      const ofGeneration = generations[index];
      if (ofGeneration !== undefined) replaced.push([index, ofGeneration]);
      generations[index] = generation;
    }
    const dropped = keepBefore ? this.#superseded : [...this.#superseded, ...replaced];
    await this.#commit(state, (blocks) => {
      for (const index of changed) blocks.put(blockOf(image, index).slice(), [index, generation]);
      for (const key of dropped) blocks.delete([...key]);
    });
    this.#superseded = keepBefore ? replaced : [];
    this.#generations = generations;
    this.#image = image;
  }

  /**
   * Takes away the mark of having been closed.
   *
   * @returns whether it was there
   * @throws MeshError as {@link write} does
   */
  async takeMark(): Promise<boolean> {
    if (!this.#state?.closed) return false;
    await this.#commit({ ...this.#state, closed: false }, () => undefined);
    return true;
  }

  async #commit(state: State, change: (blocks: IDBObjectStore) => void): Promise<void> {
    try {
      const transaction = (await this.#connected()).transaction([STATE, BLOCKS], 'readwrite', { durability: 'strict' });
      const done = committed(transaction);
      // A failed request fails the transaction, which is waited for below.
      done.catch(() => undefined);
      const states = transaction.objectStore(STATE);
      const found: Partial<State> | undefined = await resultOf(states.get(STATE_KEY));
      if (found?.generation !== this.#state?.generation || found?.token !== this.#state?.token) {
        transaction.abort();
        throw changedUnderneath(this.place);
      }
      states.put(state, STATE_KEY);
      change(transaction.objectStore(BLOCKS));
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
