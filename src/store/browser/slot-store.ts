/**
 * A database image in two slots that are written in turn, with synchronous access. The slot that counts is not touched
 * while the other is written, so that a crash leaves the image before or after; and the one before stays.
 *
 * @module
 */
import { equalBytes } from '../../bytes.js';
import { CorruptDatabaseError, MeshError } from '../../errors.js';
import type { StoredDatabase } from '../file-storage.js';
import { BLOCK_BYTES, blockOf, changedBlocks } from './blocks.js';
import { generationIn, HEADER_BYTES, IMAGE_OFFSET, parseSlot, type Slot, sealOf, sealSlot } from './slot.js';
import { changedUnderneath, writeFailed } from './storage-errors.js';
import { newToken } from './store-token.js';
import { readStart, readWhole, type SyncFile, writeAll } from './sync-file.js';

/** The files of a store, open for writing. */
export interface SlotFiles {
  /** A new store writes the first one first. */
  readonly slots: readonly [SyncFile, SyncFile];
  /** Holds the seal of the slot that counts, once the store was closed properly; else it is empty. */
  readonly mark: SyncFile;
  /** What continues the slot that counts. */
  readonly journal: SyncFile;
}

/** See the module's description. The caller holds the lock. */
export class SlotStore {
  /** Names this store: an image that was written to another one is a copy here. 16 bytes. */
  readonly token: Uint8Array;
  readonly #place: string;
  readonly #mark: SyncFile;
  readonly #journal: SyncFile;
  /** How much of the journal is ours; null where it holds what an earlier writer left, if anything. */
  #journalLength: number | null = null;
  #slot: Slot | null;
  /** The file of the slot that counts, or that shall. */
  #file: SyncFile;
  #otherFile: SyncFile;
  /** The blocks in which the other file differs from the slot that counts; null where that is not known. */
  #otherStale: readonly number[] | null = null;
  #uncertain: MeshError | undefined;

