/**
 * One writer among all tabs and workers of an origin, by the Web Locks API. The browser releases a lock when the tab or
 * worker that holds it ends, however it ends, so that none is ever stale.
 *
 * @module
 */
import { DatabaseLockedError, MeshError } from '../../errors.js';

/** A lock that this page or worker holds. */
export interface WebLock {
  /** Whether another program took it by force (the API's `steal`). */
  readonly lost: boolean;
  /** Gives it up. Calling it again does nothing. */
  release(): void;
}

/**
 * How long a lock that is taken is waited for. A page that is reloaded may meet its own former self, which the browser
 * is still ending.
 */
const LOCK_PATIENCE_MS = 2_000;

/**
 * Takes the lock, or waits a moment for one that is about to be free.
 *
 * @param name of the lock, within the origin
 * @param place names the database in an error's message
 * @throws DatabaseLockedError if another tab or worker, or this one, holds it
 * @throws MeshError `storage-unavailable` where the browser has no locks
 */
export async function acquireWebLock(name: string, place: string): Promise<WebLock> {
  const manager = lockManager(place);
  return new Promise((resolve, reject) => {
    const granted = () =>
      new Promise<void>((release) => {
        resolve({
          get lost() {
            return lost;
          },
          release,
        });
      });
    let lost = false;
    manager.request(name, { signal: AbortSignal.timeout(LOCK_PATIENCE_MS) }, granted).catch((cause: unknown) => {
      // After it was granted, the only failure is that somebody stole it; the promise above is settled by then.
      lost = true;
      reject(
        cause instanceof Error && (cause.name === 'TimeoutError' || cause.name === 'AbortError')
          ? new DatabaseLockedError(`${place} is open for writing in another tab or worker, or in this one`, { cause })
          : new MeshError('storage-unavailable', `${place} cannot be locked: the browser refuses Web Locks here`, {
              cause,
            }),
      );
    });
  });
}

function lockManager(place: string): LockManager {
  const manager: LockManager | undefined = globalThis.navigator?.locks;
  if (manager === undefined) {
    throw new MeshError(
      'storage-unavailable',
      `${place} cannot be locked: Web Locks need a page from https: or localhost, in a browser of 2022 or later`,
    );
  }
  return manager;
}
