/**
 * The AEAD's exports of the core: the form for texts that fit the window and the one that streams give the same bytes, and what each leaves in
 * memory when a tag is right or wrong.
 *
 * @module
 */
import { chacha20poly1305, xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { describe, expect, it } from 'vitest';
import { core } from '../../src/crypto/core.js';
import { toHex } from '../support/hex.js';
import { SeededRandom } from '../support/seeded-random.js';

const [KEY, NONCE, DATA, TAG] = [70000, 70032, 70064, 73000];

const { call, memory, window } = core();

interface Message {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly data: Uint8Array;
  readonly text: Uint8Array;
}

function message(random: SeededRandom, textLength: number, dataLength: number, nonceLength = 12): Message {
  return {
    key: random.bytes(32),
    nonce: random.bytes(nonceLength),
    data: random.bytes(dataLength),
    text: random.bytes(textLength),
  };
}

function expected({ key, nonce, data, text }: Message): string {
  const cipher = nonce.length === 24 ? xchacha20poly1305 : chacha20poly1305;
  return toHex(cipher(key, nonce, data).encrypt(text));
}

const at = (offset: number) => window + offset;
const read = (offset: number, length: number) => memory.slice(at(offset), at(offset + length));

function load({ key, nonce, data }: Message): void {
  memory.set(key, at(KEY));
  memory.set(nonce, at(NONCE));
  memory.set(data, at(DATA));
}

function whole(name: 'aeadSeal' | 'aeadOpen', one: Message, text: Uint8Array, length: number): number {
  load(one);
  memory.set(text, at(0));
  return Number(call[name](at(KEY), at(NONCE), one.nonce.length, at(DATA), one.data.length, at(0), length));
}

function seal(one: Message): string {
  whole('aeadSeal', one, one.text, one.text.length);
  return toHex(read(0, one.text.length + 16));
}

function stream(name: 'aeadEncrypt' | 'aeadDecrypt', one: Message, text: Uint8Array, partSize: number): void {
  load(one);
  memory.set(text, at(0));
  call.aeadStart(at(KEY), at(NONCE), one.nonce.length);
  for (let start = 0; start < one.data.length; start += 32) {
    call.aeadData(at(DATA + start), Math.min(32, one.data.length - start));
  }
  for (let start = 0; start < text.length; start += partSize) {
    call[name](at(start), Math.min(partSize, text.length - start));
  }
}

describe('one call', () => {
  it('seals like @noble/ciphers at every text length from 0 to 700, with data of 0 to 70 bytes', () => {
    const random = new SeededRandom(1);
    for (let length = 0; length <= 700; length++) {
      const one = message(random, length, length % 71, length % 3 === 0 ? 24 : 12);
      expect(seal(one)).toBe(expected(one));
    }
  });

  it('opens what it sealed', () => {
    const random = new SeededRandom(2);
    for (const length of [0, 1, 63, 64, 65, 191, 192, 193, 448, 449, 1000, 65536]) {
      const one = message(random, length, 20);
      seal(one);
      expect(whole('aeadOpen', one, read(0, length + 16), length)).toBe(1);
      expect(toHex(read(0, length))).toBe(toHex(one.text));
    }
  });

  it('leaves the text alone when any bit of text, tag, data, nonce or key is wrong', () => {
    const random = new SeededRandom(3);
    for (const length of [0, 1, 100, 300]) {
      const one = message(random, length, 20);
      seal(one);
      const sealed = read(0, length + 16);
      for (let bit = 0; bit < 8 * sealed.length; bit += length > 16 ? 7 : 1) {
        const forged = sealed.with(bit >> 3, (sealed[bit >> 3] ?? 0) ^ (1 << (bit & 7)));
        expect(whole('aeadOpen', one, forged, length)).toBe(0);
        expect(toHex(read(0, length + 16))).toBe(toHex(forged));
      }
      for (const part of ['key', 'nonce', 'data'] as const) {
        const other = { ...one, [part]: one[part].with(3, (one[part][3] ?? 0) ^ 128) };
        expect(whole('aeadOpen', other, sealed, length)).toBe(0);
      }
    }
  });
});

describe('a stream', () => {
  it('gives the bytes of the one call at every length around its parts, and takes them back', () => {
    const random = new SeededRandom(4);
    const lengths = Array.from({ length: 300 }, (_, i) => 3 * i);
    for (const length of [...lengths, 1023, 1024, 1025, 8191, 8192, 8193, 65535, 65536]) {
      const one = message(random, length, length % 70, length % 2 === 0 ? 24 : 12);
      stream('aeadEncrypt', one, one.text, length > 5000 ? 16384 : 256);
      call.aeadTag(at(TAG));
      const [ciphertext, tag] = [read(0, length), read(TAG, 16)];
      expect(toHex(ciphertext) + toHex(tag)).toBe(expected(one));
      stream('aeadDecrypt', one, ciphertext, 512);
      expect(toHex(read(0, length))).toBe(toHex(one.text));
      memory.set(tag, at(TAG));
      expect(call.aeadVerify(at(TAG))).toBe(1);
      stream('aeadDecrypt', one, ciphertext, 512);
      memory.set(tag.with(15, (tag[15] ?? 0) ^ 1), at(TAG));
      expect(call.aeadVerify(at(TAG))).toBe(0);
    }
  });
});

describe('after any message', () => {
  it('key and nonce are gone from the window', () => {
    const random = new SeededRandom(5);
    const check = () => expect(toHex(read(KEY, 64))).toBe('00'.repeat(64));
    for (const length of [0, 64, 300, 2000]) {
      for (const nonceLength of [12, 24]) {
        const one = message(random, length, 20, nonceLength);
        seal(one);
        check();
        whole('aeadOpen', one, read(0, length + 16), length);
        check();
        whole('aeadOpen', one, random.bytes(length + 16), length);
        check();
        stream('aeadEncrypt', one, one.text, 256);
        call.aeadTag(at(TAG));
        check();
      }
    }
  });
});
