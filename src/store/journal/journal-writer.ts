/**
 * Makes the entries of the journal of one image, and says when a new image is the better choice.
 *
 * @module
 */
import type { PublishedImage } from '../lineage.js';
import { JournalFrames } from './journal-format.js';
import { type Statement, StatementEncoder } from './statements.js';

/** A journal may grow as long as its image, so that all images together cost about what the changes do … */
const LEAST_LIMIT = 1 << 18;
/** … but not so long that executing it again at the next opening takes much longer than reading the image. */
const MOST_LIMIT = 1 << 24;

/** See the module's description. */
export class JournalWriter {
  readonly #frames: JournalFrames;
  readonly #encoder = new StatementEncoder();
  /** How many bytes the journal may still grow by. */
  #room: number;

  constructor({ name, size }: PublishedImage) {
    this.#frames = new JournalFrames(name);
    this.#room = Math.min(Math.max(size, LEAST_LIMIT), MOST_LIMIT);
  }

  /** How many bytes the journal may still grow by. */
  get room(): number {
    return this.#room;
  }

  /**
   * The bytes to append for a transaction. After null no other entry may be made.
   *
   * @returns null where a new image is the better choice
   */
  entryFor(statements: readonly Statement[]): Uint8Array | null {
    const entry = this.#frames.next(this.#encoder.encode(statements));
    this.#room -= entry.length;
    return this.#room < 0 ? null : entry;
  }
}
