/**
 * A database in IndexedDB. What is published is written behind: mutations return when they are done in memory, and the
 * newest state follows. What was never written is lost with the tab, as a whole; what was, stays.
 *
 * @module
 */
import { MeshError } from '../../errors.js';
import type { ImageStore, StoredDatabase } from '../file-storage.js';
import { placeOf, removeStore, requireIndexedDb } from './indexeddb-layout.js';
import { IndexedDbStore } from './indexeddb-store.js';
import { readOnlyStore } from './read-only-store.js';
import { changedUnderneath } from './storage-errors.js';
import { acquireWebLock, type WebLock } from './web-lock.js';
import { WriteBehind } from './write-behind.js';

/** How a database in IndexedDB is opened. */
export interface IndexedDbOptions {
  /** Takes no lock, and never writes. */
  readonly readonly: boolean;
  /** Told of each write that failed after the mutation had returned. */
  readonly onPublishFailure: ((error: MeshError) => void) | undefined;
}

async function acquire(name: string): Promise<WebLock> {
  requireIndexedDb(name);
  return acquireWebLock(`arborist-mesh indexeddb ${name}`, placeOf(name));
}

/**
 * Opens a database in IndexedDB, and makes it where there is none.
 *
 * @throws DatabaseLockedError if it is open for writing
 * @throws CorruptDatabaseError if it is damaged or of another application
 * @throws MeshError `storage-unavailable`
 */
export async function openIndexedDbFile(name: string, options: IndexedDbOptions): Promise<ImageStore> {
  if (options.readonly) {
    requireIndexedDb(name);
    const store = await IndexedDbStore.find(name);
    store?.close();
    return readOnlyStore(placeOf(name), store?.stored ?? null);
  }
  const lock = await acquire(name);
  try {
    return new IndexedDbFile(await IndexedDbStore.open(name), lock, options.onPublishFailure);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * Deletes a database in IndexedDB.
 *
 * @returns whether there was one
 * @throws as `deleteDatabase` does
 */
export async function deleteIndexedDbFile(name: string): Promise<boolean> {
  const lock = await acquire(name);
  try {
    return await removeStore(name);
  } finally {
    lock.release();
  }
}

/** What is yet to be written: a new image if there is one, and what follows it in the journal. */
interface Pending {
  readonly image: Uint8Array | null;
  readonly entries: readonly Uint8Array[];
}

const NOTHING: Pending = { image: null, entries: [] };

class IndexedDbFile implements ImageStore {
  readonly path: string;
  readonly #store: IndexedDbStore;
  readonly #lock: WebLock;
  readonly #onPublishFailure: IndexedDbOptions['onPublishFailure'];
  readonly #writes: WriteBehind;
  #pending = NOTHING;
  /** Set once nothing may be written any more. */
  #fatal: MeshError | undefined;
  /** Whether memory may be ahead of what was read. */
  #published = false;
  #closed: Promise<void> = Promise.resolve();

  constructor(store: IndexedDbStore, lock: WebLock, onPublishFailure: IndexedDbOptions['onPublishFailure']) {
    this.path = store.place;
    this.#store = store;
    this.#lock = lock;
    this.#onPublishFailure = onPublishFailure;
    this.#writes = new WriteBehind({
      write: () => this.#write(false),
      onFailure: (error) => this.#noteFailure(error),
    });
  }

  read(): StoredDatabase | null {
    // What is on disk now, nobody can tell at once.
    if (this.#published) throw this.#fatal ?? changedUnderneath(this.path);
    return this.#store.stored;
  }

  resume(token: string): boolean {
    if (!this.#store.closed || token !== this.#store.token) return false;
    // Takes the mark away; whoever opens waits until that is on disk.
    this.#writes.request();
    return true;
  }

  publish(render: (token: string) => Uint8Array): void {
    this.#note({ image: render(this.#store.token), entries: [] });
  }

  append(bytes: Uint8Array): void {
    this.#note({ image: this.#pending.image, entries: [...this.#pending.entries, bytes] });
  }

  #note(pending: Pending): void {
    this.#published = true;
    if (this.#fatal !== undefined) throw this.#fatal;
    this.#pending = pending;
    this.#writes.request();
  }

  async #write(closed: boolean): Promise<void> {
    if (this.#lock.lost) throw changedUnderneath(this.path);
    const taken = this.#pending;
    this.#pending = NOTHING;
    try {
      await this.#store.write({ ...taken, closed });
    } catch (error) {
      const { image, entries } = this.#pending;
      if (image === null) this.#pending = { image: taken.image, entries: [...taken.entries, ...entries] };
      throw error;
    }
  }

  #noteFailure(error: unknown): void {
    const failure =
      error instanceof MeshError ? error : new MeshError('publish-failed', String(error), { cause: error });
    if (failure.code === 'file-changed') this.#fatal = failure;
    // In a turn of its own, so that what it throws is the program's and not ours.
    queueMicrotask(() => this.#onPublishFailure?.(failure));
  }

  durable(): Promise<void> {
    return this.#writes.settled();
  }

  close(resumable: boolean): void {
    this.#closed = this.#finish(resumable);
    this.#closed.catch(() => undefined);
  }

  async #finish(resumable: boolean): Promise<void> {
    // A store that was opened and found wanting is left as it is.
    const hasWork = resumable || this.#writes.behind;
    try {
      await this.#writes.finish(async () => {
        if (hasWork) await this.#write(resumable);
      });
    } finally {
      this.#store.close();
      this.#lock.release();
    }
  }

  closed(): Promise<void> {
    return this.#closed;
  }
}
