/**
 * What a browser's storage failures are called here.
 *
 * @module
 */
import { MeshError } from '../../errors.js';

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
}

function isOutOfSpace(cause: unknown): boolean {
  return cause instanceof Error && cause.name === 'QuotaExceededError';
}

function outOfSpace(place: string, cause: unknown): MeshError {
  return new MeshError(
    'quota-exceeded',
    `${place} was not written: the browser gives this site no more space; the state before is kept`,
    { cause },
  );
}

/** The error for a write that the browser refused or undid; the state before is still there. */
export function writeFailed(place: string, cause: unknown): MeshError {
  if (cause instanceof MeshError) return cause;
  if (isOutOfSpace(cause)) return outOfSpace(place, cause);
  return new MeshError('publish-failed', `${place} was not written: ${reasonOf(cause)}`, { cause });
}

/** The error for storage that cannot be reached at all. */
export function unavailable(place: string, cause: unknown): MeshError {
  if (cause instanceof MeshError) return cause;
  // Opening makes files where there are none.
  if (isOutOfSpace(cause)) return outOfSpace(place, cause);
  return new MeshError('storage-unavailable', `${place} cannot be opened: ${reasonOf(cause)}`, { cause });
}

/** The error for storage that another program has written to, emptied or taken over. */
export function changedUnderneath(place: string): MeshError {
  return new MeshError('file-changed', `${place} was changed or removed since it was opened; it was not written to`);
}
