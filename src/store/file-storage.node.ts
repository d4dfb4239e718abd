/**
 * File storage for Node, Deno and Bun. A database file is only ever replaced as a whole: the new image goes to a
 * temporary file in the same folder, is synced, and takes the name over; then the folder is synced. A crash at any
 * point leaves the old image or the new one. In between a journal beside it may grow, which the next image replaces.
 *
 * @module
 */
import fs from 'node:fs';
import path from 'node:path';
import { MeshError } from '../errors.js';
import type { DatabaseFile, InPlaceFile, OpenDatabaseFile, StoredDatabase } from './file-storage.js';
import { hasCode, ifPresent, linkOver, reasonOf, removeQuietly, syncFolderOf, withFile } from './node/file-calls.js';
import { acquireFileLock, type FileLock } from './node/file-lock.js';
import { closingTime, fileToken, isMarkedClosed, openTime } from './node/file-token.js';
import { type Generation, generationOf } from './node/generation.js';
import { NodeInPlaceFile } from './node/in-place-file.js';
import { AppendFailure, JournalFile, journalPath } from './node/journal-file.js';

const ONLY_OWNER = 0o600;
/** A writer may publish between two of a reader's steps, but not this often. */
const MAX_READS = 16;

class NodeDatabaseFile implements DatabaseFile {
  readonly path: string;
  readonly previous: string;
  readonly #lock: FileLock | null;
  readonly #journal: JournalFile;
  /** Undefined before the first look, null where there was no file. */
  #generation: Generation | null | undefined;
  #uncertain = false;

  constructor(file: string, lock: FileLock | null) {
    this.path = file;
    this.previous = `${file}.bak`;
    this.#lock = lock;
    this.#journal = new JournalFile(file);
  }

  read(): StoredDatabase | null {
    this.#requireCertain();
    const found = this.#load();
    const generation = found === null ? null : found.generation;
    if (this.#generation !== undefined && this.#generation !== generation) throw this.#changed();
    this.#generation = generation;
    return found === null ? null : found.stored;
  }

  /** Image and journal as they belong together: a journal is replaced only after its image was. */
  #load(): { readonly stored: StoredDatabase; readonly generation: Generation } | null {
    try {
      for (let attempt = 0; attempt < MAX_READS; attempt++) {
        this.#requireNoLog();
        const found = ifPresent(() => withFile(this.path, 'r', readWithGeneration));
        if (found === null) return null;
        const journal = this.#journal.read();
        this.#requireNoLog();
        const stats = fs.statSync(this.path, { bigint: true, throwIfNoEntry: false });
        const { image, generation } = found;
        if (stats !== undefined && generationOf(stats) === generation)
          return { stored: { image, journal }, generation };
      }
      throw new Error('it changes all the time');
    } catch (cause) {
      if (cause instanceof AppendFailure) throw this.#changed();
      if (cause instanceof MeshError) throw cause;
      throw new MeshError('file-unavailable', `${this.path} cannot be read: ${reasonOf(cause)}`, { cause });
    }
  }

