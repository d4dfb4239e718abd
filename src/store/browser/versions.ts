/**
 * The two versions of a database that a browser's storage keeps, for whoever looks at them without opening it.
 *
 * @module
 */
import type { StoredDatabase } from '../file-storage.js';

/** What stands in a place, whole or not; nothing of it is verified but what the place itself can tell. */
export interface Versions {
  /** What messages call the place. */
  readonly path: string;
  /** What counts; null where the place itself is not whole. */
  readonly present: StoredDatabase | null;
  /** The image before, without the journal that it had; null where there is none. */
  readonly before: Uint8Array | null;
  /** Makes the image before the one that counts, and drops what counted. */
  stepBack(): Promise<void>;
}
