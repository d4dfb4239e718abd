/**
 * A database in IndexedDB: mutations return when they are done in memory, and are written behind.
 *
 * @module
 */
import type { Publisher } from '../publisher.js';
import type { SqlJsConnection } from '../sql-js-connection.js';
import { placeOf, removeStore } from './indexeddb-layout.js';
import { IndexedDbPublisher } from './indexeddb-publisher.js';
import { IndexedDbStore } from './indexeddb-store.js';
import { type BrowserPlace, type PlaceOptions, readingPlace } from './place.js';
import { acquireWebLock, type WebLock } from './web-lock.js';

/** The name of the lock on a database, within the origin. */
function indexedDbLockName(name: string): string {
  return `arborist-mesh indexeddb ${name}`;
}

/**
 * Opens a database in IndexedDB, and makes it where there is none.
 *
 * @throws DatabaseLockedError if it is open for writing
 * @throws CorruptDatabaseError if it is damaged or of another application
 * @throws MeshError `storage-unavailable`
 */
export async function openIndexedDbPlace(name: string, options: PlaceOptions): Promise<BrowserPlace> {
  if (options.readonly) {
    const store = await IndexedDbStore.find(name);
    store?.close();
    return readingPlace(placeOf(name), store?.image ?? null);
  }
  const lock = await acquireWebLock(indexedDbLockName(name), placeOf(name));
  try {
    const store = await IndexedDbStore.open(name);
    return new IndexedDbWriting(store, lock, options);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** @returns whether there was one @throws as `deleteDatabase` does */
export async function deleteIndexedDbPlace(name: string): Promise<boolean> {
  const lock = await acquireWebLock(indexedDbLockName(name), placeOf(name));
  try {
    return await removeStore(name);
  } finally {
    lock.release();
  }
}

class IndexedDbWriting implements BrowserPlace {
  readonly #store: IndexedDbStore;
  readonly #lock: WebLock;
  readonly #onPublishFailure: PlaceOptions['onPublishFailure'];

  constructor(store: IndexedDbStore, lock: WebLock, { onPublishFailure }: PlaceOptions) {
    this.#store = store;
    this.#lock = lock;
    this.#onPublishFailure = onPublishFailure;
  }

  get name(): string {
    return this.#store.place;
  }

  get image(): Uint8Array | null {
    return this.#store.image;
  }

  async takeMark(): Promise<string | null> {
    return (await this.#store.takeMark()) ? this.#store.token : null;
  }

  publisher(connection: SqlJsConnection): Publisher {
    return new IndexedDbPublisher({
      connection,
      store: this.#store,
      lock: this.#lock,
      onPublishFailure: this.#onPublishFailure,
    });
  }

  abandon(): void {
    this.#store.close();
    this.#lock.release();
  }
}
