/**
 * Authenticated encryption: ChaCha20-Poly1305 (RFC 8439) and XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03), told apart
 * by the nonce's length.
 *
 * What fits the core's window is one call into it. Longer inputs stream through the window, which never grows. A long
 * ciphertext is decrypted and authenticated in one pass: the plaintext is handed over when the tag is verified, otherwise
 * wiped. Two passes, the first for the tag alone, would read the caller's array twice, and shared memory may change in
 * between. No other code of the program runs meanwhile, nor may the array be in memory that other threads see.
 *
 * Both functions take an array for the result, too. Engines keep arrays of more than 64 bytes outside their heap, and to
 * make one takes longer than to seal a short message: 0.9 µs in Node 20, where sealing 64 bytes takes 0.7.
 *
 * @module
 */
import { requireBytes, section } from '../bytes.js';
import { AuthenticationError, InvalidInputError } from '../errors.js';
import { core } from './core.js';
import { copyText, DATA, DATA_CAPACITY, KEY, NONCE, TEXT_CAPACITY, takeText } from './window.js';

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
 * @param output takes the result, 16 bytes more than the plaintext; it may begin where the plaintext begins (encryption in
 *   place), and must not overlap it otherwise; of memory that is shared, one `SharedArrayBuffer` must stand for both.
 *   Without it the result is a fresh array
 * @returns the ciphertext followed by the 16-byte tag: `output`, if it is given
 * @throws InvalidInputError if an argument is no `Uint8Array` or of the wrong length, or `output` overlaps the plaintext
 */
export function aeadEncrypt(
  key: Uint8Array,
  nonce: Uint8Array,
  plaintext: Uint8Array,
  aad: Uint8Array = NO_BYTES,
  output?: Uint8Array,
): Uint8Array {
  requireKeyAndNonce(key, nonce);
  requireBytes('plaintext', plaintext);
  requireBytes('aad', aad);
  if (output !== undefined) requireOutput(output, plaintext.length + TAG_LENGTH, 'plaintext', plaintext);
  loadKeyAndNonce(key, nonce);
  return sealLoaded(nonce.length, plaintext, aad, output);
}

/**
 * Verifies and decrypts.
 *
 * @param key 32 bytes
 * @param nonce 12 or 24 bytes, as given to {@link aeadEncrypt}
 * @param ciphertext the ciphertext followed by the 16-byte tag
 * @param aad the associated data given to {@link aeadEncrypt}
 * @param output takes the plaintext, 16 bytes less than the ciphertext; it may begin where the ciphertext begins (decryption
 *   in place), must not overlap it otherwise, and must not be in shared memory, where other threads could see a plaintext
 *   before it is verified. If the ciphertext does not authenticate, `output` is filled with zeros
 * @returns the plaintext: `output`, if it is given, otherwise a fresh array
 * @throws AuthenticationError if anything was changed or the key is another; no plaintext is released
 * @throws InvalidInputError if an argument is no `Uint8Array` or of the wrong length, or `output` is where it must not be
 */
export function aeadDecrypt(
  key: Uint8Array,
  nonce: Uint8Array,
  ciphertext: Uint8Array,
  aad: Uint8Array = NO_BYTES,
  output?: Uint8Array,
): Uint8Array {
  requireKeyAndNonce(key, nonce);
  requireBytes('aad', aad);
  requireCiphertext(ciphertext);
  if (output !== undefined) {
    requireUnshared(requireOutput(output, ciphertext.length - TAG_LENGTH, 'ciphertext', ciphertext));
  }
  loadKeyAndNonce(key, nonce);
  return openLoaded(nonce.length, ciphertext, aad, output);
}

function requireKeyAndNonce(key: Uint8Array, nonce: Uint8Array): void {
  requireBytes('key', key, 32);
  requireBytes('nonce', nonce);
  if (nonce.length !== 12 && nonce.length !== 24) {
    throw new InvalidInputError(`nonce must be 12 or 24 bytes long, got ${nonce.length}`);
  }
}

/**
 * Long texts are read and written piece by piece: a result further on would overwrite what is still to be read.
 *
 * @returns the memory that the output is in
 */
function requireOutput(output: Uint8Array, length: number, name: string, text: Uint8Array): ArrayBufferLike {
  requireBytes('output', output, length);
  const { buffer } = output;
  if (buffer !== text.buffer || output.byteOffset === text.byteOffset) return buffer;
  const shared =
    Math.min(output.byteOffset + length, text.byteOffset + text.length) - Math.max(output.byteOffset, text.byteOffset);
  if (shared > 0) throw new InvalidInputError(`output must begin where ${name} begins, or not overlap it`);
  return buffer;
}

