/**
 * A database file that SQLite changes in place, seen from outside: whether it is still ours, whether it was closed
 * properly, and copies of it.
 *
 * Nothing here opens the file while SQLite has it open: on POSIX systems closing it again would take SQLite's locks away.
 *
 * The mark of having been closed properly is a file beside it that names its time of status change (ctime), which no
 * program can set. A copy that is put in its place, or written over it, has another one.
 *
 * @module
 */
import fs from 'node:fs';
import { randomBytes } from '../../crypto/random.js';
import { MeshError } from '../../errors.js';
import type { InPlaceFile } from '../file-storage.js';
import { ifPresent, linkOver, reasonOf, removeQuietly, syncFolderOf, withFile } from './file-calls.js';
import { fileToken, isMarkedClosed, openTime } from './file-token.js';
import { type Generation, generationOf } from './generation.js';
import { journalPath } from './journal-file.js';

const ONLY_OWNER = 0o600;
/** SQLite's smallest page: whatever is shorter is no database. */
const HEAD_BYTES = 512;

const NANOSECONDS = 1_000_000_000n;

/** What stands in a mark: see the module's description. Null where the system does not tell enough. */
function markOf(stats: fs.BigIntStats): string | null {
  const token = fileToken(stats);
  // Deno and some file systems tell whole seconds only: a copy that is put back in the same second would pass.
  const isExact = stats.ctimeNs % NANOSECONDS !== 0n;
  return token !== null && isExact ? `${token}:${stats.ctimeNs}` : null;
}

/** See the module's description. */
export class NodeInPlaceFile implements InPlaceFile {
  readonly path: string;
  #generation: Generation | undefined;

  constructor(path: string) {
    this.path = path;
  }

  get #mark(): string {
    return `${this.path}.closed`;
  }

  #stats(): fs.BigIntStats {
    return fs.statSync(this.path, { bigint: true });
  }

  head(): Uint8Array | null {
    try {
      return ifPresent(() =>
        withFile(this.path, 'r', (descriptor) => {
          const head = new Uint8Array(HEAD_BYTES);
          return head.subarray(0, fs.readSync(descriptor, head, 0, HEAD_BYTES, 0));
        }),
      );
    } catch (cause) {
      throw new MeshError('file-unavailable', `${this.path} cannot be read: ${reasonOf(cause)}`, { cause });
    }
  }

  hasJournal(): boolean {
    return (ifPresent(() => fs.statSync(journalPath(this.path)).size) ?? 0) > 0;
  }

  resume(token: string): boolean {
    try {
      const stats = this.#stats();
      return fileToken(stats) === token ? this.#takeImageMark(stats) : this.#takeMark(stats);
    } catch {
      // Without the mark a new lineage begins, which is always right.
      return false;
    }
  }

  /** The mark that is left where an image was published. */
  #takeImageMark(stats: fs.BigIntStats): boolean {
    if (!isMarkedClosed(stats)) return false;
    fs.utimesSync(this.path, openTime(stats), openTime(stats));
    return true;
  }

  #takeMark(stats: fs.BigIntStats): boolean {
    const mark = ifPresent(() => fs.readFileSync(this.#mark, 'utf8'));
    if (mark === null) return false;
    fs.rmSync(this.#mark);
    syncFolderOf(this.#mark);
    return mark === markOf(stats);
  }

  leaveMark(): void {
    const mark = markOf(this.#stats());
    if (mark !== null) fs.writeFileSync(this.#mark, mark, { mode: ONLY_OWNER });
  }

  observe(): void {
    try {
      this.#generation = generationOf(this.#stats());
    } catch (cause) {
      throw new MeshError('publish-uncertain', `what ${this.path} holds is uncertain: open it again`, { cause });
    }
  }

  requireUnchanged(): void {
    const generation = ifPresent(() => generationOf(this.#stats()));
    if (generation === this.#generation) return;
    throw new MeshError(
      'file-changed',
      `${this.path} was changed by another program since it was opened; it was left as it is`,
    );
  }

  moveToNewFile(): void {
    const temporary = `${this.path}.tmp`;
    try {
      fs.rmSync(temporary, { force: true });
      fs.copyFileSync(this.path, temporary, fs.constants.COPYFILE_FICLONE);
      fs.chmodSync(temporary, ONLY_OWNER);
      withFile(temporary, 'r+', (descriptor) => fs.fsyncSync(descriptor));
      linkOver(this.path, `${this.path}.bak`);
      fs.rmSync(journalPath(`${this.path}.bak`), { force: true });
      fs.renameSync(temporary, this.path);
      syncFolderOf(this.path);
    } catch (cause) {
      removeQuietly(temporary);
      throw new MeshError('publish-failed', `${this.path} was not replaced: ${reasonOf(cause)}`, { cause });
    }
  }

  collect(write: (temporary: string) => void): Uint8Array {
    return this.#withCopy(write, (temporary) => fs.readFileSync(temporary));
  }

  replacePrevious(write: (temporary: string) => void): void {
    const previous = `${this.path}.bak`;
    this.#withCopy(write, (temporary) => {
      withFile(temporary, 'r+', (descriptor) => fs.fsyncSync(descriptor));
      fs.renameSync(temporary, previous);
      fs.rmSync(journalPath(previous), { force: true });
      syncFolderOf(previous);
    });
  }

  /** A copy under a name of its own: readers have no lock that would keep others from using the same. */
  #withCopy<T>(write: (temporary: string) => void, use: (temporary: string) => T): T {
    const id = Array.from(randomBytes(8), (byte) => byte.toString(16).padStart(2, '0')).join('');
    const temporary = `${this.path}.copy-${id}`;
    try {
      // It holds secrets, and SQLite takes over the permissions of an empty file.
      fs.closeSync(fs.openSync(temporary, 'wx', ONLY_OWNER));
      write(temporary);
      return use(temporary);
    } catch (cause) {
      if (cause instanceof MeshError) throw cause;
      throw new MeshError('publish-failed', `${this.path} was not copied: ${reasonOf(cause)}`, { cause });
    } finally {
      removeQuietly(temporary);
    }
  }
}
