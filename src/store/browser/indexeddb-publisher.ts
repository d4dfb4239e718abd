/**
 * Publishes a database in memory to IndexedDB, behind the mutations: each returns when it is done in memory, and the
 * newest state follows. What was never written is lost with the tab, as a whole; what was, stays.
 *
 * @module
 */
import { MeshError } from '../../errors.js';
import { nameLineage } from '../lineage.js';
import type { Publisher } from '../publisher.js';
import type { SqlJsConnection } from '../sql-js-connection.js';
import type { IndexedDbStore } from './indexeddb-store.js';
import { changedUnderneath } from './storage-errors.js';
import type { WebLock } from './web-lock.js';
import { WriteBehind } from './write-behind.js';

/** What an {@link IndexedDbPublisher} is made of. It closes the store and releases the lock when it is closed. */
export interface IndexedDbPublisherParts {
  readonly connection: SqlJsConnection;
  readonly store: IndexedDbStore;
  readonly lock: WebLock;
  /** Told of each publish that failed after the mutation had returned. */
  readonly onPublishFailure: (error: MeshError) => void;
}

/** See the module's description. */
export class IndexedDbPublisher implements Publisher {
  readonly file = null;
  readonly #connection: SqlJsConnection;
  readonly #store: IndexedDbStore;
  readonly #lock: WebLock;
  readonly #onPublishFailure: IndexedDbPublisherParts['onPublishFailure'];
  readonly #writes: WriteBehind;
  /** Set once nothing may be written any more. */
  #fatal: MeshError | undefined;
  #closed: Promise<void> = Promise.resolve();
  /** Whether the next image leaves nothing of the one before. */
  #afresh = false;
  /** Whether this version of sql.js loses count of the changes when it exports. */
  #losesCount = false;

  constructor({ connection, store, lock, onPublishFailure }: IndexedDbPublisherParts) {
    this.#connection = connection;
    this.#store = store;
    this.#lock = lock;
    this.#onPublishFailure = onPublishFailure;
    this.#writes = new WriteBehind({
      write: () => this.#write(this.#export(), { closed: false }),
      onFailure: (error) => this.#noteFailure(error),
    });
  }

  record(): void {
    // The image tells all.
  }

  discard(): void {
    // Whoever counts changes may take a real one for none after an export that began the count anew.
    if (this.#losesCount) this.#writes.request();
  }

  publish(lineage: Uint8Array): void {
    if (this.#fatal !== undefined) throw this.#fatal;
    nameLineage(this.#connection, lineage, this.#store.token);
    this.#writes.request();
  }

  publishWhole(lineage: Uint8Array): void {
    this.#afresh = true;
    this.publish(lineage);
  }

  #export(): Uint8Array {
    const before = this.#countedChanges();
    const image = this.#connection.export();
    this.#losesCount = this.#countedChanges() < before;
    return image;
  }

  #countedChanges(): number {
    return Number(this.#connection.get('SELECT total_changes() AS changes')?.changes);
  }

  async #write(image: Uint8Array, { closed }: { readonly closed: boolean }): Promise<void> {
    if (this.#lock.lost) throw changedUnderneath(this.#store.place);
    const afresh = this.#afresh;
    this.#afresh = false;
    try {
      await this.#store.write(image, { closed, keepBefore: !afresh });
    } catch (error) {
      this.#afresh ||= afresh;
      throw error;
    }
  }

  #noteFailure(error: unknown): void {
    if (!(error instanceof MeshError)) throw error;
    if (error.code === 'file-changed') this.#fatal = error;
    // In a turn of its own, so that what it throws is the program's and not ours.
    queueMicrotask(() => this.#onPublishFailure(error));
  }

  restore(): void {
    // Only what must not be written any more is refused at once, and then there is nothing to go back to.
    throw this.#fatal ?? changedUnderneath(this.#store.place);
  }

  durable(): Promise<void> {
    return this.#writes.settled();
  }

  close(resumable: boolean): void {
    // The connection ends with this call; what it holds is taken now.
    const image = this.#writes.behind ? this.#connection.export() : this.#store.image;
    this.#closed = this.#finish(image, resumable);
    this.#closed.catch(() => undefined);
  }

  async #finish(image: Uint8Array | null, resumable: boolean): Promise<void> {
    try {
      await this.#writes.finish(async () => {
        if (image !== null) await this.#write(image, { closed: resumable });
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
