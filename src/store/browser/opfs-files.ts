/**
 * The files of a database in the origin private file system: a folder of its own with two slots and a mark.
 *
 * @module
 */
import { equalBytes } from '../../bytes.js';
import { CorruptDatabaseError, MeshError } from '../../errors.js';
import type { StoredDatabase } from '../file-storage.js';
import { generationIn, HEADER_BYTES, parseSlot } from './slot.js';
import { damagedSlots, type SlotFiles } from './slot-store.js';
import { unavailable, writeFailed } from './storage-errors.js';
import { type SyncFile, writeAll } from './sync-file.js';
import type { Versions } from './versions.js';

const SLOTS = ['image-a', 'image-b'] as const;
const MARK = 'closed';
const JOURNAL = 'journal';
const FILES: readonly string[] = [...SLOTS, MARK, JOURNAL];
/** How often a reader looks again when a writer overtakes it. */
const MAX_READS = 40;

/** TypeScript's types for pages lack what dedicated workers have. */
interface WorkerFileHandle extends FileSystemFileHandle {
  createSyncAccessHandle?(): Promise<SyncFile>;
}

/** How a database in the origin private file system is called in messages. */
export function placeOf(name: string): string {
  return `the OPFS database "${name}"`;
}

async function rootFolder(place: string): Promise<FileSystemDirectoryHandle> {
  const storage: StorageManager | undefined = globalThis.navigator?.storage;
  if (typeof storage?.getDirectory !== 'function') {
    throw new MeshError(
      'storage-unavailable',
      `${place} cannot be opened: the origin private file system needs a page from https: or localhost, in a browser of 2023 or later`,
    );
  }
  return storage.getDirectory();
}

function isNamed(cause: unknown, ...names: string[]): boolean {
  return cause instanceof Error && names.includes(cause.name);
}

/**
 * The folder of a database; null where there is none.
 *
 * @throws CorruptDatabaseError if there is something of another program under this name
 */
async function ownFolder(name: string, create: boolean): Promise<FileSystemDirectoryHandle | null> {
  const place = placeOf(name);
  const foreign = `${place} is of another application; it was left as it is`;
  try {
    const folder = await (await rootFolder(place)).getDirectoryHandle(name, { create });
    for await (const entry of folder.keys()) {
      if (!FILES.includes(entry)) throw new CorruptDatabaseError(foreign);
    }
    return folder;
  } catch (cause) {
    if (isNamed(cause, 'NotFoundError') && !create) return null;
    if (isNamed(cause, 'TypeMismatchError')) throw new CorruptDatabaseError(foreign, { cause });
    throw unavailable(place, cause);
  }
}

/**
 * Opens the files for writing, and makes them where there are none. The caller holds the lock.
 *
 * @throws CorruptDatabaseError if there is something of another program under this name
 * @throws MeshError `storage-unavailable` outside a dedicated worker, and where the browser refuses
 */
export async function openSlotFiles(name: string): Promise<SlotFiles> {
  const place = placeOf(name);
  const folder = await ownFolder(name, true);
  const opened: SyncFile[] = [];
  try {
    for (const file of FILES) {
      const handle: WorkerFileHandle | undefined = await folder?.getFileHandle(file, { create: true });
      const access = await handle?.createSyncAccessHandle?.();
      if (access !== undefined) opened.push(access);
    }
    const [first, second, mark, journal] = opened;
    if (first === undefined || second === undefined || mark === undefined || journal === undefined) {
      throw noSyncAccess(place);
    }
    return { slots: [first, second], mark, journal };
  } catch (cause) {
    for (const file of opened) file.close();
    throw unavailable(place, cause);
  }
}

/** @throws MeshError `storage-unavailable` outside a dedicated worker: elsewhere nothing can be written */
export function requireDedicatedWorker(name: string): void {
  if (!('DedicatedWorkerGlobalScope' in globalThis)) throw noSyncAccess(placeOf(name));
}

function noSyncAccess(place: string): MeshError {
  return new MeshError(
    'storage-unavailable',
    `${place} can be written in a dedicated worker of a browser only: open it there, or use { indexedDB }; { file } in Node, Deno or Bun`,
  );
}

/** Closes the files, which gives them free for others. */
export function closeSlotFiles({ slots, mark, journal }: SlotFiles): void {
  for (const file of [...slots, mark, journal]) file.close();
}

