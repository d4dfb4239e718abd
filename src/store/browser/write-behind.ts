/**
 * Writing behind mutations that have returned: one write at a time, always of the newest state, so that a burst of
 * mutations costs two writes and not as many as there are mutations.
 *
 * @module
 */

/** What {@link WriteBehind} drives. */
export interface WriteBehindOptions {
  /** Takes the newest state and writes it. Rejects if what is on disk is the state before. */
  readonly write: () => Promise<void>;
  /** Told why, for each write that failed. */
  readonly onFailure: (error: unknown) => void;
}

interface Write {
  readonly done: Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
}

function newWrite(): Write {
  let resolve: Write['resolve'] = () => undefined;
  let reject: Write['reject'] = () => undefined;
  const done = new Promise<void>((onDone, onFailed) => {
    resolve = onDone;
    reject = onFailed;
  });
  // Whoever wants to know asks; the others have `onFailure`.
  done.catch(() => undefined);
  return { done, resolve, reject };
}

/** Knows what is yet to be written. */
export class WriteBehind {
  readonly #options: WriteBehindOptions;
  /** The write that was begun. */
  #present: Write | null = null;
  /** The write that comes after it. */
  #next: Write | null = null;
  #failed = false;
  #stopped = false;

  constructor(options: WriteBehindOptions) {
    this.#options = options;
  }

  /** Whether something is not on disk, as far as is known. */
  get behind(): boolean {
    return this.#failed || this.#present !== null || this.#next !== null;
  }

  /** Tells that there is a new state. It is written when the present code has run to its end. */
  request(): void {
    if (this.#next !== null) return;
    const idle = this.#present === null;
    this.#next = newWrite();
    // Not at once: the mutations that follow in the same turn come along.
    if (idle) queueMicrotask(() => this.#run());
  }

  async #run(): Promise<void> {
    while (this.#next !== null && !this.#stopped) {
      const write = this.#next;
      this.#present = write;
      this.#next = null;
      try {
        await this.#options.write();
        this.#failed = false;
        write.resolve();
      } catch (error) {
        this.#failed = true;
        write.reject(error);
        this.#options.onFailure(error);
      }
      this.#present = null;
    }
  }

  /**
   * Resolves when all that was requested so far is on disk; what failed is tried once more.
   *
   * @throws what the write rejected with
   */
  async settled(): Promise<void> {
    if (this.#failed && this.#present === null) this.request();
    await (this.#next ?? this.#present)?.done;
  }

  /**
   * Lets the present write end, makes one last write, and begins no other.
   *
   * @throws what the last write rejected with
   */
  async finish(lastWrite: () => Promise<void>): Promise<void> {
    this.#stopped = true;
    await this.#present?.done.catch(() => undefined);
    const last = this.#next ?? newWrite();
    try {
      await lastWrite();
      last.resolve();
    } catch (error) {
      last.reject(error);
      this.#options.onFailure(error);
    }
    await last.done;
  }
}
