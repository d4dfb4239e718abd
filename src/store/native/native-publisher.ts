/**
 * The publisher of a database that SQLite keeps in its file by itself: a commit is on disk when it returns. What is left
 * is to know whether the file is still ours, and to leave it so that the next opening can tell.
 *
 * @module
 */
import { MeshError } from '../../errors.js';
import type { DatabaseFile, InPlaceFile } from '../file-storage.js';
import { nameLineage } from '../lineage.js';
import type { Publisher } from '../publisher.js';
import type { NativeConnection } from './native-connection.js';

/** Stands in the database in the place of the token of a file that an image was published to. */
export const IN_PLACE = 'in place';

/** See the module's description. */
export interface NativePublisherParts {
  readonly connection: NativeConnection;
  /** Holds the lock. */
  readonly file: DatabaseFile;
  readonly inPlace: InPlaceFile;
  readonly readonly: boolean;
  /** The lineage that the database names. */
  readonly lineage: Uint8Array;
}

/** See the module's description. */
export class NativePublisher implements Publisher {
  readonly #parts: NativePublisherParts;
  #lineage: Uint8Array;

  constructor(parts: NativePublisherParts) {
    this.#parts = parts;
    this.#lineage = parts.lineage;
  }

  get file(): string {
    return this.#parts.file.path;
  }

  record(): void {
    // SQLite has written it.
  }

  discard(): void {
    // Nothing was recorded.
  }

  publish(lineage: Uint8Array): void {
    this.#lineage = lineage;
    this.#parts.inPlace.observe();
  }

  publishWhole(lineage: Uint8Array): void {
    const { connection } = this.#parts;
    connection.checkpoint();
    connection.copyToPrevious();
    this.publish(lineage);
  }

  restore(): void {
    throw new MeshError('database-failed', 'SQLite has kept what was committed');
  }

  async durable(): Promise<void> {
    // What was committed is on disk already.
  }

  close(resumable: boolean): void {
    const { file, readonly } = this.#parts;
    try {
      if (!readonly) this.#leave(resumable);
    } finally {
      file.close(false);
    }
  }

  #leave(resumable: boolean): void {
    const { connection, inPlace, lineage } = this.#parts;
    try {
      inPlace.requireUnchanged();
      if (resumable && this.#lineage !== lineage) nameLineage(connection, this.#lineage, IN_PLACE);
      if (connection.settle() && resumable) inPlace.leaveMark();
    } catch {
      // What was committed is in the file and its log. The next opening brings them together.
      connection.close();
    }
  }
}
