/**
 * Publishes a database in memory to a file by writing the whole image each time: simple, and the file is an ordinary
 * SQLite file after every mutation.
 *
 * @module
 */
import { MeshError } from '../errors.js';
import type { DatabaseFile } from './file-storage.js';
import { publishImage } from './lineage.js';
import type { Publisher } from './publisher.js';
import type { SqlJsConnection } from './sql-js-connection.js';

/** See the module's description. */
export class ImagePublisher implements Publisher {
  readonly #connection: SqlJsConnection;
  readonly #file: DatabaseFile;

  constructor(connection: SqlJsConnection, file: DatabaseFile) {
    this.#connection = connection;
    this.#file = file;
  }

  get file(): string {
    return this.#file.path;
  }

  record(): void {
    // The image tells all.
  }

  discard(): void {
    // Nothing was recorded.
  }

  publish(lineage: Uint8Array): void {
    publishImage(this.#connection, this.#file, lineage);
  }

  publishWhole(lineage: Uint8Array): void {
    this.publish(lineage);
  }

  restore(): void {
    const image = this.#file.read();
    if (image === null) throw new MeshError('file-changed', `${this.#file.path} is gone`);
    this.#connection.replace(image);
  }

  async durable(): Promise<void> {
    // What was published is on disk already.
  }

  close(resumable: boolean): void {
    this.#file.close(resumable);
  }
}
