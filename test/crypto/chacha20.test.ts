/**
 * ChaCha20 and HChaCha20 as they stand in the core, where any block counter can be reached: RFC 8439 §2.3.2, §2.4.2, A.1, A.2,
 * draft-irtf-cfrg-xchacha-03 §2.2.1, and `@noble/ciphers` at every length.
 *
 * @module
 */
import { chacha20 } from '@noble/ciphers/chacha.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CompiledCore, compileCore } from '../support/compile-core.js';
import { fromHex, toHex } from '../support/hex.js';
import { SeededRandom } from '../support/seeded-random.js';
import { readVectors } from '../support/vectors.js';

const KEY = 65536;
const NONCE = KEY + 32;

const { encryption } = readVectors<{
  source: string;
  encryption: { name: string; key: string; nonce: string; counter: number; plaintext: string; ciphertext: string }[];
}>('crypto/rfc8439.json');

let core: CompiledCore;

beforeAll(async () => {
  core = await compileCore();
}, 180_000);

function start(key: Uint8Array, nonce: Uint8Array): void {
  core.memory.set(key, core.window + KEY);
  core.memory.set(nonce, core.window + NONCE);
  core.call('chacha20Start', core.window + KEY, core.window + NONCE);
}

/** The text with the key stream from block `counter` on, handed over in parts of the given size. */
function apply(
  key: Uint8Array,
  nonce: Uint8Array,
  counter: number,
  text: Uint8Array,
  partSize = text.length,
): Uint8Array {
  start(key, nonce);
  core.call('chacha20Seek', counter);
  core.memory.set(text, core.window);
  for (let at = 0; at < text.length; at += partSize) {
    core.call('chacha20Apply', core.window + at, Math.min(partSize, text.length - at));
  }
  core.call('chacha20Wipe');
  return core.memory.slice(core.window, core.window + text.length);
}

describe('ChaCha20 in the core', () => {
  it.each(encryption)('gives the published bytes: RFC 8439 $name', ({ key, nonce, counter, plaintext, ciphertext }) => {
    expect(toHex(apply(fromHex(key), fromHex(nonce), counter, fromHex(plaintext)))).toBe(ciphertext);
  });

  it('agrees with @noble/ciphers at every length from 0 to 1,100, from a counter on', () => {
    const random = new SeededRandom(20);
    for (let length = 0; length <= 1100; length++) {
      const [key, nonce, text] = [random.bytes(32), random.bytes(12), random.bytes(length)];
      const expected = chacha20(key, nonce, text, undefined, length);
      expect(toHex(apply(key, nonce, length, text))).toBe(toHex(expected));
    }
  });

  it('gives the same bytes whether the text comes whole or in parts of 256 and 512 bytes', () => {
    const random = new SeededRandom(21);
    const [key, nonce, text] = [random.bytes(32), random.bytes(12), random.bytes(5000)];
    const whole = toHex(apply(key, nonce, 1, text));
    expect(toHex(apply(key, nonce, 1, text, 256))).toBe(whole);
    expect(toHex(apply(key, nonce, 1, text, 512))).toBe(whole);
  });

  it('serves block 0 and the head of a text from the first four blocks', () => {
    const random = new SeededRandom(22);
    for (const length of [0, 1, 15, 16, 63, 64, 65, 127, 128, 129, 191, 192]) {
      const [key, nonce, text] = [random.bytes(32), random.bytes(12), random.bytes(length)];
      start(key, nonce);
      core.memory.set(text, core.window);
      const block0 = core.call('chacha20Head', core.window, length);
      expect(toHex(core.memory.slice(block0, block0 + 64))).toBe(toHex(chacha20(key, nonce, new Uint8Array(64))));
      expect(toHex(core.memory.slice(core.window, core.window + length))).toBe(toHex(text));
      core.call('chacha20TakeHead', core.window, length);
      const expected = chacha20(key, nonce, text, undefined, 1);
      expect(toHex(core.memory.slice(core.window, core.window + length))).toBe(toHex(expected));
      core.call('chacha20Wipe');
    }
  });
});

describe('HChaCha20 in the core', () => {
  it('gives the published subkey (draft-irtf-cfrg-xchacha-03 §2.2.1), also in place of the key', () => {
    const key = fromHex('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f');
    const nonce = fromHex('000000090000004a0000000031415927');
    for (const target of [0, KEY]) {
      core.memory.set(key, core.window + KEY);
      core.memory.set(nonce, core.window + NONCE);
      core.call('hchacha20', core.window + KEY, core.window + NONCE, core.window + target);
      expect(toHex(core.memory.slice(core.window + target, core.window + target + 32))).toBe(
        '82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc',
      );
    }
  });
});
