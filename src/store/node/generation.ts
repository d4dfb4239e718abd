/**
 * What tells one state of a file from another: which file has the name, and its size and time of change.
 *
 * @module
 */
import type { BigIntStats } from 'node:fs';

/** To be compared, not to be read. */
export type Generation = string;

export function generationOf({ dev, ino, size, mtimeNs }: BigIntStats): Generation {
  return `${dev}:${ino}:${size}:${mtimeNs}`;
}
