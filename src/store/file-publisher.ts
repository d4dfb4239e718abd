/**
 * Publishes a database in memory to a file, or to a browser's storage. A small one is written whole each time, so that the
 * file is an ordinary SQLite file after every mutation. A large one would cost too much: its mutations are added to a journal beside the image,
 * at the cost of the change, until a new image takes both in.
 *
 * @module
 */
import { MeshError } from '../errors.js';
import { replayStored } from './connect-stored.js';
import type { ImageStore } from './file-storage.js';
import { JournalWriter } from './journal/journal-writer.js';
import { StatementRecorder } from './journal/recorder.js';
import { type PublishedImage, publishImage } from './lineage.js';
import type { Publisher } from './publisher.js';
import type { SqlValue } from './sql-js.js';
import type { SqlJsConnection } from './sql-js-connection.js';

/** Up to here, in bytes, a new image takes but some milliseconds. */
export const JOURNAL_FROM = 1 << 20;

/** What a {@link FilePublisher} is made of. */
export interface FilePublisherParts {
  readonly connection: SqlJsConnection;
  readonly file: ImageStore;
  /** The path of the file; null in a browser. */
  readonly path: string | null;
  /** What stands in the file, without a journal; null where that has no name that a journal could refer to. */
  readonly published: PublishedImage | null;
  /** The lineage that the file names. */
  readonly lineage: Uint8Array;
  /** From how many bytes of the image on mutations go to a journal. */
  readonly journalFrom: number;
}

/** See the module's description. */
export class FilePublisher implements Publisher {
  readonly #connection: SqlJsConnection;
  readonly #file: ImageStore;
  readonly #path: string | null;
  readonly #journalFrom: number;
  readonly #recorder = new StatementRecorder();
  #lineage: Uint8Array;
  /** Makes the entries to append; null where the next publish writes a new image. */
  #writer: JournalWriter | null;
  /** Whether the file has a journal that holds something. */
  #journaled = false;
  /** Whether memory holds what was published last. */
  #inStep = true;

  constructor({ connection, file, path, published, lineage, journalFrom }: FilePublisherParts) {
    this.#connection = connection;
    this.#file = file;
    this.#path = path;
    this.#journalFrom = journalFrom;
    this.#lineage = lineage;
    this.#writer = this.#writerFor(published);
  }

  get file(): string | null {
    return this.#path;
  }

  #writerFor(published: PublishedImage | null): JournalWriter | null {
    return published === null || published.size < this.#journalFrom ? null : new JournalWriter(published);
  }

  record(sql: string, params: readonly SqlValue[]): void {
    if (this.#writer !== null) this.#recorder.record(sql, params, this.#writer.room);
  }

  discard(): void {
    this.#recorder.discard();
  }

  publish(lineage: Uint8Array): void {
    const statements = this.#recorder.take();
    const entry = statements.length === 0 ? null : (this.#writer?.entryFor(statements) ?? null);
    if (entry === null) {
      this.publishWhole(lineage);
      return;
    }
    this.#orFallOutOfStep(() => this.#file.append(entry));
    this.#journaled = true;
    this.#lineage = lineage;
  }

  publishWhole(lineage: Uint8Array): void {
    this.#recorder.discard();
    const published = this.#orFallOutOfStep(() => publishImage(this.#connection, this.#file, lineage));
    this.#writer = this.#writerFor(published);
    this.#journaled = false;
    this.#lineage = lineage;
  }

  #orFallOutOfStep<T>(write: () => T): T {
    try {
      return write();
    } catch (error) {
      this.#inStep = false;
      // What the writer counts is not what stands in the journal.
      this.#writer = null;
      throw error;
    }
  }

  restore(): void {
    const stored = this.#file.read();
    if (stored === null) throw new MeshError('file-changed', `${this.#file.path} is gone`);
    this.#connection.replace(stored.image);
    this.#journaled = replayStored(this.#connection, stored, this.#file.path).replayed > 0;
    this.#inStep = true;
  }

  async durable(): Promise<void> {
    await this.#file.durable?.();
  }

  close(resumable: boolean): void {
    this.#file.close(resumable && this.#inStep && this.#fold());
  }

  async closed(): Promise<void> {
    await this.#file.closed?.();
  }

  /** Takes the journal into a new image. @returns whether there is none now */
  #fold(): boolean {
    if (!this.#journaled) return true;
    try {
      this.publishWhole(this.#lineage);
      return true;
    } catch {
      // The journal stays: it holds all, and the next opening takes it in.
      return false;
    }
  }
}