/**
 * Reads what counts, also beside a writer and outside of workers.
 *
 * @returns null where there is no database
 * @throws CorruptDatabaseError if the image that counts is damaged
 * @throws MeshError `storage-unavailable`, also if a writer gave no moment to read
 */
export async function readSlots(name: string): Promise<StoredDatabase | null> {
  const place = placeOf(name);
  const folder = await ownFolder(name, false);
  if (folder === null) return null;
  try {
    for (let attempt = 0; attempt < MAX_READS; attempt++) {
      const found = await readOnce(folder, place);
      if (found !== undefined) return found;
    }
  } catch (cause) {
    throw unavailable(place, cause);
  }
  throw new MeshError('storage-unavailable', `${place} is written to without a pause; try again`);
}

/** What counts; undefined if a writer changed it in between. */
async function readOnce(folder: FileSystemDirectoryHandle, place: string): Promise<StoredDatabase | null | undefined> {
  const [first, second] = [await readFile(folder, SLOTS[0]), await readFile(folder, SLOTS[1])];
  const journal = await readFile(folder, JOURNAL);
  const again = [await readFile(folder, SLOTS[0], HEADER_BYTES), await readFile(folder, SLOTS[1], HEADER_BYTES)];
  const isUnchanged = [first, second].every((bytes, i) => {
    const header = again[i];
    return bytes !== undefined && header !== undefined && equalBytes(bytes.subarray(0, HEADER_BYTES), header);
  });
  if (first === undefined || second === undefined || journal === undefined || !isUnchanged) return undefined;
  const later = generationIn(second) > generationIn(first) ? second : first;
  if (generationIn(later) < 0 && second.length === 0) return null;
  const slot = parseSlot(later);
  if (slot === null) throw damagedSlots(place);
  return { image: slot.image, journal };
}

/**
 * Looks at a database. The caller holds the lock, or only looks.
 *
 * @returns null where there is none
 * @throws CorruptDatabaseError if it is of another application
 * @throws MeshError `storage-unavailable`
 */
export async function opfsVersions(name: string): Promise<Versions | null> {
  const path = placeOf(name);
  const folder = await ownFolder(name, false);
  if (folder === null) return null;
  const [first, second] = [await readFile(folder, SLOTS[0]), await readFile(folder, SLOTS[1])];
  const journal = await readFile(folder, JOURNAL);
  if (first === undefined || second === undefined || journal === undefined) {
    throw new MeshError('storage-unavailable', `${path} is being written to; try again`);
  }
  const [later, earlier] = generationIn(second) > generationIn(first) ? [1, 0] : [0, 1];
  const [present, before] = [parseSlot([first, second][later] ?? first), parseSlot([first, second][earlier] ?? second)];
  return {
    path,
    present: present === null ? null : { image: present.image, journal },
    before: before?.image ?? null,
    stepBack: () => dropSlot(name, later),
  };
}

/** Wipes the header of a slot, so that the other one counts. */
async function dropSlot(name: string, which: number): Promise<void> {
  requireDedicatedWorker(name);
  const files = await openSlotFiles(name);
  try {
    const slot = files.slots[which === 0 ? 0 : 1];
    writeAll(slot, new Uint8Array(HEADER_BYTES), 0);
    slot.flush();
  } catch (cause) {
    throw writeFailed(placeOf(name), cause);
  } finally {
    closeSlotFiles(files);
  }
}

/** What a file holds; undefined if a writer changed it in between. */
async function readFile(folder: FileSystemDirectoryHandle, name: string, length?: number) {
  try {
    const file = await (await folder.getFileHandle(name)).getFile();
    return new Uint8Array(await file.slice(0, length ?? file.size).arrayBuffer());
  } catch (cause) {
    if (isNamed(cause, 'NotReadableError')) return undefined;
    if (isNamed(cause, 'NotFoundError')) return new Uint8Array(0);
    throw cause;
  }
}

/** Removes a database. The caller holds the lock. @returns whether there was one */
export async function removeSlotFiles(name: string): Promise<boolean> {
  const place = placeOf(name);
  const folder = await ownFolder(name, false);
  if (folder === null) return false;
  try {
    await (await rootFolder(place)).removeEntry(name, { recursive: true });
    return true;
  } catch (cause) {
    throw unavailable(place, cause);
  }
}
