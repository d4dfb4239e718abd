/**
 * Deleting a database that lives in a browser.
 *
 * @module
 */
import { InvalidInputError } from '../errors.js';
import { type PlaceName, requirePlaceName } from './place-name.js';

/**
 * Deletes a database in IndexedDB or in the origin private file system, with the image before it. Nothing brings it back.
 *
 * @returns whether there was one
 * @throws InvalidInputError unless one of the two names is given
 * @throws DatabaseLockedError if it is open for writing
 * @throws CorruptDatabaseError if what has this name is of another application; it is left as it is
 * @throws MeshError `storage-unavailable` where there is no such storage, or the browser refuses
 */
export async function deleteDatabase(place: PlaceName): Promise<boolean> {
  if (typeof place !== 'object' || place === null || (place.indexedDB ?? place.opfs) === undefined) {
    throw new InvalidInputError('indexedDB or opfs must be given');
  }
  requirePlaceName(place);
  if (place.indexedDB !== undefined) {
    const { deleteIndexedDbFile } = await import('./browser/indexeddb-file.js');
    return deleteIndexedDbFile(place.indexedDB);
  }
  const { deleteOpfsFile } = await import('./browser/opfs-file.js');
  return deleteOpfsFile(place.opfs ?? '');
}
