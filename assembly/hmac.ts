/**
 * HMAC-SHA256 (RFC 2104), which is also HKDF-Extract and each step of HKDF-Expand (RFC 5869).
 *
 * A prepared key is the two chaining values after the blocks key ⊕ ipad and key ⊕ opad, 64 bytes: whoever uses a key
 * more than once hashes these blocks only once. A state is that of the inner hash, which takes in the message by
 * `sha256Update`, and behind it the outer chaining value: 160 bytes.
 *
 * @module
 */
import { copyBytes, wipe, wipe64 } from './memory';
import { SHA256_STATE, sha256Finish, sha256Start, sha256StartAfterBlock, sha256Update } from './sha256';

/** A padded key and the hash over it; zero whenever no export runs. */
const PADDED_KEY: usize = memory.data(64, 16);
const PADDED_KEY_STATE: usize = memory.data(128, 16);

/** Prepares a key of at most 64 bytes. */
export function hmacPrepare(prepared: usize, key: usize, length: usize): void {
  chainingValue(prepared, key, length, 0x36);
  chainingValue(prepared + 32, key, length, 0x5c);
}

/** Starts a MAC with a prepared key. */
export function hmacStartPrepared(state: usize, prepared: usize): void {
  sha256StartAfterBlock(state, prepared);
  v128.store(state + SHA256_STATE, v128.load(prepared, 32));
  v128.store(state + SHA256_STATE, v128.load(prepared, 48), 16);
}

/** Starts a MAC with a key of at most 64 bytes. */
export function hmacStart(state: usize, key: usize, length: usize): void {
  chainingValue(state + SHA256_STATE, key, length, 0x36);
  sha256StartAfterBlock(state, state + SHA256_STATE);
  chainingValue(state + SHA256_STATE, key, length, 0x5c);
}

/** Writes the 32-byte MAC and wipes the state. */
export function hmacFinish(state: usize, mac: usize): void {
  const outer = state + SHA256_STATE;
  sha256Finish(state, mac);
  sha256StartAfterBlock(state, outer);
  sha256Update(state, mac, 32);
  sha256Finish(state, mac);
  wipe(outer, 32);
}

/** What SHA-256 has after one block: the key, filled up with zeros, each byte XOR `pad`. */
function chainingValue(target: usize, key: usize, length: usize, pad: u8): void {
  const pads = i8x16.splat(pad);
  copyBytes(PADDED_KEY, key, length);
  for (let i: usize = 0; i < 64; i += 16) {
    v128.store(PADDED_KEY + i, v128.xor(v128.load(PADDED_KEY + i), pads));
  }
  sha256Start(PADDED_KEY_STATE);
  sha256Update(PADDED_KEY_STATE, PADDED_KEY, 64);
  v128.store(target, v128.load(PADDED_KEY_STATE));
  v128.store(target, v128.load(PADDED_KEY_STATE, 16), 16);
  wipe64(PADDED_KEY_STATE);
  wipe64(PADDED_KEY);
}
