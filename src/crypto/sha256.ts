/**
 * SHA-256, HMAC-SHA256 and HKDF-SHA256 (FIPS 180-4, RFC 2104, RFC 5869) over the WebAssembly core.
 *
 * @module
 */
import { section } from '../bytes.js';
import { InvalidInputError } from '../errors.js';
import { core } from './core.js';
import { HASH_STATE, MAC_KEY, RESULT, TEXT_CAPACITY, takeFromWindow } from './window.js';

const DIGEST_LENGTH = 32;
const BLOCK_LENGTH = 64;
const NO_BYTES = new Uint8Array(0);

/** SHA-256 of the parts, one after the other; 32 bytes. */
export function sha256(...parts: Uint8Array[]): Uint8Array {
  const { call, window } = core();
  call.sha256Start(window + HASH_STATE);
  for (const part of parts) absorb(part);
  call.sha256Finish(window + HASH_STATE, window + RESULT);
  return takeFromWindow(RESULT, DIGEST_LENGTH);
}

/** HMAC-SHA256 (RFC 2104) of the parts, one after the other; 32 bytes. */
export function hmacSha256(key: Uint8Array, ...parts: Uint8Array[]): Uint8Array {
  const { call, memory, window } = core();
  const shortKey = key.length > BLOCK_LENGTH ? sha256(key) : key;
  memory.set(shortKey, window + MAC_KEY);
  call.hmacStart(window + HASH_STATE, window + MAC_KEY, shortKey.length);
  call.wipe(window + MAC_KEY, BLOCK_LENGTH);
  for (const part of parts) absorb(part);
  call.hmacFinish(window + HASH_STATE, window + RESULT);
  return takeFromWindow(RESULT, DIGEST_LENGTH);
}

/** HKDF-Extract (RFC 5869 §2.2); 32 bytes. An absent salt is 32 zero bytes. */
export function hkdfExtract(salt: Uint8Array | undefined, ikm: Uint8Array): Uint8Array {
  return hmacSha256(salt ?? NO_BYTES, ikm);
}

/**
 * HKDF-Expand (RFC 5869 §2.3).
 *
 * @throws InvalidInputError if `length` is above 8,160
 */
export function hkdfExpand(prk: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  if (length > 255 * DIGEST_LENGTH) throw new InvalidInputError(`length must be at most 8160, got ${length}`);
  const output = new Uint8Array(length);
  let block: Uint8Array = NO_BYTES;
  for (let start = 0; start < length; start += DIGEST_LENGTH) {
    const previous = block;
    block = hmacSha256(prk, previous, info, Uint8Array.of(start / DIGEST_LENGTH + 1));
    previous.fill(0);
    output.set(block.subarray(0, length - start), start);
  }
  block.fill(0);
  return output;
}

/** Streams the bytes through the window into the hash or MAC whose state stands there, and wipes them again. */
export function absorb(bytes: Uint8Array): void {
  const { call, memory, window } = core();
  for (let start = 0; start < bytes.length; start += TEXT_CAPACITY) {
    const size = Math.min(TEXT_CAPACITY, bytes.length - start);
    memory.set(size === bytes.length ? bytes : section(bytes, start, size), window);
    call.sha256Update(window + HASH_STATE, window, size);
    call.wipe(window, size);
  }
}
