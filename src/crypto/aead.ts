/**
 * Authenticated encryption: ChaCha20-Poly1305 (RFC 8439) and XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03), told apart
 * by the nonce's length.
 *
 * What fits the core's window is one call into it. Longer inputs stream through the window, which never grows. A long
 * ciphertext is decrypted and authenticated in one pass, into an array that nobody else sees: it is handed over when the
 * tag is verified, otherwise wiped and dropped. Two passes, the first for the tag alone, would release no less, but read
 * the caller's array twice, and shared memory may change in between.
 *
 * @module
 */
import { requireBytes } from '../bytes.js';
import { AuthenticationError, InvalidInputError } from '../errors.js';
import { core } from './core.js';
import { DATA, DATA_CAPACITY, KEY, NONCE, TEXT_CAPACITY, takeFromWindow } from './window.js';

/** Bytes of the authentication tag that follows every ciphertext. */
const TAG_LENGTH = 16;

const NO_BYTES = new Uint8Array(0);

/**
 * Encrypts and authenticates.
 *
 * @param key 32 bytes
 * @param nonce 12 bytes for ChaCha20-Poly1305, 24 for XChaCha20-Poly1305; never to be used twice with one key
 * @param plaintext any length
 * @param aad associated data, any length: authenticated, not encrypted
 * @returns the ciphertext followed by the 16-byte tag
 * @throws InvalidInputError if an argument is no `Uint8Array` or of the wrong length
 */
export function aeadEncrypt(
  key: Uint8Array,
  nonce: Uint8Array,
  plaintext: Uint8Array,
  aad: Uint8Array = NO_BYTES,
): Uint8Array {
  requireKeyAndNonce(key, nonce);
  requireBytes('plaintext', plaintext);
  requireBytes('aad', aad);
  loadKeyAndNonce(key, nonce);
  return sealLoaded(nonce.length, plaintext, aad);
}

/**
 * Verifies and decrypts.
 *
 * @param key 32 bytes
 * @param nonce 12 or 24 bytes, as given to {@link aeadEncrypt}
 * @param ciphertext the ciphertext followed by the 16-byte tag
 * @param aad the associated data given to {@link aeadEncrypt}
 * @returns the plaintext
 * @throws AuthenticationError if anything was changed or the key is another; no plaintext is released
 * @throws InvalidInputError if an argument is no `Uint8Array` or of the wrong length
 */
export function aeadDecrypt(
  key: Uint8Array,
  nonce: Uint8Array,
  ciphertext: Uint8Array,
  aad: Uint8Array = NO_BYTES,
): Uint8Array {
  requireKeyAndNonce(key, nonce);
  requireBytes('aad', aad);
  requireCiphertext(ciphertext);
  loadKeyAndNonce(key, nonce);
  return openLoaded(nonce.length, ciphertext, aad);
}

function requireKeyAndNonce(key: Uint8Array, nonce: Uint8Array): void {
  requireBytes('key', key, 32);
  requireBytes('nonce', nonce);
  if (nonce.length !== 12 && nonce.length !== 24) {
    throw new InvalidInputError(`nonce must be 12 or 24 bytes long, got ${nonce.length}`);
  }
}

/**
 * Checks a ciphertext that must have a tag at least.
 *
 * @throws InvalidInputError if it is no `Uint8Array`
 * @throws AuthenticationError if it is shorter than a tag
 */
export function requireCiphertext(ciphertext: Uint8Array): void {
  requireBytes('ciphertext', ciphertext);
  if (ciphertext.length < TAG_LENGTH) throw new AuthenticationError('the ciphertext is shorter than its 16-byte tag');
}

function loadKeyAndNonce(key: Uint8Array, nonce: Uint8Array): void {
  const { memory, window } = core();
  memory.set(key, window + KEY);
  memory.set(nonce, window + NONCE);
}

/** {@link aeadEncrypt} with key and nonce already in the window. */
export function sealLoaded(nonceLength: number, plaintext: Uint8Array, aad: Uint8Array): Uint8Array {
  const length = plaintext.length;
  if (length > TEXT_CAPACITY || aad.length > DATA_CAPACITY) return sealStreaming(nonceLength, plaintext, aad);
  const { call, memory, window } = core();
  if (aad.length > 0) memory.set(aad, window + DATA);
  if (length > 0) memory.set(plaintext, window);
  call.aeadSeal(window + KEY, window + NONCE, nonceLength, window + DATA, aad.length, window, length);
  return memory.slice(window, window + length + TAG_LENGTH);
}

/** {@link aeadDecrypt} with key and nonce already in the window. */
export function openLoaded(nonceLength: number, ciphertext: Uint8Array, aad: Uint8Array): Uint8Array {
  const length = ciphertext.length - TAG_LENGTH;
  if (length > TEXT_CAPACITY || aad.length > DATA_CAPACITY) return openStreaming(nonceLength, ciphertext, aad);
  const { call, memory, window } = core();
  if (aad.length > 0) memory.set(aad, window + DATA);
  memory.set(ciphertext, window);
  const authentic = call.aeadOpen(window + KEY, window + NONCE, nonceLength, window + DATA, aad.length, window, length);
  if (!authentic) throw notAuthentic();
  return takeFromWindow(0, length);
}

function notAuthentic(): AuthenticationError {
  return new AuthenticationError('the ciphertext does not authenticate under this key, nonce and aad');
}

function sealStreaming(nonceLength: number, plaintext: Uint8Array, aad: Uint8Array): Uint8Array {
  const { call, memory, window } = core();
  try {
    const length = plaintext.length;
    const result = new Uint8Array(length + TAG_LENGTH);
    startStreaming(nonceLength, aad);
    for (let start = 0; start < length; start += TEXT_CAPACITY) {
      const size = Math.min(TEXT_CAPACITY, length - start);
      memory.set(plaintext.subarray(start, start + size), window);
      call.aeadEncrypt(window, size);
      result.set(memory.subarray(window, window + size), start);
    }
    call.aeadTag(window);
    result.set(memory.subarray(window, window + TAG_LENGTH), length);
    return result;
  } finally {
    call.wipe(window, DATA);
  }
}

function openStreaming(nonceLength: number, ciphertext: Uint8Array, aad: Uint8Array): Uint8Array {
  const { call, memory, window } = core();
  try {
    const length = ciphertext.length - TAG_LENGTH;
    const result = new Uint8Array(length);
    startStreaming(nonceLength, aad);
    for (let start = 0; start < length; start += TEXT_CAPACITY) {
      const size = Math.min(TEXT_CAPACITY, length - start);
      memory.set(ciphertext.subarray(start, start + size), window);
      call.aeadDecrypt(window, size);
      result.set(memory.subarray(window, window + size), start);
    }
    memory.set(ciphertext.subarray(length), window);
    if (call.aeadVerify(window)) return result;
    result.fill(0);
    throw notAuthentic();
  } finally {
    call.wipe(window, DATA);
  }
}

function startStreaming(nonceLength: number, aad: Uint8Array): void {
  const { call, memory, window } = core();
  call.aeadStart(window + KEY, window + NONCE, nonceLength);
  for (let start = 0; start < aad.length; start += TEXT_CAPACITY) {
    const part = aad.subarray(start, start + TEXT_CAPACITY);
    memory.set(part, window);
    call.aeadData(window, part.length);
  }
}
