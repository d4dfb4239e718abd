/**
 * ChaCha20 (RFC 8439 §2.3–2.4): four blocks at once. Vector x_i holds word i of four consecutive blocks, so that the
 * rounds need no shuffling between lanes; the result is transposed on its way into memory. Short texts take two blocks,
 * each with its rows in vectors, which is done sooner.
 *
 * HChaCha20 (draft-irtf-cfrg-xchacha-03 §2.2) makes the subkey of XChaCha20 with the same two blocks.
 *
 * A rotation by 16 is two half shuffles. The other distances are two shifts: a byte shuffle by 8 would make V8 build its
 * mask anew each time.
 *
 * @module
 */
import { copyBytes, wipe128, wipe256, wipe64 } from './memory';

/** The sixteen words of RFC 8439 §2.3, with the counter of the next block. A secret: it holds the key. */
const STATE: usize = memory.data(64, 16);

/** Four blocks for whatever is not a whole number of them. Zero whenever no export runs. */
const FOUR_BLOCKS: usize = memory.data(256, 16);

/** "expand 32-byte k". */
const CONSTANTS: usize = memory.data<u32>([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574], 16);

/** What the four lanes add to the block counter. */
const LANE_COUNTERS: usize = memory.data<u32>([0, 1, 2, 3], 16);

/** What the second of two blocks adds to the last row. */
const ONE: usize = memory.data<u32>([1, 0, 0, 0], 16);

const KEY: usize = 16;
const COUNTER: usize = 48;
const NONCE: usize = 52;

function loadKey(key: usize): void {
  v128.store(STATE, v128.load(CONSTANTS));
  v128.store(STATE, v128.load(key), KEY);
  v128.store(STATE, v128.load(key, 16), KEY + 16);
}

/**
 * Writes the 32-byte subkey for a 32-byte key and 16 bytes of nonce; `subkey` may be where the key is. It is the first and
 * the last row of a block before the input is added, so the input is taken away again: a second copy of the rounds would
 * save a few nanoseconds and cost more in size.
 */
export function hchacha20(key: usize, nonce: usize, subkey: usize): void {
  loadKey(key);
  v128.store(STATE, v128.load(nonce), COUNTER);
  applyTwoBlocks(FOUR_BLOCKS);
  v128.store(subkey, i32x4.sub(v128.load(FOUR_BLOCKS), v128.load(CONSTANTS)));
  v128.store(subkey, i32x4.sub(v128.load(FOUR_BLOCKS, 48), v128.load(nonce)), 16);
  wipe128(FOUR_BLOCKS);
}

/** Loads the 32-byte key and the 12-byte nonce; the next block is number 0. */
export function chacha20Start(key: usize, nonce: usize): void {
  loadKey(key);
  store<u32>(STATE, 0, COUNTER);
  store<u64>(STATE, load<u64>(nonce), NONCE);
  store<u32>(STATE, load<u32>(nonce, 8), NONCE + 8);
}

/** Wipes the key and everything made from it. */
export function chacha20Wipe(): void {
  wipe64(STATE);
  wipe256(FOUR_BLOCKS);
}

/**
 * Takes the first blocks: block 0 for the caller, the next ones applied to the first `length` ≤ 192 bytes of `text`, which
 * stay in this file's memory until `chacha20TakeHead` writes them.
 *
 * @returns the address of block 0
 */
export function chacha20Head(text: usize, length: usize): usize {
  copyBytes(FOUR_BLOCKS + 64, text, length);
  if (length <= 64) applyTwoBlocks(FOUR_BLOCKS);
  else applyFourBlocks(FOUR_BLOCKS);
  return FOUR_BLOCKS;
}

/** Writes the `length` bytes that `chacha20Head` made. */
export function chacha20TakeHead(text: usize, length: usize): void {
  copyBytes(text, FOUR_BLOCKS + 64, length);
}

/** Goes back to block `counter`. */
export function chacha20Seek(counter: u32): void {
  store<u32>(STATE, counter, COUNTER);
}

/**
 * Applies the key stream from the next block on, in place. Only the last part of a text may have a length that is no
 * multiple of 256.
 */
