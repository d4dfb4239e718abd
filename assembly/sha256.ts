/**
 * SHA-256 (FIPS 180-4). The message schedule is made four words at a time in vectors, the rounds are plain integer code.
 *
 * It is in the core, not in JavaScript, because HPKE hangs on it: one encapsulation hashes some 25 blocks in short calls,
 * which cost `@noble/hashes` about as much time as half an X25519 ladder and the core a few microseconds.
 *
 * A state is 128 bytes at an address that the caller chooses, so that several hashes may be under way at once: the
 * chaining value in eight words, the last block as far as it is filled, and the number of bytes so far.
 *
 * @module
 */
import { copyBytes, wipe, wipe128, wipe256 } from './memory';

/** Size of a state. */
export const SHA256_STATE: usize = 128;

const BUFFER: usize = 32;
const LENGTH: usize = 96;

/** FIPS 180-4 §4.2.2. */
const ROUND_CONSTANTS: usize = memory.data<u32>(
  [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
  ],
  16,
);

/** FIPS 180-4 §5.3.3. */
const INITIAL_VALUE: usize = memory.data<u32>(
  [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19],
  16,
);

/** Message schedule of one block, round constants added. Zero whenever no run of blocks is under way. */
const SCHEDULE: usize = memory.data(256, 16);

/** Starts a hash. */
export function sha256Start(state: usize): void {
  v128.store(state, v128.load(INITIAL_VALUE));
  v128.store(state, v128.load(INITIAL_VALUE, 16), 16);
  store<u64>(state, 0, LENGTH);
}

/** Starts a hash whose first block led to the 32-byte chaining value. */
export function sha256StartAfterBlock(state: usize, chainingValue: usize): void {
  v128.store(state, v128.load(chainingValue));
  v128.store(state, v128.load(chainingValue, 16), 16);
  store<u64>(state, 64, LENGTH);
}

/** Takes in any number of bytes. */
export function sha256Update(state: usize, data: usize, length: usize): void {
  const total = load<u64>(state, LENGTH);
  store<u64>(state, total + length, LENGTH);
  const filled = (total as usize) & 63;
  if (filled != 0) {
    const taken = min(64 - filled, length);
    copyBytes(state + BUFFER + filled, data, taken);
    if (filled + taken < 64) return;
    compress(state, state + BUFFER, 64);
    data += taken;
    length -= taken;
  }
  const whole = length & ~63;
  if (whole != 0) compress(state, data, whole);
  copyBytes(state + BUFFER, data + whole, length - whole);
}

/** Writes the 32-byte digest and wipes the state. */
export function sha256Finish(state: usize, digest: usize): void {
  const buffer = state + BUFFER;
  const total = load<u64>(state, LENGTH);
  let filled = (total as usize) & 63;
  store<u8>(buffer + filled, 0x80);
  filled++;
  if (filled > 56) {
    wipe(buffer + filled, 64 - filled);
    compress(state, buffer, 64);
    filled = 0;
  }
  wipe(buffer + filled, 56 - filled);
  store<u64>(buffer, bswap<u64>(total << 3), 56);
  compress(state, buffer, 64);
  v128.store(digest, swapBytes(v128.load(state)));
  v128.store(digest, swapBytes(v128.load(state, 16)), 16);
  wipe128(state);
}