  /** What SQLite keeps beside a file that it has open, or had open when its process ended. */
  #requireNoLog(): void {
    for (const log of [`${this.path}-wal`, `${this.path}-journal`]) {
      if (fs.statSync(log, { throwIfNoEntry: false }) === undefined) continue;
      throw new MeshError(
        'needs-native-sqlite',
        `${this.path} is open, or was left open, with driver: 'native' (${log}): open it so; closing it brings all into the file`,
      );
    }
  }

  inPlace(): InPlaceFile {
    return new NodeInPlaceFile(this.path);
  }

  resume(token: string): boolean {
    if (this.#lock === null) return false;
    return this.#remark((stats) => (fileToken(stats) === token && isMarkedClosed(stats) ? openTime(stats) : null));
  }

  /**
   * Sets the time of change of the file, if it still is the one that was read or published.
   *
   * @param timeFor gives that time in seconds, or null to leave it
   * @returns whether it was set
   */
  #remark(timeFor: (stats: fs.BigIntStats) => number | null): boolean {
    try {
      return withFile(this.path, 'r', (descriptor) => {
        const stats = fs.fstatSync(descriptor, { bigint: true });
        const time = generationOf(stats) === this.#generation ? timeFor(stats) : null;
        if (time === null) return false;
        fs.futimesSync(descriptor, time, time);
        this.#generation = generationOf(fs.fstatSync(descriptor, { bigint: true }));
        return true;
      });
    } catch {
      // Without the mark a new lineage begins, which is always right.
      return false;
    }
  }

  publish(render: (token: string | null) => Uint8Array): void {
    this.#put(render, () => this.#keepAsPrevious());
  }

  #keepAsPrevious(): void {
    linkOver(this.path, this.previous);
    this.#journal.keepAs(journalPath(this.previous));
  }

  append(bytes: Uint8Array): void {
    this.#requireCertain();
    this.#requireUnchanged();
    try {
      this.#journal.append(bytes);
    } catch (cause) {
      const outcome = cause instanceof AppendFailure ? cause.outcome : 'uncertain';
      if (outcome === 'changed') throw this.#changed();
      const reason = reasonOf(cause);
      if (outcome === 'undone') {
        throw new MeshError('publish-failed', `the journal of ${this.path} was not written: ${reason}`, { cause });
      }
      this.#uncertain = true;
      throw new MeshError(
        'publish-uncertain',
        `whether the journal of ${this.path} was written cannot be known (${reason}): open the database again`,
        { cause },
      );
    }
  }

  replace(image: Uint8Array, { keep }: { readonly keep: boolean }): string | null {
    let kept: string | null = null;
    try {
      this.#put(
        () => image,
        () => {
          if (!keep) return;
          kept = keepAside(this.path);
          this.#journal.keepAs(journalPath(kept));
        },
      );
    } catch (error) {
      if (kept !== null && !this.#uncertain) {
        removeQuietly(kept);
        removeQuietly(journalPath(kept));
      }
      throw error;
    }
    return kept;
  }

  /** @param keepPresent called when the new image is ready and a present one is about to lose its name */
  #put(render: (token: string | null) => Uint8Array, keepPresent: () => void): void {
    this.#requireCertain();
    this.#requireUnchanged();
    // The lock keeps other writers away, so that one name is enough and crashes leave no heap of temporary files.
    const temporary = `${this.path}.tmp`;
    try {
      fs.rmSync(temporary, { force: true });
      const generation = writeSynced(temporary, render);
      if (this.#generation !== null) keepPresent();
      fs.renameSync(temporary, this.path);
      this.#generation = generation;
    } catch (cause) {
      removeQuietly(temporary);
      throw new MeshError('publish-failed', `${this.path} was not replaced: ${reasonOf(cause)}`, { cause });
    }
    this.#syncFolder();
    // Not before the new image is sure to have the name: the old one is nothing without its journal.
    this.#journal.remove();
  }

  /** A file that changed while it was open is somebody else's work: it is never overwritten. */
  #requireUnchanged(): void {
    const generation = this.#presentGeneration();
    if (this.#generation !== undefined && generation !== this.#generation) throw this.#changed();
  }

  #presentGeneration(): Generation | null {
    try {
      const stats = fs.statSync(this.path, { bigint: true, throwIfNoEntry: false });
      return stats === undefined ? null : generationOf(stats);
    } catch (cause) {
      throw new MeshError('publish-failed', `${this.path} was not replaced: ${reasonOf(cause)}`, { cause });
    }
  }

  #changed(): MeshError {
    return new MeshError(
      'file-changed',
      `${this.path} was changed by another program since it was opened; it was left as it is`,
    );
  }

  /** Makes the new name durable. A failure leaves open which image a power cut would leave. */
  #syncFolder(): void {
    try {
      syncFolderOf(this.path);
    } catch (cause) {
      this.#uncertain = true;
      throw new MeshError(
        'publish-uncertain',
        `${this.path} was replaced, but its folder could not be synced (${reasonOf(cause)}): open the database again`,
        { cause },
      );
    }
  }

  #requireCertain(): void {
    if (this.#uncertain)
      throw new MeshError('publish-uncertain', `what ${this.path} holds is uncertain: open it again`);
  }

  close(resumable: boolean): void {
    if (this.#lock === null) return;
    if (resumable && !this.#uncertain) {
      this.#remark((stats) => (fileToken(stats) === null ? null : closingTime(stats)));
    }
    try {
      this.#lock.release();
    } catch (cause) {
      throw new MeshError('file-unavailable', `${this.path} cannot be unlocked: ${reasonOf(cause)}`, { cause });
    }
  }
}

/** Gives a file a second name that is free, and returns it. */
function keepAside(file: string): string {
  for (let n = 1; ; n++) {
    const name = `${file}.replaced-${n}`;
    try {
      fs.linkSync(file, name);
      return name;
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
  }
}

function readWithGeneration(descriptor: number) {
  const generation = generationOf(fs.fstatSync(descriptor, { bigint: true }));
  return { image: fs.readFileSync(descriptor), generation };
}

function writeSynced(file: string, render: (token: string | null) => Uint8Array): Generation {
  const descriptor = fs.openSync(file, 'wx', ONLY_OWNER);
  try {
    fs.writeFileSync(descriptor, render(fileToken(fs.fstatSync(descriptor, { bigint: true }))));
    fs.fsyncSync(descriptor);
    return generationOf(fs.fstatSync(descriptor, { bigint: true }));
  } finally {
    fs.closeSync(descriptor);
  }
}

/** The file's one true path: two names for it must not give two locks, and replacing must not replace a link. */
function resolvePath(file: string): string {
  const absolute = path.resolve(file);
  try {
    return (
      ifPresent(() => fs.realpathSync(absolute)) ??
      path.join(fs.realpathSync(path.dirname(absolute)), path.basename(absolute))
    );
  } catch (cause) {
    throw new MeshError('file-unavailable', `${absolute} cannot be opened: ${reasonOf(cause)}`, { cause });
  }
}

function lock(file: string): FileLock {
  try {
    return acquireFileLock(`${file}.lock`);
  } catch (cause) {
    if (cause instanceof MeshError) throw cause;
    throw new MeshError('file-unavailable', `${file} cannot be locked: ${reasonOf(cause)}`, { cause });
  }
}

export const openDatabaseFile: OpenDatabaseFile = (file, { readonly }) => {
  const resolved = resolvePath(file);
  return new NodeDatabaseFile(resolved, readonly ? null : lock(resolved));
};