export function chacha20Apply(text: usize, length: usize): void {
  const rest = length & 255;
  const end = text + (length - rest);
  for (; text < end; text += 256) applyFourBlocks(text);
  if (rest != 0) {
    copyBytes(FOUR_BLOCKS, text, rest);
    if (rest <= 128) applyTwoBlocks(FOUR_BLOCKS);
    else applyFourBlocks(FOUR_BLOCKS);
    copyBytes(text, FOUR_BLOCKS, rest);
  }
}

@inline
function rotateBy16(x: v128): v128 {
  return v128.shuffle<u16>(x, x, 1, 0, 3, 2, 5, 4, 7, 6);
}

@inline
function rotateLeft(x: v128, distance: i32): v128 {
  return v128.or(i32x4.shl(x, distance), i32x4.shr_u(x, 32 - distance));
}

@inline
function stateWord(index: usize): v128 {
  return v128.load_splat<u32>(STATE + 4 * index);
}

@inline
function xorInto(address: usize, x: v128): void {
  v128.store(address, v128.xor(v128.load(address), x));
}

/** XORs four vectors of words, transposed, into bytes `offset` to `offset` + 15 of four blocks. */
@inline
function xorTransposed(blocks: usize, offset: usize, a: v128, b: v128, c: v128, d: v128): void {
  const lowAB = v128.shuffle<u32>(a, b, 0, 4, 1, 5);
  const lowCD = v128.shuffle<u32>(c, d, 0, 4, 1, 5);
  const highAB = v128.shuffle<u32>(a, b, 2, 6, 3, 7);
  const highCD = v128.shuffle<u32>(c, d, 2, 6, 3, 7);
  const target = blocks + offset;
  xorInto(target, v128.shuffle<u64>(lowAB, lowCD, 0, 2));
  xorInto(target + 64, v128.shuffle<u64>(lowAB, lowCD, 1, 3));
  xorInto(target + 128, v128.shuffle<u64>(highAB, highCD, 0, 2));
  xorInto(target + 192, v128.shuffle<u64>(highAB, highCD, 1, 3));
}

