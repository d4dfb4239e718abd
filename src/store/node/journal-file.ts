/**
 * The file beside a database file that its journal stands in. It is begun by the process that writes, grows at its end
 * only, and is removed when a new image makes it superfluous. What another process left is read, and never appended to.
 *
 * @module
 */
import fs from 'node:fs';
import { hasCode, ifPresent, linkOver, removeQuietly, syncFolderOf, withFile } from './file-calls.js';
import { type Generation, generationOf } from './generation.js';

const { O_APPEND, O_WRONLY } = fs.constants;
const ONLY_OWNER = 0o600;

/** What became of an append that did not succeed. */
export class AppendFailure extends Error {
  /** `changed`: nothing was written, since the file is not ours any more; `undone`; `uncertain`: it may be there. */
  readonly outcome: 'changed' | 'undone' | 'uncertain';

  constructor(outcome: AppendFailure['outcome'], reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.outcome = outcome;
  }
}

/** Where the journal of a database file stands. */
export function journalPath(file: string): string {
  return `${file}.journal`;
}

/** See the module's description. */
export class JournalFile {
  readonly #path: string;
  /** Of the journal that this process began; null where it began none. */
  #generation: Generation | null = null;
  #length = 0;

  /** @param file the path of the database file */
  constructor(file: string) {
    this.#path = journalPath(file);
  }

  /** What stands in the journal; null where there is none. @throws AppendFailure `changed` */
  read(): Uint8Array | null {
    const bytes = ifPresent(() =>
      withFile(this.#path, 'r', (descriptor) => {
        this.#requireOwn(descriptor);
        return fs.readFileSync(descriptor);
      }),
    );
    if (bytes === null && this.#generation !== null) throw new AppendFailure('changed', `${this.#path} is gone`);
    return bytes;
  }

  /** Adds to the journal, and begins one where this process has none. @throws AppendFailure */
  append(bytes: Uint8Array): void {
    if (this.#generation === null) this.#begin();
    try {
      withFile(this.#path, O_WRONLY | O_APPEND, (descriptor) => {
        this.#requireOwn(descriptor);
        fs.writeFileSync(descriptor, bytes);
        fs.fsyncSync(descriptor);
        this.#generation = generationOf(fs.fstatSync(descriptor, { bigint: true }));
      });
      if (this.#length === 0) syncFolderOf(this.#path);
      this.#length += bytes.length;
    } catch (cause) {
      if (cause instanceof AppendFailure) throw cause;
      throw this.#undo(cause);
    }
  }

  /** Makes an empty file, which means the same as none. */
  #begin(): void {
    try {
      fs.rmSync(this.#path, { force: true });
      const descriptor = fs.openSync(this.#path, 'wx', ONLY_OWNER);
      try {
        this.#generation = generationOf(fs.fstatSync(descriptor, { bigint: true }));
        this.#length = 0;
      } finally {
        fs.closeSync(descriptor);
      }
    } catch (cause) {
      throw new AppendFailure('undone', String(cause), { cause });
    }
  }

  #requireOwn(descriptor: number): void {
    if (this.#generation === null) return;
    if (generationOf(fs.fstatSync(descriptor, { bigint: true })) === this.#generation) return;
    throw new AppendFailure('changed', `${this.#path} was changed by another program`);
  }

  /** Takes away what an append that failed may have left, so that it never comes back: also after a power cut. */
  #undo(cause: unknown): AppendFailure {
    try {
      withFile(this.#path, 'r+', (descriptor) => {
        fs.ftruncateSync(descriptor, this.#length);
        fs.fsyncSync(descriptor);
        this.#generation = generationOf(fs.fstatSync(descriptor, { bigint: true }));
      });
      return new AppendFailure('undone', String(cause), { cause });
    } catch {
      const gone = hasCode(cause, 'ENOENT');
      return new AppendFailure(gone ? 'changed' : 'uncertain', String(cause), { cause });
    }
  }

  /** Gives the journal a second name, or takes that name away where there is no journal. */
  keepAs(name: string): void {
    if (ifPresent(() => linkOver(this.#path, name)) === null) fs.rmSync(name, { force: true });
  }

  /** Removes the journal: the image of the database file holds all of it. One that stays is known to be left over. */
  remove(): void {
    removeQuietly(this.#path);
    this.#generation = null;
    this.#length = 0;
  }
}
