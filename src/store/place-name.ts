/**
 * The names of databases in a browser, checked.
 *
 * @module
 */
import { InvalidInputError } from '../errors.js';

/** Names a database in a browser: one of the two. */
export interface PlaceName {
  /** The name of an IndexedDB database, which holds nothing else. */
  readonly indexedDB?: string | undefined;
  /** The name of a folder in the origin private file system, which holds nothing else. */
  readonly opfs?: string | undefined;
}

const MAX_NAME = 200;

/** @throws InvalidInputError if a name is not as it must be, or both are given */
export function requirePlaceName({ indexedDB, opfs }: PlaceName): void {
  if (indexedDB !== undefined) requireName('indexedDB', indexedDB);
  if (opfs !== undefined) {
    requireName('opfs', opfs);
    if (/[/\\]/.test(opfs) || opfs === '.' || opfs === '..') {
      throw new InvalidInputError('opfs must be the name of one folder, without a path');
    }
  }
  if (indexedDB !== undefined && opfs !== undefined) {
    throw new InvalidInputError('indexedDB and opfs exclude each other');
  }
}

function requireName(option: string, value: unknown): void {
  if (typeof value !== 'string' || value === '' || value.length > MAX_NAME) {
    throw new InvalidInputError(`${option} must be a name of 1 to ${MAX_NAME} characters`);
  }
}