function requireUnshared(buffer: ArrayBufferLike): void {
  if (isShared(buffer)) {
    throw new InvalidInputError('output must not be in shared memory: others could read what is not verified yet');
  }
}

/** Told by its tag: pages without cross-origin isolation have shared memory, of WebAssembly, but no name for its class. */
function isShared(buffer: ArrayBufferLike): boolean {
  return !(buffer instanceof ArrayBuffer) && Object.prototype.toString.call(buffer) === '[object SharedArrayBuffer]';
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
export function sealLoaded(
  nonceLength: number,
  plaintext: Uint8Array,
  aad: Uint8Array,
  output?: Uint8Array,
): Uint8Array {
  const length = plaintext.length;
  try {
    if (length > TEXT_CAPACITY || aad.length > DATA_CAPACITY) return sealStreaming(nonceLength, plaintext, aad, output);
    const { call, memory, window } = core();
    if (aad.length > 0) memory.set(aad, window + DATA);
    if (length > 0) memory.set(plaintext, window);
    call.aeadSeal(window + KEY, window + NONCE, nonceLength, window + DATA, aad.length, window, length);
    return copyText(length + TAG_LENGTH, output);
  } catch (error) {
    abandon();
    throw error;
  }
}

/** {@link aeadDecrypt} with key and nonce already in the window. */
export function openLoaded(
  nonceLength: number,
  ciphertext: Uint8Array,
  aad: Uint8Array,
  output?: Uint8Array,
): Uint8Array {
  const length = ciphertext.length - TAG_LENGTH;
  try {
    if (length > TEXT_CAPACITY || aad.length > DATA_CAPACITY)
      return openStreaming(nonceLength, ciphertext, aad, output);
    const { call, memory, window } = core();
    if (aad.length > 0) memory.set(aad, window + DATA);
    memory.set(ciphertext, window);
    const good = call.aeadOpen(window + KEY, window + NONCE, nonceLength, window + DATA, aad.length, window, length);
    if (good === 0) throw notAuthentic();
    return takeText(length, output);
  } catch (error) {
    abandon();
    // What the caller's array would have held becomes zeros, as nobody is to use it.
    output?.fill(0);
    throw error;
  }
}

function notAuthentic(): AuthenticationError {
  return new AuthenticationError('the ciphertext does not authenticate under this key, nonce and aad');
}

/**
 * Wipes what a message leaves that was not finished: because of a wrong tag, or of an array that could not be read or
 * written, as those in shared memory which grows, or of a result for which there is no room.
 */
function abandon(): void {
  const { call, window } = core();
  call.aeadTag(window);
  call.wipe(window, DATA + DATA_CAPACITY);
}

function sealStreaming(
  nonceLength: number,
  plaintext: Uint8Array,
  aad: Uint8Array,
  output: Uint8Array | undefined,
): Uint8Array {
  const { call, memory, window } = core();
  const length = plaintext.length;
  const result = output ?? new Uint8Array(length + TAG_LENGTH);
  startStreaming(nonceLength, aad);
  for (let start = 0; start < length; start += TEXT_CAPACITY) {
    const size = Math.min(TEXT_CAPACITY, length - start);
    memory.set(section(plaintext, start, size), window);
    call.aeadEncrypt(window, size);
    result.set(memory.subarray(window, window + size), start);
  }
  call.aeadTag(window);
  result.set(memory.subarray(window, window + TAG_LENGTH), length);
  return result;
}

function openStreaming(
  nonceLength: number,
  ciphertext: Uint8Array,
  aad: Uint8Array,
  output: Uint8Array | undefined,
): Uint8Array {
  const { call, memory, window } = core();
  const length = ciphertext.length - TAG_LENGTH;
  const result = output ?? new Uint8Array(length);
  startStreaming(nonceLength, aad);
  for (let start = 0; start < length; start += TEXT_CAPACITY) {
    const size = Math.min(TEXT_CAPACITY, length - start);
    memory.set(section(ciphertext, start, size), window);
    call.aeadDecrypt(window, size);
    result.set(memory.subarray(window, window + size), start);
  }
  call.wipe(window, Math.min(TEXT_CAPACITY, length));
  memory.set(section(ciphertext, length, TAG_LENGTH), window);
  if (call.aeadVerify(window) === 0) {
    result.fill(0);
    throw notAuthentic();
  }
  return result;
}

function startStreaming(nonceLength: number, aad: Uint8Array): void {
  const { call, memory, window } = core();
  call.aeadStart(window + KEY, window + NONCE, nonceLength);
  for (let start = 0; start < aad.length; start += TEXT_CAPACITY) {
    const size = Math.min(TEXT_CAPACITY, aad.length - start);
    memory.set(section(aad, start, size), window);
    call.aeadData(window, size);
  }
}
