/**
 * File storage for runtimes without a file system that the library knows: there is none.
 *
 * @module
 */
import { MeshError } from '../errors.js';
import type { OpenDatabaseFile } from './file-storage.js';

/** @throws MeshError `no-file-system`, always */
export const openDatabaseFile: OpenDatabaseFile = () => {
  throw new MeshError(
    'no-file-system',
    'openDatabase({ file }) needs Node, Deno or Bun; elsewhere use { bytes } and db.export()',
  );
};
