/**
 * A database in the origin private file system: published synchronously from a dedicated worker, so that what was
 * published is on disk; read from anywhere.
 *
 * @module
 */
import type { ImageStore } from '../file-storage.js';
import {
  closeSlotFiles,
  openSlotFiles,
  placeOf,
  readSlots,
  removeSlotFiles,
  requireDedicatedWorker,
} from './opfs-files.js';
import { readOnlyStore } from './read-only-store.js';
import { type SlotFiles, SlotStore } from './slot-store.js';
import { changedUnderneath } from './storage-errors.js';
import { tokenText } from './store-token.js';
import { acquireWebLock, type WebLock } from './web-lock.js';

function acquire(name: string): Promise<WebLock> {
  return acquireWebLock(`arborist-mesh opfs ${name}`, placeOf(name));
}

/**
 * Opens a database in the origin private file system, and makes its files where there are none.
 *
 * @throws DatabaseLockedError if it is open for writing
 * @throws CorruptDatabaseError if it is damaged or of another application
 * @throws MeshError `storage-unavailable`, also outside a dedicated worker unless `readonly`; `quota-exceeded`
 */
export async function openOpfsFile(name: string, { readonly }: { readonly readonly: boolean }): Promise<ImageStore> {
  if (readonly) return readOnlyStore(placeOf(name), await readSlots(name));
  requireDedicatedWorker(name);
  const lock = await acquire(name);
  let files: SlotFiles | undefined;
  try {
    files = await openSlotFiles(name);
    return new OpfsFile(placeOf(name), files, lock);
  } catch (error) {
    if (files !== undefined) closeSlotFiles(files);
    lock.release();
    throw error;
  }
}

/**
 * Deletes a database in the origin private file system.
 *
 * @returns whether there was one
 * @throws as `deleteDatabase` does
 */
export async function deleteOpfsFile(name: string): Promise<boolean> {
  const lock = await acquire(name);
  try {
    return await removeSlotFiles(name);
  } finally {
    lock.release();
  }
}

class OpfsFile implements ImageStore {
  readonly path: string;
  readonly #files: SlotFiles;
  readonly #lock: WebLock;
  readonly #store: SlotStore;

  constructor(path: string, files: SlotFiles, lock: WebLock) {
    this.path = path;
    this.#files = files;
    this.#lock = lock;
    this.#store = new SlotStore(path, files);
  }

  read() {
    return this.#store.read();
  }

  resume(token: string): boolean {
    return this.#store.takeMark() && token === tokenText(this.#store.token);
  }

  publish(render: (token: string) => Uint8Array): void {
    this.#requireLock();
    this.#store.write(render(tokenText(this.#store.token)));
  }

  append(bytes: Uint8Array): void {
    this.#requireLock();
    this.#store.append(bytes);
  }

  #requireLock(): void {
    if (this.#lock.lost) throw changedUnderneath(this.path);
  }

  close(resumable: boolean): void {
    try {
      if (resumable && !this.#lock.lost) this.#store.markClosed();
    } finally {
      closeSlotFiles(this.#files);
      this.#lock.release();
    }
  }
}
