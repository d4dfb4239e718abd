/**
 * What was found in a browser's storage by somebody who only reads.
 *
 * @module
 */
import { MeshError } from '../../errors.js';
import type { ImageStore, StoredDatabase } from '../file-storage.js';

/** @param path what messages call it */
export function readOnlyStore(path: string, stored: StoredDatabase | null): ImageStore {
  const refuse = () => {
    throw new MeshError('read-only', 'this database was opened read-only');
  };
  return { path, read: () => stored, resume: () => false, publish: refuse, append: refuse, close: () => undefined };
}
