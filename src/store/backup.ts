/**
 * Backups: the image of a database in a file of its own.
 *
 * @module
 */
import { openDatabaseFile } from '#file-storage';
import { InvalidInputError, MeshError } from '../errors.js';
import { requireOwnImage } from './image.js';

/** How `db.backup` treats a file that exists. */
export interface BackupOptions {
  /** Whether an older backup may be replaced; a file that is no database of this library never is. */
  readonly replace?: boolean;
}

/**
 * Writes an image to a file, all of it or nothing.
 *
 * @param own the path of the database that the image is of; null where it has none
 * @throws InvalidInputError, DatabaseLockedError, CorruptDatabaseError
 * @throws MeshError `file-exists`, `file-unavailable`, `publish-failed`, `publish-uncertain`, `no-file-system`
 */
export function writeBackup(path: string, image: Uint8Array, own: string | null, { replace = false }: BackupOptions) {
  if (typeof path !== 'string' || path === '') throw new InvalidInputError('file must be a path');
  const file = openDatabaseFile(path, { readonly: false });
  try {
    if (file.path === own) throw new InvalidInputError('file must be another one than that of the database itself');
    const existing = file.read();
    if (existing !== null) {
      if (!replace) throw new MeshError('file-exists', `${file.path} exists already`);
      requireOwnImage(existing.image, file.path, Number.POSITIVE_INFINITY);
    }
    file.replace(image, { keep: false });
  } finally {
    file.close(false);
  }
}
