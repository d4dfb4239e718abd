/**
 * What the timing test looks at: functions of a secret, with a fixed and a random class of secrets each; and two that
 * leak on purpose, which the test has to find.
 *
 * @module
 */
import { aeadDecrypt, aeadEncrypt, dhPublicKey, hpkeOpen, hpkeSeal, sign, x25519 } from 'arborist-mesh/crypto';
import { byteSource } from '../bytes.mjs';

const SECRET_BYTES = 32;
const ZEROS = new Uint8Array(SECRET_BYTES);

/**
 * @typedef {object} LeakSubject
 * @property {string} name
 * @property {'secret' | 'public' | 'control'} depends on what its time may depend: `secret`, on nothing; `public`, on
 *   something that is no secret; `control`, it leaks on purpose
 * @property {(isFixed: boolean) => Uint8Array} input one input of a class; the fixed class is the secret of all zeros, the
 *   most special one there is
 * @property {(input: Uint8Array) => unknown} work what is timed
 * @property {() => unknown} [before] runs before each measurement, not timed: both classes start from the same state
 */

/** @returns {LeakSubject[]} */
export function leakSubjects() {
  const bytes = byteSource(23);
  const message = bytes(100);
  const otherSigner = bytes(SECRET_BYTES);
  const peer = dhPublicKey(bytes(SECRET_BYTES));
  const secret = (/** @type {boolean} */ isFixed) => filled(bytes(SECRET_BYTES), isFixed ? ZEROS : undefined);
  return [
    { name: 'x25519', depends: 'secret', input: secret, work: (privateKey) => x25519(privateKey, peer) },
    { name: 'dhPublicKey', depends: 'secret', input: secret, work: (privateKey) => dhPublicKey(privateKey) },
    {
      name: 'sign',
      depends: 'secret',
      input: secret,
      work: (privateKey) => sign(privateKey, message),
      // What is known of the last signer would fit a class of one key always. (Each key here is in an array of its own, by
      // which nothing is found.)
      before: () => sign(otherSigner, message),
    },
    {
      name: 'sign, the last signer again',
      depends: 'public',
      input: secret,
      work: (privateKey) => sign(privateKey, message),
    },
    sealing(bytes),
    opening(bytes, peer),
    tagComparison(bytes),
    earlyExit(bytes),
    branchOnBits(bytes),
  ];
}

/**
 * Random bytes, overwritten where a fixed value is given: both classes come out of the same code and the same memory.
 *
 * @param {Uint8Array} random
 * @param {Uint8Array} [fixed] as long
 */
function filled(random, fixed) {
  random.set(fixed ?? random);
  return random;
}

/**
 * @param {(length: number) => Uint8Array} bytes
 * @returns {LeakSubject}
 */
function sealing(bytes) {
  const [nonce, text] = [bytes(12), bytes(1_000)];
  return {
    name: 'aeadEncrypt, 1,000 B',
    depends: 'secret',
    input: (isFixed) => filled(bytes(SECRET_BYTES), isFixed ? ZEROS : undefined),
    work: (key) => aeadEncrypt(key, nonce, text),
  };
}

/**
 * None of the keys is the recipient's, so that both classes fail alike, after all the work that depends on the key.
 *
 * @param {(length: number) => Uint8Array} bytes
 * @param {Uint8Array} recipient a public key
 * @returns {LeakSubject}
 */
function opening(bytes, recipient) {
  const { enc, ciphertext } = hpkeSeal(recipient, bytes(32));
  return {
    name: 'hpkeOpen',
    depends: 'secret',
    input: (isFixed) => filled(bytes(SECRET_BYTES), isFixed ? ZEROS : undefined),
    work: (privateKey) => resultOf(() => hpkeOpen(privateKey, enc, ciphertext)),
  };
}

/** @param {() => unknown} call that may fail */
function resultOf(call) {
  try {
    return call();
  } catch {
    return undefined;
  }
}

/**
 * A forged tag: wrong in its last byte alone, or wrong everywhere. A comparison that stops at the first difference takes
 * longer for the former.
 *
 * @param {(length: number) => Uint8Array} bytes
 * @returns {LeakSubject}
 */
function tagComparison(bytes) {
  const [key, nonce] = [bytes(32), bytes(12)];
  const sealed = aeadEncrypt(key, nonce, bytes(100));
  return {
    name: 'aeadDecrypt, comparison of the tag',
    depends: 'secret',
    input: (isFixed) => {
      const forged = sealed.slice();
      const wrong = isFixed ? 1 : 16;
      for (let at = forged.length - wrong; at < forged.length; at++) forged[at] = (forged[at] ?? 0) ^ 0x55;
      return forged;
    },
    work: (forged) => resultOf(() => aeadDecrypt(key, nonce, forged)),
  };
}

/**
 * Positive control: a comparison that stops at the first difference.
 *
 * @param {(length: number) => Uint8Array} bytes
 * @returns {LeakSubject}
 */
function earlyExit(bytes) {
  const secret = bytes(256);
  return {
    name: 'control: a comparison that stops early',
    depends: 'control',
    input: (isFixed) => filled(bytes(256), isFixed ? secret : undefined),
    work: (guess) => guess.every((byte, at) => byte === secret[at]),
  };
}

/**
 * Positive control: work for each set bit of the secret, as in a naive square-and-multiply.
 *
 * @param {(length: number) => Uint8Array} bytes
 * @returns {LeakSubject}
 */
function branchOnBits(bytes) {
  return {
    name: 'control: a branch on each bit',
    depends: 'control',
    input: (isFixed) => filled(bytes(SECRET_BYTES), isFixed ? ZEROS : undefined),
    work: (secret) => {
      let product = 1;
      for (const byte of secret) {
        for (let bit = 0; bit < 8; bit++) {
          product = (product * product) % 65_521;
          if ((byte >> bit) & 1) product = (product * 17) % 65_521;
        }
      }
      return product;
    },
  };
}
