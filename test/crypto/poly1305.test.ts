/**
 * Poly1305 as it stands in the core, where messages of any length and any key can be reached: RFC 8439 §2.5.2 and A.3, and plain integers on
 * random and extreme limbs, for the code that goes block by block and the code that takes four blocks at a time.
 *
 * @module
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { type CompiledCore, compileCore } from '../support/compile-core.js';
import { fromHex, toHex } from '../support/hex.js';
import { referencePoly1305 } from '../support/poly1305-reference.js';
import { SeededRandom } from '../support/seeded-random.js';
import { readVectors } from '../support/vectors.js';

const KEY = 65536 + 64;
const TAG = KEY + 32;
const WHOLE_BLOCK = 1n << 24n;

const vectors = readVectors<{ source: string; tests: Record<'name' | 'key' | 'message' | 'tag', string>[] }>(
  'crypto/rfc8439-poly1305.json',
);

let core: CompiledCore;

beforeAll(async () => {
  core = await compileCore();
}, 180_000);

function withKey(key: Uint8Array, absorb: () => void): string {
  core.memory.set(key, core.window + KEY);
  core.call('poly1305Start', core.window + KEY);
  absorb();
  core.call('poly1305Finish', core.window + TAG);
  core.call('poly1305Wipe');
  return toHex(core.memory.slice(core.window + TAG, core.window + TAG + 16));
}

/** The tag of a message of any length: its last, short block ends with a byte 1 and carries nothing above (RFC 8439 §2.5). */
function poly1305(key: Uint8Array, message: Uint8Array): string {
  const whole = message.length >> 4;
  return withKey(key, () => {
    core.memory.set(message, core.window);
    core.call('poly1305Blocks', core.window, whole, WHOLE_BLOCK);
    if (message.length % 16 === 0) return;
    const last = new Uint8Array(16);
    last.set(message.subarray(16 * whole));
    last[message.length % 16] = 1;
    core.memory.set(last, core.window);
    core.call('poly1305Blocks', core.window, 1, 0n);
  });
}

/** The tag of messages that the AEAD would take in one after the other, each filled up with zeros. */
function paddedPoly1305(key: Uint8Array, ...messages: Uint8Array[]): string {
  return withKey(key, () => {
    for (const message of messages) {
      core.memory.set(message, core.window);
      core.call('poly1305Padded', core.window, message.length);
    }
  });
}

function padded(message: Uint8Array): Uint8Array {
  const whole = new Uint8Array(16 * Math.ceil(message.length / 16));
  whole.set(message);
  return whole;
}

const fill = (length: number, byte: number) => new Uint8Array(length).fill(byte);
const key = (r: Uint8Array, s: Uint8Array) => Uint8Array.of(...r, ...s);

/** Keys whose r has its limbs at the extremes that clamping leaves, or makes h stay where it is. */
const EXTREME_R = [
  fill(16, 0xff),
  fill(16, 0),
  fromHex('01000000000000000000000000000000'),
  fromHex('02000000000000000000000000000000'),
  fromHex('04000000000000000400000000000000'),
  fromHex('ffffff0f000000000000000000000000'),
  fromHex('0000000000000000000000000cfcff0f'),
  fromHex('ffffff0fffffff0ffcffff0ffcffff0f'),
];

describe('Poly1305 in the core', () => {
  it.each(vectors.tests)('gives the published tag: RFC 8439 $name', (test) => {
    expect(poly1305(fromHex(test.key), fromHex(test.message))).toBe(test.tag);
  });

  it('agrees with plain integers at every length from 0 to 700, padded or not', () => {
    const random = new SeededRandom(1305);
    for (let length = 0; length <= 700; length++) {
      const [oneTimeKey, message] = [random.bytes(32), random.bytes(length)];
      expect(poly1305(oneTimeKey, message)).toBe(toHex(referencePoly1305(oneTimeKey, message)));
      expect(paddedPoly1305(oneTimeKey, message)).toBe(toHex(referencePoly1305(oneTimeKey, padded(message))));
    }
  });

  it('carries right where all limbs are full: extreme r, s and blocks, one block to 200', () => {
    for (const r of EXTREME_R) {
      for (const s of [fill(16, 0), fill(16, 0xff)]) {
        for (const byte of [0xff, 0xfe, 0x00, 0x80]) {
          for (const blocks of [1, 2, 3, 4, 15, 16, 17, 64, 65, 66, 67, 68, 200]) {
            const message = fill(16 * blocks, byte);
            const expected = toHex(referencePoly1305(key(r, s), message));
            expect(poly1305(key(r, s), message)).toBe(expected);
            expect(paddedPoly1305(key(r, s), message)).toBe(expected);
          }
        }
      }
    }
  });

  it('reduces sums around p = 2^130 − 5 to the one canonical value', () => {
    // With r = 1 the accumulator is the plain sum of the blocks: four whole blocks sum to around 2^130.
    const one = key(fromHex('01000000000000000000000000000000'), fill(16, 0));
    for (let last = 0xf0; last <= 0xff; last++) {
      const message = fill(48, 0xff);
      message[0] = last;
      expect(poly1305(one, message)).toBe(toHex(referencePoly1305(one, message)));
    }
    for (let first = 0; first < 32; first++) {
      const message = new Uint8Array(64);
      message.set([first - 10], 0);
      expect(poly1305(one, message)).toBe(toHex(referencePoly1305(one, message)));
    }
  });

  it('continues where it stood: associated data, text and lengths in turn, short and long', () => {
    const random = new SeededRandom(1306);
    for (const lengths of [
      [5, 2000, 16],
      [1200, 700, 16],
      [256, 256, 256],
      [4096, 1, 4096],
      [0, 1023, 16],
    ]) {
      const oneTimeKey = random.bytes(32);
      const messages = lengths.map((length) => random.bytes(length));
      const all = Uint8Array.from(messages.flatMap((message) => [...padded(message)]));
      expect(paddedPoly1305(oneTimeKey, ...messages)).toBe(toHex(referencePoly1305(oneTimeKey, all)));
    }
  });
});