/** XORs the next four blocks of key stream into the 256 bytes at `blocks`. */
function applyFourBlocks(blocks: usize): void {
  const counters = i32x4.add(stateWord(12), v128.load(LANE_COUNTERS));
  let x0 = stateWord(0);
  let x1 = stateWord(1);
  let x2 = stateWord(2);
  let x3 = stateWord(3);
  let x4 = stateWord(4);
  let x5 = stateWord(5);
  let x6 = stateWord(6);
  let x7 = stateWord(7);
  let x8 = stateWord(8);
  let x9 = stateWord(9);
  let x10 = stateWord(10);
  let x11 = stateWord(11);
  let x12 = counters;
  let x13 = stateWord(13);
  let x14 = stateWord(14);
  let x15 = stateWord(15);

  for (let i = 0; i < 10; i++) {
    // Column round.
    x0 = i32x4.add(x0, x4);
    x12 = rotateBy16(v128.xor(x12, x0));
    x8 = i32x4.add(x8, x12);
    x4 = rotateLeft(v128.xor(x4, x8), 12);
    x0 = i32x4.add(x0, x4);
    x12 = rotateLeft(v128.xor(x12, x0), 8);
    x8 = i32x4.add(x8, x12);
    x4 = rotateLeft(v128.xor(x4, x8), 7);
    x1 = i32x4.add(x1, x5);
    x13 = rotateBy16(v128.xor(x13, x1));
    x9 = i32x4.add(x9, x13);
    x5 = rotateLeft(v128.xor(x5, x9), 12);
    x1 = i32x4.add(x1, x5);
    x13 = rotateLeft(v128.xor(x13, x1), 8);
    x9 = i32x4.add(x9, x13);
    x5 = rotateLeft(v128.xor(x5, x9), 7);
    x2 = i32x4.add(x2, x6);
    x14 = rotateBy16(v128.xor(x14, x2));
    x10 = i32x4.add(x10, x14);
    x6 = rotateLeft(v128.xor(x6, x10), 12);
    x2 = i32x4.add(x2, x6);
    x14 = rotateLeft(v128.xor(x14, x2), 8);
    x10 = i32x4.add(x10, x14);
    x6 = rotateLeft(v128.xor(x6, x10), 7);
    x3 = i32x4.add(x3, x7);
    x15 = rotateBy16(v128.xor(x15, x3));
    x11 = i32x4.add(x11, x15);
    x7 = rotateLeft(v128.xor(x7, x11), 12);
    x3 = i32x4.add(x3, x7);
    x15 = rotateLeft(v128.xor(x15, x3), 8);
    x11 = i32x4.add(x11, x15);
    x7 = rotateLeft(v128.xor(x7, x11), 7);
    // Diagonal round.
    x0 = i32x4.add(x0, x5);
    x15 = rotateBy16(v128.xor(x15, x0));
    x10 = i32x4.add(x10, x15);
    x5 = rotateLeft(v128.xor(x5, x10), 12);
    x0 = i32x4.add(x0, x5);
    x15 = rotateLeft(v128.xor(x15, x0), 8);
    x10 = i32x4.add(x10, x15);
    x5 = rotateLeft(v128.xor(x5, x10), 7);
    x1 = i32x4.add(x1, x6);
    x12 = rotateBy16(v128.xor(x12, x1));
    x11 = i32x4.add(x11, x12);
    x6 = rotateLeft(v128.xor(x6, x11), 12);
    x1 = i32x4.add(x1, x6);
    x12 = rotateLeft(v128.xor(x12, x1), 8);
    x11 = i32x4.add(x11, x12);
    x6 = rotateLeft(v128.xor(x6, x11), 7);
    x2 = i32x4.add(x2, x7);
    x13 = rotateBy16(v128.xor(x13, x2));
    x8 = i32x4.add(x8, x13);
    x7 = rotateLeft(v128.xor(x7, x8), 12);
    x2 = i32x4.add(x2, x7);
    x13 = rotateLeft(v128.xor(x13, x2), 8);
    x8 = i32x4.add(x8, x13);
    x7 = rotateLeft(v128.xor(x7, x8), 7);
    x3 = i32x4.add(x3, x4);
    x14 = rotateBy16(v128.xor(x14, x3));
    x9 = i32x4.add(x9, x14);
    x4 = rotateLeft(v128.xor(x4, x9), 12);
    x3 = i32x4.add(x3, x4);
    x14 = rotateLeft(v128.xor(x14, x3), 8);
    x9 = i32x4.add(x9, x14);
    x4 = rotateLeft(v128.xor(x4, x9), 7);
  }

  x0 = i32x4.add(x0, stateWord(0));
  x1 = i32x4.add(x1, stateWord(1));
  x2 = i32x4.add(x2, stateWord(2));
  x3 = i32x4.add(x3, stateWord(3));
  x4 = i32x4.add(x4, stateWord(4));
  x5 = i32x4.add(x5, stateWord(5));
  x6 = i32x4.add(x6, stateWord(6));
  x7 = i32x4.add(x7, stateWord(7));
  x8 = i32x4.add(x8, stateWord(8));
  x9 = i32x4.add(x9, stateWord(9));
  x10 = i32x4.add(x10, stateWord(10));
  x11 = i32x4.add(x11, stateWord(11));
  x12 = i32x4.add(x12, counters);
  x13 = i32x4.add(x13, stateWord(13));
  x14 = i32x4.add(x14, stateWord(14));
  x15 = i32x4.add(x15, stateWord(15));
  xorTransposed(blocks, 0, x0, x1, x2, x3);
  xorTransposed(blocks, 16, x4, x5, x6, x7);
  xorTransposed(blocks, 32, x8, x9, x10, x11);
  xorTransposed(blocks, 48, x12, x13, x14, x15);
  store<u32>(STATE, load<u32>(STATE, COUNTER) + 4, COUNTER);
}

/**
 * XORs the next two blocks of key stream into the 128 bytes at `blocks`. Here a vector is a row of one block's state, turned for
 * the diagonal rounds: more work for each block than above, but two blocks are done sooner than four.
 */
