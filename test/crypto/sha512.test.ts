/**
 * The core's SHA-512 (FIPS 180-4) against `node:crypto`: all lengths around the block size, in pieces cut anywhere.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CompiledCore, compileCore } from '../support/compile-core.js';
import { SeededRandom } from '../support/seeded-random.js';

const RECOGNIZED_BYTES = 8;

describe('SHA-512 in the core', () => {
  let core: CompiledCore;
  const random = new SeededRandom(512);

  beforeAll(async () => {
    core = await compileCore();
  });

  function digest(pieces: readonly Uint8Array[]): Uint8Array {
    const { call, memory, window } = core;
    call('sha512Init');
    for (const piece of pieces) {
      memory.set(piece, window);
      call('sha512Update', window, piece.length);
    }
    call('sha512Final', window);
    return memory.slice(window, window + 64);
  }

  function expected(message: Uint8Array): Uint8Array {
    return new Uint8Array(createHash('sha512').update(message).digest());
  }

  it('hashes messages of every length up to four blocks', () => {
    for (let length = 0; length <= 512; length++) {
      const message = random.bytes(length);
      expect(digest([message])).toEqual(expected(message));
    }
  });

  it('hashes a message alike however it is cut into pieces', () => {
    for (let round = 0; round < 300; round++) {
      const message = random.bytes(random.below(2000));
      const pieces: Uint8Array[] = [];
      for (let start = 0; start < message.length; ) {
        const end = start + random.below(300);
        pieces.push(message.subarray(start, end));
        start = end;
      }
      expect(digest(pieces)).toEqual(expected(message));
    }
  });

  it('forgets the message when it is told to', () => {
    const message = new Uint8Array(100).fill(0xa5);
    const { call, memory, window } = core;
    memory.set(message, window);
    call('sha512Init');
    call('sha512Update', window, message.length);
    memory.fill(0, window, window + message.length);
    const holds = () => memory.join().includes(message.subarray(0, RECOGNIZED_BYTES).join());
    expect(holds()).toBe(true);
    call('sha512Wipe');
    expect(holds()).toBe(false);
  });
});
