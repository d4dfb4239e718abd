/**
 * The file that `--out` names. It is opened before a command changes anything: what a change hands out, such as a
 * welcome, may exist only once, so a file that cannot be written must stop the command while nothing is lost.
 *
 * @module
 */
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { ioFailure } from './failure.js';

/** A file that waits for its bytes. */
export class OutputFile {
  readonly #path: string;
  readonly #descriptor: number;
  readonly #isNew: boolean;

  /** Opens the file; a new one is readable and writable by its owner only. What it holds stays until {@link write}. */
  constructor(path: string) {
    this.#path = path;
    this.#isNew = !existsSync(path);
    try {
      this.#descriptor = openSync(path, constants.O_WRONLY | constants.O_CREAT, 0o600);
    } catch (error) {
      throw ioFailure(path, error);
    }
  }

  /** Replaces the content, and closes. */
  write(bytes: Uint8Array): void {
    try {
      // Pipes and devices have no length to cut.
      if (fstatSync(this.#descriptor).isFile()) ftruncateSync(this.#descriptor, 0);
      writeFileSync(this.#descriptor, bytes);
    } catch (error) {
      throw ioFailure(this.#path, error);
    } finally {
      closeSync(this.#descriptor);
    }
  }

  /** Closes without writing: an existing file keeps its content, a new one goes. */
  discard(): void {
    closeSync(this.#descriptor);
    if (this.#isNew) unlinkSync(this.#path);
  }
}
