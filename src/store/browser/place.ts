/**
 * What opening a database needs of the place in a browser where it lives.
 *
 * @module
 */
import type { MeshError } from '../../errors.js';
import { MEMORY_ONLY, type Publisher } from '../publisher.js';
import type { SqlJsConnection } from '../sql-js-connection.js';

/** How a place is opened. */
export interface PlaceOptions {
  /** Takes no lock, and never writes. */
  readonly readonly: boolean;
  /** Told of each publish that failed after the mutation had returned. */
  readonly onPublishFailure: (error: MeshError) => void;
}

/** A place in a browser, open. */
export interface BrowserPlace {
  /** Names it in an error's message. */
  readonly name: string;
  /** The image that was found; null where there is none. */
  readonly image: Uint8Array | null;
  /**
   * Takes away the mark of having been closed properly.
   *
   * @returns the token of the place if it carried the mark; else null
   */
  takeMark(): Promise<string | null>;
  /** What keeps the transactions of a connection here; it takes over the place, to close it. */
  publisher(connection: SqlJsConnection): Publisher;
  /** Gives the place up without having written. */
  abandon(): void;
}

/** A place of which only the image is wanted. */
export function readingPlace(name: string, image: Uint8Array | null): BrowserPlace {
  return { name, image, takeMark: async () => null, publisher: () => MEMORY_ONLY, abandon: () => undefined };
}
