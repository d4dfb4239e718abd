/**
 * SHA-512 (FIPS 180-4) of a message that arrives in pieces, so that its length is not bound by the window.
 *
 * There is one running hash, in static memory: `sha512Init`, any number of `sha512Update`, `sha512Final`. Time and
 * addresses depend on lengths only. What it leaves of a secret message is wiped by `sha512Wipe`.
 *
 * @module
 */
import { wipe } from './memory';

/** Bytes of a digest. */
const DIGEST_SIZE: usize = 64;
const BLOCK_SIZE: usize = 128;

/** First 64 bits of the fractional parts of the square roots of the first 8 primes (FIPS 180-4 §5.3.5). */
const INITIAL_STATE: usize = memory.data<u64>([
  0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
  0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
]);

/** First 64 bits of the fractional parts of the cube roots of the first 80 primes (FIPS 180-4 §4.2.3). */
const ROUND_CONSTANTS: usize = memory.data<u64>([
  0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
  0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
  0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
  0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
  0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
  0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
  0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
  0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
  0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
  0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
  0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
  0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
  0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
  0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
  0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
  0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
  0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
  0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
  0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
  0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
]);

/** The running hash: chaining value (8 words), message length in bytes (1 word), the unfinished block. */
const STATE: usize = memory.data(64 + 8 + 128, 16);
const LENGTH: usize = STATE + 64;
const BLOCK: usize = STATE + 72;

/** The message schedule of one block, 80 words, each with its round constant added. */
const SCHEDULE: usize = memory.data(640, 16);

/** Starts a hash; whatever was running is forgotten. */
export function sha512Init(): void {
  memory.copy(STATE, INITIAL_STATE, 64);
  store<u64>(LENGTH, 0);
}

/** Adds `length` bytes at `address` to the message. */
export function sha512Update(address: usize, length: usize): void {
  let filled = <usize>load<u64>(LENGTH) % BLOCK_SIZE;
  store<u64>(LENGTH, load<u64>(LENGTH) + length);
  if (filled != 0) {
    const missing = BLOCK_SIZE - filled;
    if (length < missing) {
      memory.copy(BLOCK + filled, address, length);
      return;
    }
    memory.copy(BLOCK + filled, address, missing);
    compress(BLOCK);
    address += missing;
    length -= missing;
  }
  while (length >= BLOCK_SIZE) {
    compress(address);
    address += BLOCK_SIZE;
    length -= BLOCK_SIZE;
  }
  memory.copy(BLOCK, address, length);
}

/** Writes the 64-byte digest of the message to `out`. */
export function sha512Final(out: usize): void {
  const length = load<u64>(LENGTH);
  let filled = <usize>length % BLOCK_SIZE;
  store<u8>(BLOCK + filled, 0x80);
  filled += 1;
  if (filled > BLOCK_SIZE - 16) {
    memory.fill(BLOCK + filled, 0, BLOCK_SIZE - filled);
    compress(BLOCK);
    filled = 0;
  }
  memory.fill(BLOCK + filled, 0, BLOCK_SIZE - filled);
  // The length in bits is a 128-bit number; a message of 2^61 bytes or more cannot reach this function.
  store<u64>(BLOCK, bswap<u64>(length << 3), 120);
  compress(BLOCK);
  for (let i: usize = 0; i < DIGEST_SIZE; i += 8) {
    store<u64>(out + i, bswap<u64>(load<u64>(STATE + i)));
  }
}

/** Forgets the running hash, its schedule included. */
export function sha512Wipe(): void {
  wipe(STATE, 64 + 8 + 128);
  wipe(SCHEDULE, 640);
}

@inline
function smallSigma0(x: u64): u64 {
  return rotr<u64>(x, 1) ^ rotr<u64>(x, 8) ^ (x >> 7);
}

@inline
function smallSigma1(x: u64): u64 {
  return rotr<u64>(x, 19) ^ rotr<u64>(x, 61) ^ (x >> 6);
}

/** T1 of FIPS 180-4 §6.4.2 step 3, where the schedule at `round` holds W + K already. */
@inline
function firstTerm(e: u64, f: u64, g: u64, h: u64, round: usize): u64 {
  return h + (rotr<u64>(e, 14) ^ rotr<u64>(e, 18) ^ rotr<u64>(e, 41)) + (g ^ (e & (f ^ g))) + load<u64>(round);
}

/** T2 of FIPS 180-4 §6.4.2 step 3. */
@inline
function secondTerm(a: u64, b: u64, c: u64): u64 {
  return (rotr<u64>(a, 28) ^ rotr<u64>(a, 34) ^ rotr<u64>(a, 39)) + ((a & b) | (c & (a | b)));
}

/** Expands the block at `block` (FIPS 180-4 §6.4.2 step 1) and adds the round constants. */
function expand(block: usize): void {
  for (let i: usize = 0; i < 128; i += 8) {
    store<u64>(SCHEDULE + i, bswap<u64>(load<u64>(block + i)));
  }
  for (let at = SCHEDULE; at < SCHEDULE + 512; at += 8) {
    const next =
      smallSigma1(load<u64>(at, 112)) + load<u64>(at, 72) + smallSigma0(load<u64>(at, 8)) + load<u64>(at, 0);
    store<u64>(at, next, 128);
  }
  for (let i: usize = 0; i < 640; i += 16) {
    v128.store(SCHEDULE + i, i64x2.add(v128.load(SCHEDULE + i), v128.load(ROUND_CONSTANTS + i)));
  }
}

/** Updates the chaining value with the 128 bytes at `block`. Eight rounds a turn: then the variables' roles recur. */
function compress(block: usize): void {
  expand(block);
  let a = load<u64>(STATE, 0);
  let b = load<u64>(STATE, 8);
  let c = load<u64>(STATE, 16);
  let d = load<u64>(STATE, 24);
  let e = load<u64>(STATE, 32);
  let f = load<u64>(STATE, 40);
  let g = load<u64>(STATE, 48);
  let h = load<u64>(STATE, 56);
  for (let round = SCHEDULE; round < SCHEDULE + 640; round += 64) {
    h = firstTerm(e, f, g, h, round);
    d += h;
    h += secondTerm(a, b, c);
    g = firstTerm(d, e, f, g, round + 8);
    c += g;
    g += secondTerm(h, a, b);
    f = firstTerm(c, d, e, f, round + 16);
    b += f;
    f += secondTerm(g, h, a);
    e = firstTerm(b, c, d, e, round + 24);
    a += e;
    e += secondTerm(f, g, h);
    d = firstTerm(a, b, c, d, round + 32);
    h += d;
    d += secondTerm(e, f, g);
    c = firstTerm(h, a, b, c, round + 40);
    g += c;
    c += secondTerm(d, e, f);
    b = firstTerm(g, h, a, b, round + 48);
    f += b;
    b += secondTerm(c, d, e);
    a = firstTerm(f, g, h, a, round + 56);
    e += a;
    a += secondTerm(b, c, d);
  }
  store<u64>(STATE, load<u64>(STATE, 0) + a, 0);
  store<u64>(STATE, load<u64>(STATE, 8) + b, 8);
  store<u64>(STATE, load<u64>(STATE, 16) + c, 16);
  store<u64>(STATE, load<u64>(STATE, 24) + d, 24);
  store<u64>(STATE, load<u64>(STATE, 32) + e, 32);
  store<u64>(STATE, load<u64>(STATE, 40) + f, 40);
  store<u64>(STATE, load<u64>(STATE, 48) + g, 48);
  store<u64>(STATE, load<u64>(STATE, 56) + h, 56);
}
