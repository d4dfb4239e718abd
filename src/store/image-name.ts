/**
 * What tells one published image from every other, so that a journal knows the one that it continues.
 *
 * The id is random, new with each publish, and stands in the image itself. The digest covers the image's length and file
 * header, where SQLite counts its changes: a program that changes the image changes the digest.
 *
 * @module
 */
import { isBytes, u64be } from '../bytes.js';
import { sha256 } from '../crypto/sha256.js';
import type { Connection } from './connection.js';

/** The length of an image's id. */
export const IMAGE_ID_BYTES = 16;
/** SQLite file format §1.3. */
const FILE_HEADER_BYTES = 100;

/** The name of an image. */
export interface ImageName {
  /** 16 random bytes. */
  readonly id: Uint8Array;
  /** 32 bytes. */
  readonly digest: Uint8Array;
}

/** The name of an image with this id. */
export function nameImage(image: Uint8Array, id: Uint8Array): ImageName {
  return { id, digest: sha256(u64be(image.length), image.subarray(0, FILE_HEADER_BYTES)) };
}

/**
 * The name of the image that the connection was made from.
 *
 * @returns null if it has none: it was not published to a file, or by an older version of the library
 */
export function imageNameOf(connection: Connection, image: Uint8Array): ImageName | null {
  const id = connection.get("SELECT value FROM meta WHERE key = 'image_id'")?.value;
  return isBytes(id) && id.length === IMAGE_ID_BYTES ? nameImage(image, id) : null;
}