function applyTwoBlocks(blocks: usize): void {
  const constants = v128.load(STATE);
  const keyLow = v128.load(STATE, 16);
  const keyHigh = v128.load(STATE, 32);
  const input0 = v128.load(STATE, COUNTER);
  const input1 = i32x4.add(input0, v128.load(ONE));
  let a0 = constants;
  let b0 = keyLow;
  let c0 = keyHigh;
  let d0 = input0;
  let a1 = constants;
  let b1 = keyLow;
  let c1 = keyHigh;
  let d1 = input1;
  for (let i = 0; i < 10; i++) {
    // Column round, and the rows turned so that diagonals become columns.
    a0 = i32x4.add(a0, b0);
    d0 = rotateBy16(v128.xor(d0, a0));
    c0 = i32x4.add(c0, d0);
    b0 = rotateLeft(v128.xor(b0, c0), 12);
    a0 = i32x4.add(a0, b0);
    d0 = rotateLeft(v128.xor(d0, a0), 8);
    c0 = i32x4.add(c0, d0);
    b0 = rotateLeft(v128.xor(b0, c0), 7);
    b0 = v128.shuffle<u32>(b0, b0, 1, 2, 3, 0);
    c0 = v128.shuffle<u32>(c0, c0, 2, 3, 0, 1);
    d0 = v128.shuffle<u32>(d0, d0, 3, 0, 1, 2);
    a1 = i32x4.add(a1, b1);
    d1 = rotateBy16(v128.xor(d1, a1));
    c1 = i32x4.add(c1, d1);
    b1 = rotateLeft(v128.xor(b1, c1), 12);
    a1 = i32x4.add(a1, b1);
    d1 = rotateLeft(v128.xor(d1, a1), 8);
    c1 = i32x4.add(c1, d1);
    b1 = rotateLeft(v128.xor(b1, c1), 7);
    b1 = v128.shuffle<u32>(b1, b1, 1, 2, 3, 0);
    c1 = v128.shuffle<u32>(c1, c1, 2, 3, 0, 1);
    d1 = v128.shuffle<u32>(d1, d1, 3, 0, 1, 2);
    // Diagonal round, and the rows turned back.
    a0 = i32x4.add(a0, b0);
    d0 = rotateBy16(v128.xor(d0, a0));
    c0 = i32x4.add(c0, d0);
    b0 = rotateLeft(v128.xor(b0, c0), 12);
    a0 = i32x4.add(a0, b0);
    d0 = rotateLeft(v128.xor(d0, a0), 8);
    c0 = i32x4.add(c0, d0);
    b0 = rotateLeft(v128.xor(b0, c0), 7);
    b0 = v128.shuffle<u32>(b0, b0, 3, 0, 1, 2);
    c0 = v128.shuffle<u32>(c0, c0, 2, 3, 0, 1);
    d0 = v128.shuffle<u32>(d0, d0, 1, 2, 3, 0);
    a1 = i32x4.add(a1, b1);
    d1 = rotateBy16(v128.xor(d1, a1));
    c1 = i32x4.add(c1, d1);
    b1 = rotateLeft(v128.xor(b1, c1), 12);
    a1 = i32x4.add(a1, b1);
    d1 = rotateLeft(v128.xor(d1, a1), 8);
    c1 = i32x4.add(c1, d1);
    b1 = rotateLeft(v128.xor(b1, c1), 7);
    b1 = v128.shuffle<u32>(b1, b1, 3, 0, 1, 2);
    c1 = v128.shuffle<u32>(c1, c1, 2, 3, 0, 1);
    d1 = v128.shuffle<u32>(d1, d1, 1, 2, 3, 0);
  }
  xorInto(blocks + 0, i32x4.add(a0, constants));
  xorInto(blocks + 16, i32x4.add(b0, keyLow));
  xorInto(blocks + 32, i32x4.add(c0, keyHigh));
  xorInto(blocks + 48, i32x4.add(d0, input0));
  xorInto(blocks + 64, i32x4.add(a1, constants));
  xorInto(blocks + 80, i32x4.add(b1, keyLow));
  xorInto(blocks + 96, i32x4.add(c1, keyHigh));
  xorInto(blocks + 112, i32x4.add(d1, input1));
  store<u32>(STATE, load<u32>(STATE, COUNTER) + 2, COUNTER);
}