  /**
   * Reads what the files hold.
   *
   * @param place names the store in an error's message
   * @throws CorruptDatabaseError if the image that counts is damaged
   */
  constructor(place: string, { slots: [first, second], mark, journal }: SlotFiles) {
    this.#place = place;
    this.#mark = mark;
    this.#journal = journal;
    const [ofFirst, ofSecond] = [generationOf(first), generationOf(second)];
    [this.#file, this.#otherFile] = ofSecond > ofFirst ? [second, first] : [first, second];
    const isFinished = Math.max(ofFirst, ofSecond) >= 0;
    this.#slot = isFinished ? parseSlot(readWhole(this.#file)) : null;
    // A new store writes its first file and then its second one: one whose second file is empty was never finished.
    if (this.#slot === null && (isFinished || second.getSize() > 0)) throw damagedSlots(place);
    this.token = this.#slot?.token ?? newToken();
  }

  /**
   * Takes away the mark of having been closed.
   *
   * @returns whether the slot that counts carried it
   * @throws MeshError `quota-exceeded`, `publish-failed`
   */
  takeMark(): boolean {
    const seal = readWhole(this.#mark);
    if (seal.length === 0) return false;
    try {
      this.#mark.truncate(0);
      this.#mark.flush();
    } catch (cause) {
      throw writeFailed(this.#place, cause);
    }
    return this.#slot !== null && equalBytes(seal, sealOf(this.#slot));
  }

  /** The image that counts, not to be changed, and what stands in the journal; null where nothing was ever written. */
  read(): StoredDatabase | null {
    this.#requireCertain();
    return this.#slot === null ? null : { image: this.#slot.image, journal: readWhole(this.#journal) };
  }

  #requireCertain(): void {
    if (this.#uncertain !== undefined) throw this.#uncertain;
  }

  /**
   * Makes an image the one that counts. When this returns, it is on disk; when it throws, the one before still is.
   *
   * @param image kept by this store from here on
   * @throws MeshError `quota-exceeded`, `publish-failed`; `file-changed` if the store is no longer as this one left it;
   *   `publish-uncertain` if nobody can know which one is there, after which nothing works
   */
  write(image: Uint8Array): void {
    this.#requireCertain();
    if (this.#slot === null) {
      this.#create(image);
    } else {
      this.#requireUnchanged(this.#slot);
      this.#putInTurn(image);
    }
    // What the journal holds continues the image before, which it says itself.
    this.#journalLength = null;
  }

  /**
   * Adds to the journal of the image that counts. When this returns, it is on disk; when it throws, nothing is.
   *
   * @throws MeshError as {@link write} does
   */
  append(bytes: Uint8Array): void {
    this.#requireCertain();
    if (this.#slot === null) throw changedUnderneath(this.#place);
    this.#requireUnchanged(this.#slot);
    if (this.#journalLength === null) this.#cutJournal(0);
    const length = this.#journalLength ?? 0;
    try {
      writeAll(this.#journal, bytes, length);
      this.#journal.flush();
    } catch (cause) {
      this.#orUncertain(cause, () => this.#cutJournal(length));
      throw writeFailed(this.#place, cause);
    }
    this.#journalLength = length + bytes.length;
  }

  #cutJournal(length: number): void {
    try {
      this.#journal.truncate(length);
      this.#journal.flush();
    } catch (cause) {
      throw writeFailed(this.#place, cause);
    }
    this.#journalLength = length;
  }

  /** Fills both files, so that an empty second one tells a store that was never finished. */
  #create(image: Uint8Array): void {
    try {
      this.#put(this.#file, image);
      this.#putInTurn(image);
    } catch (cause) {
      this.#slot = null;
      this.#orUncertain(cause, () => {
        for (const file of [this.#otherFile, this.#file]) {
          file.truncate(0);
          file.flush();
        }
      });
      throw cause;
    }
  }

  #putInTurn(image: Uint8Array): void {
    this.#put(this.#otherFile, image);
    [this.#file, this.#otherFile] = [this.#otherFile, this.#file];
  }

  /** Writes the slot after the present one to a file, and makes it the present one. */
  #put(file: SyncFile, image: Uint8Array): void {
    const before = this.#slot;
    const changed = changedBlocks(before?.image ?? null, image);
    const slot = sealSlot({ generation: (before?.generation ?? 0) + 1, token: this.token, image }, before, changed);
    const stale = this.#otherStale ?? changedBlocks(null, image);
    // Until all is written, nobody knows what the file holds.
    this.#otherStale = null;
    try {
      writeAll(file, new Uint8Array(HEADER_BYTES), 0);
      file.flush();
      for (const index of new Set([...stale, ...changed])) {
        writeAll(file, blockOf(image, index), IMAGE_OFFSET + index * BLOCK_BYTES);
      }
      file.truncate(IMAGE_OFFSET + image.length);
      file.flush();
      writeAll(file, slot.header, 0);
      file.flush();
    } catch (cause) {
      this.#invalidate(file, cause);
      throw writeFailed(this.#place, cause);
    }
    this.#slot = slot;
    this.#otherStale = before === null ? null : changed;
  }

  /** Sees to it that a slot that was reported as failed is not found whole later, and gives back its space. */
  #invalidate(file: SyncFile, reason: unknown): void {
    this.#orUncertain(reason, () => {
      writeAll(file, new Uint8Array(HEADER_BYTES), 0);
      file.truncate(IMAGE_OFFSET);
      file.flush();
    });
  }

  /** Cleans up after a failure. @throws MeshError `publish-uncertain` if that fails as well */
  #orUncertain(reason: unknown, cleanUp: () => void): void {
    try {
      cleanUp();
    } catch {
      this.#uncertain = new MeshError(
        'publish-uncertain',
        `whether ${this.#place} holds the state before or after cannot be known: open it again`,
        { cause: reason },
      );
      throw this.#uncertain;
    }
  }

  #requireUnchanged(slot: Slot): void {
    try {
      if (equalBytes(readStart(this.#file, HEADER_BYTES), slot.header)) return;
    } catch (cause) {
      throw writeFailed(this.#place, cause);
    }
    throw changedUnderneath(this.#place);
  }

  /** Marks the store as closed properly. @throws MeshError `quota-exceeded`, `publish-failed` */
  markClosed(): void {
    if (this.#slot === null || this.#uncertain !== undefined) return;
    try {
      writeAll(this.#mark, sealOf(this.#slot), 0);
      this.#mark.flush();
    } catch (cause) {
      throw writeFailed(this.#place, cause);
    }
  }
}

function generationOf(file: SyncFile): number {
  return generationIn(readStart(file, HEADER_BYTES));
}

/** The error for a store whose image does not fit its header. */
export function damagedSlots(place: string): CorruptDatabaseError {
  return new CorruptDatabaseError(`${place} is damaged: its image is not as it was written; it was left as it is`);
}