/** Each of the four words with its bytes in reverse order. */
@inline
function swapBytes(x: v128): v128 {
  return v128.shuffle<u8>(x, x, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
}

@inline
function rotateRight(x: v128, distance: i32): v128 {
  return v128.or(i32x4.shr_u(x, distance), i32x4.shl(x, 32 - distance));
}

@inline
function sigma0(x: v128): v128 {
  return v128.xor(v128.xor(rotateRight(x, 7), rotateRight(x, 18)), i32x4.shr_u(x, 3));
}

@inline
function sigma1(x: v128): v128 {
  return v128.xor(v128.xor(rotateRight(x, 17), rotateRight(x, 19)), i32x4.shr_u(x, 10));
}

/** The next four words of the schedule from the last sixteen. Words 2 and 3 need σ1 of words 0 and 1: hence two halves. */
@inline
function nextWords(w0: v128, w1: v128, w2: v128, w3: v128): v128 {
  const zero = i64x2.splat(0);
  const fifteenBack = v128.shuffle<u32>(w0, w1, 1, 2, 3, 4);
  const sevenBack = v128.shuffle<u32>(w2, w3, 1, 2, 3, 4);
  const sum = i32x4.add(i32x4.add(w0, sevenBack), sigma0(fifteenBack));
  const firstHalf = i32x4.add(sum, sigma1(v128.shuffle<u64>(w3, zero, 1, 2)));
  return i32x4.add(firstHalf, sigma1(v128.shuffle<u64>(zero, firstHalf, 0, 2)));
}

@inline
function storeWords(index: usize, words: v128): void {
  v128.store(SCHEDULE + 4 * index, i32x4.add(words, v128.load(ROUND_CONSTANTS + 4 * index)));
}

/** FIPS 180-4 §6.2.2, step 1. */
function makeSchedule(block: usize): void {
  let w0 = swapBytes(v128.load(block));
  let w1 = swapBytes(v128.load(block, 16));
  let w2 = swapBytes(v128.load(block, 32));
  let w3 = swapBytes(v128.load(block, 48));
  storeWords(0, w0);
  storeWords(4, w1);
  storeWords(8, w2);
  storeWords(12, w3);
  for (let index: usize = 16; index < 64; index += 16) {
    w0 = nextWords(w0, w1, w2, w3);
    storeWords(index, w0);
    w1 = nextWords(w1, w2, w3, w0);
    storeWords(index + 4, w1);
    w2 = nextWords(w2, w3, w0, w1);
    storeWords(index + 8, w2);
    w3 = nextWords(w3, w0, w1, w2);
    storeWords(index + 12, w3);
  }
}

@inline
function sum0(x: u32): u32 {
  return rotr<u32>(x, 2) ^ rotr<u32>(x, 13) ^ rotr<u32>(x, 22);
}

@inline
function sum1(x: u32): u32 {
  return rotr<u32>(x, 6) ^ rotr<u32>(x, 11) ^ rotr<u32>(x, 25);
}

@inline
function choose(x: u32, y: u32, z: u32): u32 {
  return z ^ (x & (y ^ z));
}

@inline
function majority(x: u32, y: u32, z: u32): u32 {
  return (x & y) | (z & (x | y));
}

/** Takes `length` bytes, a multiple of 64 and not 0, into the chaining value (FIPS 180-4 §6.2.2). */
function compress(state: usize, data: usize, length: usize): void {
  for (const end = data + length; data < end; data += 64) {
    makeSchedule(data);
    let a = load<u32>(state);
    let b = load<u32>(state, 4);
    let c = load<u32>(state, 8);
    let d = load<u32>(state, 12);
    let e = load<u32>(state, 16);
    let f = load<u32>(state, 20);
    let g = load<u32>(state, 24);
    let h = load<u32>(state, 28);
    // Eight rounds: instead of moving the variables along, each round has them in turned roles. What comes of e, the
    // round's longest wait, is added last.
    for (let word = SCHEDULE; word < SCHEDULE + 256; word += 32) {
      h = h + load<u32>(word, 0) + choose(e, f, g) + sum1(e);
      d += h;
      h += sum0(a) + majority(a, b, c);
      g = g + load<u32>(word, 4) + choose(d, e, f) + sum1(d);
      c += g;
      g += sum0(h) + majority(h, a, b);
      f = f + load<u32>(word, 8) + choose(c, d, e) + sum1(c);
      b += f;
      f += sum0(g) + majority(g, h, a);
      e = e + load<u32>(word, 12) + choose(b, c, d) + sum1(b);
      a += e;
      e += sum0(f) + majority(f, g, h);
      d = d + load<u32>(word, 16) + choose(a, b, c) + sum1(a);
      h += d;
      d += sum0(e) + majority(e, f, g);
      c = c + load<u32>(word, 20) + choose(h, a, b) + sum1(h);
      g += c;
      c += sum0(d) + majority(d, e, f);
      b = b + load<u32>(word, 24) + choose(g, h, a) + sum1(g);
      f += b;
      b += sum0(c) + majority(c, d, e);
      a = a + load<u32>(word, 28) + choose(f, g, h) + sum1(f);
      e += a;
      a += sum0(b) + majority(b, c, d);
    }
    store<u32>(state, load<u32>(state) + a);
    store<u32>(state, load<u32>(state, 4) + b, 4);
    store<u32>(state, load<u32>(state, 8) + c, 8);
    store<u32>(state, load<u32>(state, 12) + d, 12);
    store<u32>(state, load<u32>(state, 16) + e, 16);
    store<u32>(state, load<u32>(state, 20) + f, 20);
    store<u32>(state, load<u32>(state, 24) + g, 24);
    store<u32>(state, load<u32>(state, 28) + h, 28);
  }
  wipe256(SCHEDULE);
}
