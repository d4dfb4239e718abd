/**
 * What a file is told by that no copy of it can have, so that a database notices when it was restored.
 *
 * A token names the boot, the inode and the time of the inode's birth. It is known once a file is made, so an image can
 * carry the token of the file that it is written to. A copy has another inode, or the same number with another birth.
 * A file system that was rolled back under a stopped machine has another boot. Where the system does not tell all
 * three there is no token.
 *
 * Whether the file was closed properly stands in its time of change: {@link closingTime} is before its birth, which no
 * write leaves. A hard link to an older image never has it, since opening takes the mark away.
 *
 * @module
 */
import type { BigIntStats } from 'node:fs';
import { bootId } from './process-identity.js';

const NANOSECONDS = 1_000_000_000n;

/** The token of a file; null where the system does not tell enough. */
export function fileToken({ ino, birthtimeNs }: BigIntStats): string | null {
  const boot = bootId();
  return boot === null || ino === 0n || birthtimeNs <= 0n ? null : `${boot}:${ino}:${birthtimeNs}`;
}

/** The time of change, in seconds, of a file that was closed properly. */
export function closingTime({ birthtimeNs }: BigIntStats): number {
  return Number(birthtimeNs / NANOSECONDS) - 1;
}

/** The time of change, in seconds, of a file that is open: any but {@link closingTime}. */
export function openTime(stats: BigIntStats): number {
  return closingTime(stats) + 1;
}

/** Whether a file bears the mark of having been closed properly. */
export function isMarkedClosed(stats: BigIntStats): boolean {
  return stats.mtimeNs === BigInt(closingTime(stats)) * NANOSECONDS;
}
