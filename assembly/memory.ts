/**
 * Static memory of the core: no allocator, no garbage-collected objects. Each file reserves its own scratch regions with
 * `memory.data`, and the facade hands arguments over in one shared window.
 *
 * @module
 */

const WINDOW: usize = memory.data(65536 + 8192, 16);

/**
 * Address of the argument window: 64 KiB of text in place, and 8 KiB beside it for keys, nonces, tags and results. The
 * facade lays it out as it likes; every export takes addresses.
 */
export function windowAddress(): usize {
  return WINDOW;
}

/** Overwrites `length` bytes at `address` with zeros. */
export function wipe(address: usize, length: usize): void {
  memory.fill(address, 0, length);
}

/** Overwrites 32 bytes with zeros. */
@inline
export function wipe32(address: usize): void {
  v128.store(address, i64x2.splat(0));
  v128.store(address, i64x2.splat(0), 16);
}

/** Overwrites 64 bytes with zeros: four stores, where `memory.fill` is a call into the engine and takes ten times as long. */
@inline
export function wipe64(address: usize): void {
  const zero = i64x2.splat(0);
  v128.store(address, zero);
  v128.store(address, zero, 16);
  v128.store(address, zero, 32);
  v128.store(address, zero, 48);
}

/** Overwrites 128 bytes with zeros. */
@inline
export function wipe128(address: usize): void {
  wipe64(address);
  wipe64(address + 64);
}

/** Overwrites 256 bytes with zeros. */
@inline
export function wipe256(address: usize): void {
  wipe128(address);
  wipe128(address + 128);
}

/**
 * Copies `length` bytes; the regions must not overlap. For the short copies inside the core, where a call of
 * `memory.copy` into the engine costs more than the copy itself.
 */
export function copyBytes(target: usize, source: usize, length: usize): void {
  const end = source + length;
  for (; source + 16 <= end; source += 16, target += 16) v128.store(target, v128.load(source));
  for (; source < end; source++, target++) store<u8>(target, load<u8>(source));
}
