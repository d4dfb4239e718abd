/**
 * The AEAD of RFC 8439 §2.8 and, with a 24-byte nonce, XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03 §2.3), in place in
 * the window.
 *
 * A text that fits the window is one call: `aeadSeal`, or `aeadOpen`, which decrypts only after the tag is verified. A
 * longer one streams: `aeadStart`, `aeadData` for the associated data, `aeadEncrypt` or `aeadDecrypt` for the text, then
 * `aeadTag` or `aeadVerify`. Between these calls the state holds secrets; whichever call ends the message wipes them.
 *
 * @module
 */
import { chacha20Apply, chacha20Head, chacha20Seek, chacha20Start, chacha20TakeHead, chacha20Wipe, hchacha20 } from './chacha20';
import { wipe32 } from './memory';
import {
  poly1305Blocks,
  poly1305Finish,
  poly1305Padded,
  poly1305Start,
  poly1305Wipe,
  WHOLE_BLOCK,
} from './poly1305';

/** Bytes of text that the blocks next to the Poly1305 key serve. */
const HEAD: usize = 192;

/** Text is enciphered and authenticated in runs of this many bytes, so that the second step finds them in the first cache. */
const RUN: usize = 8192;

/** Lengths of associated data and text so far, 64-bit: the last block that Poly1305 takes in (RFC 8439 §2.8). */
const LENGTHS: usize = memory.data(16, 16);

/** The tag that was computed; zero whenever no export runs. */
const TAG: usize = memory.data(16, 16);

/** The 12-byte nonce of the inner cipher when XChaCha20 is used: four zero bytes and the last eight. */
const INNER_NONCE: usize = memory.data(16, 16);

/** Loads key and nonce into ChaCha20 and wipes them in the window: in HPKE the nonce is a secret as well. */
function loadKey(key: usize, nonce: usize, nonceLength: usize): void {
  if (nonceLength == 24) {
    hchacha20(key, nonce, key);
    store<u64>(INNER_NONCE, load<u64>(nonce, 16), 4);
    chacha20Start(key, INNER_NONCE);
    v128.store(nonce, i64x2.splat(0));
    store<u64>(nonce, 0, 16);
  } else {
    chacha20Start(key, nonce);
    store<u64>(nonce, 0);
    store<u32>(nonce, 0, 8);
  }
  wipe32(key);
}

/** Starts a message; the blocks beside the Poly1305 key are applied to `head` bytes of the text, still to be taken. */
function start(key: usize, nonce: usize, nonceLength: usize, text: usize, head: usize): void {
  loadKey(key, nonce, nonceLength);
  poly1305Start(chacha20Head(text, head));
  v128.store(LENGTHS, i64x2.splat(0));
}

function authenticateText(text: usize, length: usize): void {
  store<u64>(LENGTHS, load<u64>(LENGTHS, 8) + length, 8);
  poly1305Padded(text, length);
}

/** Writes the tag and wipes all that the message left behind. */
function finish(tag: usize): void {
  poly1305Blocks(LENGTHS, 1, WHOLE_BLOCK);
  poly1305Finish(tag);
  poly1305Wipe();
}

/** Compares in constant time, then wipes the computed tag: the valid tag of a forgery is not to be known. */
function tagMatches(tag: usize): bool {
  finish(TAG);
  const difference = v128.xor(v128.load(TAG), v128.load(tag));
  v128.store(TAG, i64x2.splat(0));
  return !v128.any_true(difference);
}

/**
 * Encrypts a text in place and writes the 16-byte tag behind it.
 *
 * @param key 32 bytes; wiped
 * @param nonce 12 bytes, or 24 for XChaCha20; wiped
 */
export function aeadSeal(
  key: usize,
  nonce: usize,
  nonceLength: usize,
  data: usize,
  dataLength: usize,
  text: usize,
  length: usize,
): void {
  const head = min(length, HEAD);
  start(key, nonce, nonceLength, text, head);
  aeadData(data, dataLength);
  chacha20TakeHead(text, head);
  chacha20Apply(text + head, length - head);
  chacha20Wipe();
  authenticateText(text, length);
  finish(text + length);
}

/**
 * Decrypts a text in place if the 16-byte tag behind it is right; otherwise leaves it alone.
 *
 * @param key 32 bytes; wiped
 * @param nonce 12 or 24 bytes; wiped
 * @param length of the text without the tag
 * @returns whether the tag is right
 */
export function aeadOpen(
  key: usize,
  nonce: usize,
  nonceLength: usize,
  data: usize,
  dataLength: usize,
  text: usize,
  length: usize,
): bool {
  const head = min(length, HEAD);
  start(key, nonce, nonceLength, text, head);
  aeadData(data, dataLength);
  authenticateText(text, length);
  const authentic = tagMatches(text + length);
  if (authentic) {
    chacha20TakeHead(text, head);
    chacha20Apply(text + head, length - head);
  }
  chacha20Wipe();
  return authentic;
}

/** Starts a message that streams. Key and nonce are wiped. */
export function aeadStart(key: usize, nonce: usize, nonceLength: usize): void {
  start(key, nonce, nonceLength, 0, 0);
  chacha20Seek(1);
}

/** Takes in associated data. Only its last part may have a length that is no multiple of 16. */
export function aeadData(data: usize, length: usize): void {
  store<u64>(LENGTHS, load<u64>(LENGTHS) + length);
  poly1305Padded(data, length);
}

/** Encrypts in place. Only the last part of a text may have a length that is no multiple of 256. */
export function aeadEncrypt(text: usize, length: usize): void {
  const end = text + length;
  while (text < end) {
    const run = min(RUN, end - text);
    chacha20Apply(text, run);
    authenticateText(text, run);
    text += run;
  }
}

/** Decrypts in place, unverified as yet. Parts as for `aeadEncrypt`. */
export function aeadDecrypt(text: usize, length: usize): void {
  const end = text + length;
  while (text < end) {
    const run = min(RUN, end - text);
    authenticateText(text, run);
    chacha20Apply(text, run);
    text += run;
  }
}

/** Ends an encryption: writes the 16-byte tag. */
export function aeadTag(tag: usize): void {
  chacha20Wipe();
  finish(tag);
}

/** Ends a decryption: whether the 16-byte tag is right. */
export function aeadVerify(tag: usize): bool {
  chacha20Wipe();
  return tagMatches(tag);
}
