/**
 * A database in the origin private file system: published synchronously from a dedicated worker, so that what was
 * published is on disk; read from anywhere.
 *
 * @module
 */
import { nameLineage } from '../lineage.js';
import type { Publisher } from '../publisher.js';
import type { SqlJsConnection } from '../sql-js-connection.js';
import { closeSlotFiles, openSlotFiles, placeOf, readSlots, removeSlotFiles } from './opfs-files.js';
import { type BrowserPlace, type PlaceOptions, readingPlace } from './place.js';
import { type SlotFiles, SlotStore } from './slot-store.js';
import { changedUnderneath } from './storage-errors.js';
import { tokenText } from './store-token.js';
import { acquireWebLock, type WebLock } from './web-lock.js';

/** The name of the lock on a database, within the origin. */
function opfsLockName(name: string): string {
  return `arborist-mesh opfs ${name}`;
}

/**
 * Opens a database in the origin private file system, and makes its files where there are none.
 *
 * @throws DatabaseLockedError if it is open for writing
 * @throws CorruptDatabaseError if it is damaged or of another application
 * @throws MeshError `storage-unavailable`, also outside a dedicated worker unless `readonly`
 */
export async function openOpfsPlace(name: string, { readonly }: PlaceOptions): Promise<BrowserPlace> {
  if (readonly) return readingPlace(placeOf(name), await readSlots(name));
  const lock = await acquireWebLock(opfsLockName(name), placeOf(name));
  let files: SlotFiles | undefined;
  try {
    files = await openSlotFiles(name);
    return new OpfsWriting(placeOf(name), files, lock);
  } catch (error) {
    if (files !== undefined) closeSlotFiles(files);
    lock.release();
    throw error;
  }
}

/** @returns whether there was one @throws as `deleteDatabase` does */
export async function deleteOpfsPlace(name: string): Promise<boolean> {
  const lock = await acquireWebLock(opfsLockName(name), placeOf(name));
  try {
    return await removeSlotFiles(name);
  } finally {
    lock.release();
  }
}

class OpfsWriting implements BrowserPlace {
  readonly name: string;
  readonly #files: SlotFiles;
  readonly #lock: WebLock;
  readonly #store: SlotStore;

  constructor(name: string, files: SlotFiles, lock: WebLock) {
    this.name = name;
    this.#files = files;
    this.#lock = lock;
    this.#store = new SlotStore(name, files);
  }

  get image(): Uint8Array | null {
    return this.#store.image;
  }

  async takeMark(): Promise<string | null> {
    return this.#store.takeMark() ? tokenText(this.#store.token) : null;
  }

  publisher(connection: SqlJsConnection): Publisher {
    const store = this.#store;
    const publish = (lineage: Uint8Array) => {
      if (this.#lock.lost) throw changedUnderneath(this.name);
      nameLineage(connection, lineage, tokenText(store.token));
      store.write(connection.export());
    };
    return {
      file: null,
      record() {},
      discard() {},
      publish,
      publishWhole: publish,
      restore: () => {
        if (store.image === null) throw changedUnderneath(this.name);
        connection.replace(store.image);
      },
      async durable() {},
      close: (resumable) => this.#close(resumable),
    };
  }

  #close(resumable: boolean): void {
    try {
      if (resumable && !this.#lock.lost) this.#store.markClosed();
    } finally {
      this.abandon();
    }
  }

  abandon(): void {
    closeSlotFiles(this.#files);
    this.#lock.release();
  }
}
