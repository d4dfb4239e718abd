/**
 * The lineage of a database: an id for one unbroken sequence of its states. It goes on when the very same file is closed
 * and opened again, and a new one begins wherever a state may come twice: in a copy, after a restore, after a process
 * that ended without closing, after a transaction that was undone, and whenever this cannot be told.
 *
 * @module
 */
import { isBytes } from '../bytes.js';
import { randomBytes } from '../crypto/random.js';
import type { Connection } from './connection.js';
import type { ImageStore } from './file-storage.js';
import { IMAGE_ID_BYTES, type ImageName, nameImage } from './image-name.js';

const LINEAGE_BYTES = 16;
const GET = 'SELECT value FROM meta WHERE key = ?';
const PUT = 'INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)';

/** A lineage that nothing shares. */
export function newLineage(): Uint8Array {
  return randomBytes(LINEAGE_BYTES);
}

/** The lineage that the file's image names, if the file is the very one that the image was written to; else null. */
export function resumeLineage(connection: Connection, file: Pick<ImageStore, 'resume'>): Uint8Array | null {
  const lineage = connection.get(GET, ['lineage'])?.value;
  const token = connection.get(GET, ['file_token'])?.value;
  if (!isBytes(lineage) || lineage.length !== LINEAGE_BYTES || typeof token !== 'string') return null;
  return file.resume(token) ? lineage : null;
}

/** Has the database name its lineage, and the token of the file that it is in; null where that has none. */
export function nameLineage(connection: Connection, lineage: Uint8Array, token: string | null): void {
  connection.run(PUT, ['lineage', lineage]);
  connection.run(PUT, ['file_token', token]);
}

/** What {@link publishImage} wrote. */
export interface PublishedImage {
  readonly name: ImageName;
  /** In bytes. */
  readonly size: number;
}

/** Writes the database to its file, as an image that names itself, its lineage and the file that it is in. */
export function publishImage(connection: Connection, file: ImageStore, lineage: Uint8Array): PublishedImage {
  const id = randomBytes(IMAGE_ID_BYTES);
  let image: Uint8Array = new Uint8Array(0);
  file.publish((token) => {
    nameLineage(connection, lineage, token);
    connection.run(PUT, ['image_id', id]);
    image = connection.export();
    return image;
  });
  return { name: nameImage(image, id), size: image.length };
}
