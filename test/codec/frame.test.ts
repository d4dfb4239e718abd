import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { encode } from 'cborg';
import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { encodeCbor } from '../../src/codec/cbor.js';
import { type Frame, parseFrame, signFrame, verifyFrame, verifyFrames } from '../../src/codec/frame.js';
import { generateSigningKeypair } from '../../src/crypto/ed25519.js';
import { randomBytes } from '../../src/crypto/random.js';
import { CodecError, InvalidInputError } from '../../src/errors.js';
import { mutated } from './arbitraries.js';

const MAX = { maxBytes: 65_536 };
const TYPES = ['genesis', 'event', 'invite', 'join-request', 'fault', 'gossip', 'record', 'endpoint'];
const { privateKey, publicKey } = generateSigningKeypair();
const signer = randomBytes(32);
const payload = encodeCbor([1, 'two', null]);
const frame = signFrame('event', signer, privateKey, payload);

const ascii = (text: string) => new TextEncoder().encode(text);
const joined = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

describe('the format', () => {
  test('is CBOR [1, type, signer, signature, payload] with a labelled signature and id, computed independently', () => {
    const body = encode([signer, payload]);
    const signature = ed25519.sign(joined(ascii('arborist-mesh/1 event'), Uint8Array.of(0), body), privateKey);
    expect(frame.bytes).toStrictEqual(new Uint8Array(encode([1, 'event', signer, signature, payload])));
    expect(frame.id).toStrictEqual(sha256(joined(ascii('arborist-mesh/1 event id'), Uint8Array.of(0), body)));
    expect(frame.body).toStrictEqual(new Uint8Array(body));
  });

  test('parsing gives back what was signed', () => {
    expect(parseFrame(frame.bytes, MAX)).toStrictEqual(frame);
  });

  test('the payload is not decoded: a frame around nonsense parses, and verifies', () => {
    const nonsense = signFrame('event', signer, privateKey, Uint8Array.of(0xff, 0xff));
    expect(verifyFrame(parseFrame(nonsense.bytes, MAX), publicKey)).toBe(true);
  });
});

describe('a signature made for one type never verifies as another', () => {
  test.each(TYPES)('%s', (type) => {
    const original = signFrame(type, signer, privateKey, payload);
    for (const other of TYPES) {
      const moved = encodeCbor([1, other, signer, original.signature, payload]);
      expect(verifyFrame(parseFrame(moved, MAX), publicKey)).toBe(other === type);
    }
  });

  test('and frames of different types never share an id', () => {
    const ids = TYPES.map((type) => String(signFrame(type, signer, privateKey, payload).id));
    expect(new Set(ids).size).toBe(TYPES.length);
  });
});

test('types that somebody made up leave nothing behind, whether parsed or verified', () => {
  const kept = vi.spyOn(Map.prototype, 'set');
  try {
    for (let i = 0; i < 10_000; i++) {
      const type = `x${i}`.replaceAll(/\d/g, (digit) => 'abcdefghij'[Number(digit)] as string);
      const made = parseFrame(encodeCbor([1, type, signer, frame.signature, payload]), MAX);
      expect(made.type).toBe(type);
      if (i % 1_000 === 0) expect(verifyFrame(made, publicKey)).toBe(false);
    }
    expect(kept.mock.calls.filter(([key]) => typeof key === 'string' && key.includes(' x'))).toEqual([]);
  } finally {
    kept.mockRestore();
  }
});

test('signing again, with another key or by another signature, does not change the id', () => {
  const other = signFrame('event', signer, generateSigningKeypair().privateKey, payload);
  expect(other.signature).not.toStrictEqual(frame.signature);
  expect(other.id).toStrictEqual(frame.id);
});

test('no change to the bytes goes unnoticed: the frame is refused, does not verify, or has another type', () => {
  fc.assert(
    fc.property(mutated(fc.constant(frame.bytes)), (bytes) => {
      fc.pre(String(bytes) !== String(frame.bytes));
      let parsed: Frame;
      try {
        parsed = parseFrame(bytes, MAX);
      } catch (error) {
        expect(error).toBeInstanceOf(CodecError);
        return;
      }
      expect(verifyFrame(parsed, publicKey)).toBe(false);
    }),
    { numRuns: 1000 },
  );
});

test('many frames are verified at once, each with its own verdict', () => {
  const others = [generateSigningKeypair(), generateSigningKeypair()] as const;
  const items = Array.from({ length: 20 }, (_, i) => {
    const key = others[i % 2 === 0 ? 0 : 1];
    const signed = signFrame('gossip', signer, key.privateKey, encodeCbor(i));
    return { frame: signed, publicKey: i % 5 === 0 ? publicKey : key.publicKey };
  });
  expect(verifyFrames(items)).toStrictEqual(items.map((_, i) => i % 5 !== 0));
  expect(verifyFrames([])).toStrictEqual([]);
});

describe('what is no frame is refused with a reason', () => {
  const signature = new Uint8Array(64);
  test.each([
    ['another version', [2, 'event', signer, signature, payload], 'frame, item 1 (version) must be one of 1'],
    ['a type with a space', [1, 'event id', signer, signature, payload], 'frame, item 2 (type) must be 1 to 32'],
    ['a type that is not ASCII', [1, '\u00e9vent', signer, signature, payload], 'frame, item 2 (type)'],
    ['an empty type', [1, '', signer, signature, payload], 'frame, item 2 (type)'],
    [
      'a short signer',
      [1, 'event', new Uint8Array(31), signature, payload],
      'item 3 (signer) must be a byte string of 32',
    ],
    [
      'a long signature',
      [1, 'event', signer, new Uint8Array(65), payload],
      'item 4 (signature) must be a byte string of 64',
    ],
    ['a payload in the open', [1, 'event', signer, signature, [1]], 'frame, item 5 (payload) must be a byte string'],
    ['an item too many', [1, 'event', signer, signature, payload, null], 'frame must be an array of 5 items'],
  ])('%s', (_, value, message) => {
    expect(() => parseFrame(encodeCbor(value), MAX)).toThrow(CodecError);
    expect(() => parseFrame(encodeCbor(value), MAX)).toThrow(message);
  });

  test('one that is too long', () => {
    expect(() => parseFrame(frame.bytes, { maxBytes: frame.bytes.length - 1 })).toThrow(/^frame is \d+ bytes long/);
  });
});

test.each([
  ['type', () => signFrame('Event', signer, privateKey, payload)],
  ['signer', () => signFrame('event', signer.subarray(1), privateKey, payload)],
  ['privateKey', () => signFrame('event', signer, new Uint8Array(64), payload)],
  ['payload', () => signFrame('event', signer, privateKey, 'payload' as unknown as Uint8Array)],
])('signing names the argument that is wrong: %s', (name, attempt) => {
  expect(attempt).toThrow(InvalidInputError);
  expect(attempt).toThrow(new RegExp(`^${name} must be`));
});
