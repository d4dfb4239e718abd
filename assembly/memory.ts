/**
 * Static memory of the core: no allocator, no garbage-collected objects. Each file reserves its own scratch regions with
 * `memory.data`, and the facade hands arguments over in one shared window.
 *
 * @module
 */

/** Size of the argument window: 64 KiB of text in place, and 8 KiB beside it for keys, nonces, tags and results. */
export const WINDOW_SIZE: usize = 65536 + 8192;

const WINDOW: usize = memory.data(65536 + 8192, 16);

/** Address of the argument window. The facade lays it out as it likes; every export takes addresses. */
export function windowAddress(): usize {
  return WINDOW;
}

/** Overwrites `length` bytes at `address` with zeros. */
export function wipe(address: usize, length: usize): void {
  memory.fill(address, 0, length);
}
