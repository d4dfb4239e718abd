/**
 * Randomness that follows from a seed, in place of the platform's generator for the length of one synchronous call: with it
 * every runtime makes the same keys, envelopes and nonces, byte for byte.
 *
 * Draw `n` (from 0) is the ChaCha20 key stream (RFC 8439 §2.4, from block 1 on) under the key SHA-256(UTF-8(seed)) and the
 * nonce that is `n` in twelve bytes, most significant first.
 *
 * @module
 */
import { u64be, utf8 } from '../bytes.js';
import { aeadEncrypt } from '../crypto/aead.js';
import { sha256 } from '../crypto/sha256.js';

const TAG_LENGTH = 16;

function createStream(seed: string): (length: number) => Uint8Array {
  const key = sha256(utf8(seed));
  let draws = 0;
  return (length) => {
    const nonce = new Uint8Array(12);
    nonce.set(u64be(draws++), 4);
    return aeadEncrypt(key, nonce, new Uint8Array(length)).subarray(0, -TAG_LENGTH);
  };
}

/**
 * Runs `work` with everything that the library draws following from the seed. Nobody else can draw in between, since
 * `work` is synchronous.
 */
export function withSeededRandomness<T>(seed: string, work: () => T): T {
  const draw = createStream(seed);
  const getRandomValues = (array: Uint8Array) => {
    array.set(draw(array.length));
    return array;
  };
  Object.defineProperty(crypto, 'getRandomValues', { value: getRandomValues, configurable: true });
  try {
    return work();
  } finally {
    Reflect.deleteProperty(crypto, 'getRandomValues');
  }
}
