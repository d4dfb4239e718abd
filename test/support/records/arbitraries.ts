/**
 * Random documents, and random ways in which they arrive.
 *
 * @module
 */
import fc from 'fast-check';
import type { Chunker } from '../../../src/index.js';
import { characterClasses, UNASSIGNED } from '../../../src/records/unicode-classes.js';

const encoder = new TextEncoder();

/** All code points that NFC looks at twice: combining, or not stable. */
const UNSTABLE = Array.from(characterClasses().entries())
  .filter(([, kind]) => kind !== 0 && kind !== UNASSIGNED)
  .map(([point]) => String.fromCodePoint(point));

/** What composes or is reordered, densely. */
const MARKS = [
  '\u0301',
  '\u0323',
  '\u0308',
  '\u0345',
  '\u05b0',
  '\u3099',
  '\u09be',
  '\u0f71',
  '\u0f72',
  '\u1161',
  '\u11a8',
];
const BASES = [
  'a',
  'e',
  'o',
  '\u1e69',
  '\u1100',
  '\uac00',
  '\uac01',
  '\u304b',
  '\u09c7',
  '\u0344',
  '\u212b',
  '\uFB1D',
  '\u{1d15e}',
];
const LINES = ['\n', '\r', '\r\n', ' ', '\t', '\n\n', '\r\n\r\n'];
const OTHERS = ['x', 'ß', '漢', '👩\u200d👧', '\ufeff', '🏳️\u200d🌈', '\u0000', '\u{10fffd}'];

const piece = fc.oneof(
  fc.constantFrom(...MARKS),
  fc.constantFrom(...BASES),
  fc.constantFrom(...LINES),
  fc.constantFrom(...OTHERS),
  fc.constantFrom(...UNSTABLE),
  fc.stringMatching(/^[a-z ]{0,12}$/),
);

/** Texts that Unicode 15.0 assigns all characters of. They begin with no byte order mark. */
export const texts = fc
  .array(piece, { maxLength: 60, size: 'max' })
  .map((pieces) => pieces.join('').replace(/^\ufeff+/, ''));

/** The same, long enough for several blocks of the canonicalizer. */
export const longTexts = fc.tuple(texts, fc.integer({ min: 0, max: 20_000 })).map(([text, length]) => {
  const filler = 'a long line of text. '.repeat(Math.ceil(length / 21)).slice(0, length);
  return `${filler}${text}${filler}`;
});

/** UTF-8. */
export const asBytes = (text: string) => encoder.encode(text);

/** Bytes that repeat themselves or do not, with blank lines among them. */
export const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 3_000, size: 'max' }),
  fc
    .array(fc.constantFrom(10, 10, 32, 9, 97, 98, 0xc3, 0xa4, 0xf0, 0x9f, 0x98, 0x80), {
      maxLength: 1_500,
      size: 'max',
    })
    .map((values) => Uint8Array.from(values)),
);

/** Chunkers that cut even short documents often. */
export const chunkers: fc.Arbitrary<Chunker> = fc.oneof(
  fc.record({ name: fc.constant('fixed/1' as const), size: fc.integer({ min: 1, max: 300 }) }),
  fc
    .tuple(fc.integer({ min: 64, max: 200 }), fc.integer({ min: 1, max: 200 }))
    .map(([max, min]) => ({ name: 'paragraph/1' as const, min: Math.min(min, max), max })),
  fc
    .tuple(fc.integer({ min: 64, max: 255 }), fc.integer({ min: 257, max: 1_200 }))
    .map(([min, max]) => ({ name: 'fastcdc/1' as const, min, avg: 256, max })),
);

/** Cuts bytes into pieces at the places that the numbers choose, in order. */
export function splitAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, i) => bytes.subarray(i === 0 ? 0 : ends[i - 1], end));
}

/** Places to cut at: few, or so many that short documents arrive byte by byte. */
export const splits = fc.oneof(
  fc.array(fc.nat(), { maxLength: 5 }),
  fc.array(fc.nat(), { minLength: 50, maxLength: 400, size: 'max' }),
);
