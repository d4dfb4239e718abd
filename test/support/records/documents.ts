/**
 * The documents of the published vectors: texts in many scripts and orders, bytes that are no text, lengths about the limits.
 *
 * @module
 */

import type { SourcePart } from '../../../src/conformance/record-vectors.js';
import type { Canonicalization, DocumentRule } from '../../../src/index.js';
import { toHex } from '../hex.js';

/** A text, as it is written here: escapes where NFC or an editor could touch it. */
const text = (value: string, times?: number): SourcePart => {
  const hex = toHex(new TextEncoder().encode(value));
  return times === undefined ? { hex } : { hex, times };
};

const bytes = (hex: string): SourcePart => ({ hex });

type TextCase = readonly [title: string, parts: readonly SourcePart[]];

/** Texts under `text-nfc-lf/1`. */
export const TEXTS: readonly TextCase[] = [
  ['empty', []],
  ['one byte', [text('a')]],
  ['a NUL', [text('\0')]],
  ['line feeds alone', [text('one\ntwo\n')]],
  ['CRLF', [text('one\r\ntwo\r\n')]],
  ['CR', [text('one\rtwo\r')]],
  ['CRLF, CR and LF mixed', [text('a\r\r\nb\n\rc\r\n\n\r\rd')]],
  ['a CR at the end', [text('a\r')]],
  ['NEL, line and paragraph separators stay', [text('a\u0085b\u2028c\u2029d')]],
  ['Latin, decomposed', [text('Cafe\u0301 a\u0302\u0323 A\u030a o\u0308\u0304')]],
  ['Latin, composed', [text('Caf\u00e9 \u1ead \u00c5 \u022b')]],
  ['singletons: angstrom, ohm, kelvin', [text('\u212b \u2126 \u212a')]],
  ['combining marks out of order', [text('a\u0301\u0323 \u1e0b\u0323 q\u0307\u0323')]],
  ['a combining mark at the start', [text('\u0301a')]],
  ['a mark after a line end', [text('a\r\n\u0301b')]],
  ['blocked composition', [text('a\u0328\u0304\u0301 a\u0304\u0328 \u1100\u0300\u1161')]],
  ['composition exclusions', [text('\u0958 \u0f43 \ufb1d \u2adc')]],
  ['marks that decompose', [text('a\u0344 \u0f73\u0f71 \u0340\u0341 \u0f81')]],
  ['Vietnamese, decomposed', [text('Tie\u0302\u0301ng Vie\u0323\u0302t')]],
  ['Greek', [text('\u03b1\u0313\u0301\u0345 \u1fb4 \u0386 \u1fbb \u1f71')]],
  ['Cyrillic', [text('\u0418\u0306 \u0439 \u0415\u0308')]],
  ['Hebrew with points', [text('\u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd \u05e9\u05bc\u05c1')]],
  ['Arabic with harakat', [text('\u0645\u064f\u062d\u064e\u0645\u0651\u064e\u062f \u0627\u0653 \u0644\u0651\u064e')]],
  ['Devanagari', [text('\u0939\u093f\u0928\u094d\u0926\u0940 \u0928\u093c \u0929')]],
  ['Bengali vowels of two parts', [text('\u0995\u09c7\u09be \u0995\u09cb')]],
  ['Tamil', [text('\u0b95\u0bc6\u0bbe \u0ba4\u0bae\u0bbf\u0bb4\u0bcd')]],
  ['Sinhala', [text('\u0dd9\u0dcf\u0dca \u0ddd')]],
  ['Thai and Lao', [text('\u0e01\u0e33\u0e48 \u0e19\u0e49\u0e33 \u0ea5\u0eb2\u0ea7')]],
  ['Tibetan', [text('\u0f40\u0f71\u0f72 \u0f42\u0fb7 \u0f69')]],
  ['Burmese', [text('\u1025\u102e \u1026')]],
  ['Hangul syllables', [text('\ud55c\uad6d\uc5b4')]],
  ['Hangul of jamo', [text('\u1112\u1161\u11ab\u1100\u116e\u11a8\u110b\u1165')]],
  ['Hangul: a syllable and a final consonant', [text('\ud558\u11ab\uad6d\u11a8')]],
  ['Hangul: jamo that do not meet', [text('\u1161\u1100\u11a8\u1100\u1100\u1161\u1161')]],
  ['Hangul, old jamo', [text('\u115f\u1161\ua960\u1161\u11ab\ud7b0\ud7cb')]],
  ['kana with voicing marks', [text('\u304b\u3099 \u306f\u309a \u30a6\u3099 \uff76\uff9e')]],
  ['Chinese and Japanese', [text('\u5b57\u7b26\u4e32\u3001\u6587\u5b57\u5217\u3002')]],
  ['compatibility ideographs', [text('\uf900 \ufa0e \u{2f800} \u{2fa1d}')]],
  ['compatibility forms stay', [text('\ufb01 \u2460 \uff21 \u00bd \u3392')]],
  [
    'emoji sequences',
    [
      text(
        '\u{1f469}\u200d\u{1f469}\u200d\u{1f467} \u{1f44d}\u{1f3fd} \u{1f3f3}\ufe0f\u200d\u{1f308} \u{1f1e9}\u{1f1ea} 1\ufe0f\u20e3',
      ),
    ],
  ],
  ['musical symbols', [text('\u{1d15e} \u{1d1bb}\u{1d16e}')]],
  [
    'scripts beyond the first plane',
    [text('\u{11099}\u{110ba} \u{11131}\u{11127} \u{1134b}\u{1133e} \u{114b9}\u{114ba} \u{1e944}\u{1e94a}')],
  ],
  ['characters of Unicode 15.0', [text('\u{1e08f} \u{1e4ec}\u{1e4ee} \u{11f02}\u{11f41} \u{31350}')]],
  ['private use, and the last code point of it', [text('\ue000 \u{f0000} \u{10fffd}')]],
  ['U+FEFF within', [text('a\ufeffb\ufeff')]],
  ['the longest run of combining characters', [text('a'), text('\u0301', 256), text('b')]],
  ['a run of 256 in the wrong order', [text('a'), text('\u0301', 128), text('\u0323', 128)]],
  ['decomposed text over several blocks', [text('e\u0301\u0323\r\n', 7_000)]],
  ['a mark at byte 16,384', [text('x', 16_383), text('e\u0301')]],
  ['three bytes at byte 16,383', [text('x', 16_382), text('\u6587\u11a8')]],
];

type RefusedCase = readonly [rule: DocumentRule, title: string, parts: readonly SourcePart[]];

/** What `text-nfc-lf/1` refuses, with the rule. */
export const REFUSED: readonly RefusedCase[] = [
  ['utf-8', 'a lone continuation', [bytes('6180')]],
  ['utf-8', 'an overlong slash', [bytes('c0af')]],
  ['utf-8', 'an overlong NUL of two bytes', [bytes('c080')]],
  ['utf-8', 'an overlong euro sign of four bytes', [bytes('f08282ac')]],
  ['utf-8', 'a surrogate', [bytes('eda080')]],
  ['utf-8', 'a pair of surrogates', [bytes('eda0bdedb880')]],
  ['utf-8', 'above U+10FFFF', [bytes('f4908080')]],
  ['utf-8', 'a byte that never occurs', [bytes('fe')]],
  ['utf-8', 'a sequence of five bytes', [bytes('f888808080')]],
  ['utf-8', 'a character that is cut off by another', [bytes('e28261')]],
  ['utf-8', 'a character that is cut off by a line end', [bytes('e2820d0a')]],
  ['utf-8', 'a character that is cut off at the end', [bytes('61f09f98')]],
  ['utf-8', 'UTF-16', [bytes('fffe61000a00')]],
  ['utf-8', 'Latin-1', [bytes('6772f6df65')]],
  ['utf-8', 'after several blocks', [text('x', 40_000), bytes('ff')]],
  ['byte-order-mark', 'a byte order mark alone', [bytes('efbbbf')]],
  ['byte-order-mark', 'a byte order mark and text', [bytes('efbbbf61')]],
  ['unassigned', 'reserved', [text('a\u0378')]],
  ['unassigned', 'a noncharacter', [text('\uffff')]],
  ['unassigned', 'a noncharacter in a block of letters', [text('\ufdd0')]],
  ['unassigned', 'the last code point', [text('\u{10ffff}')]],
  ['unassigned', 'assigned in Unicode 15.1', [text('\u2ffc')]],
  ['unassigned', 'an ideograph of Unicode 15.1', [text('\u{2ebf0}')]],
  ['unassigned', 'assigned in Unicode 16.0', [text('\u1c89')]],
  ['unassigned', 'a combining mark of Unicode 16.0', [text('a\u0897')]],
  ['combining-run', '257 acute accents', [text('a'), text('\u0301', 257), text('b')]],
  ['combining-run', '257 vowels of Hangul', [text('\u1100'), text('\u1161', 257)]],
  ['combining-run', '257 marks at the start', [text('\u0323', 257)]],
];

type DocumentCase = readonly [
  title: string,
  source: readonly SourcePart[],
  canonicalization: Canonicalization,
  chunker: string,
  params: readonly number[],
];

const stream = (label: string, length: number): SourcePart => ({ stream: label, length });

const PROSE = [
  text('A mesh of peers\r\n\r\n'),
  text('Each of them holds the same documents, and none of them\r\nhas to be believed.\r\n\r\n', 30),
  text('  \t\r\nU\u0308ber die Bru\u0308cke: \ud55c\uad6d\u11a8 \u{1f469}\u200d\u{1f467}.\r\n\r\n\r\n', 40),
  text('One long line that has no end. ', 200),
];

/** Whole documents. */
export const DOCUMENTS: readonly DocumentCase[] = [
  ['empty', [], 'bytes/1', 'fixed/1', [1_024]],
  ['empty, as text', [], 'text-nfc-lf/1', 'paragraph/1', [64, 256]],
  ['empty, content-defined', [], 'text-nfc-lf/1', 'fastcdc/1', [64, 256, 1_024]],
  ['one byte', [bytes('00')], 'bytes/1', 'fixed/1', [1_024]],
  ['one chunk less a byte', [stream('a', 1_023)], 'bytes/1', 'fixed/1', [1_024]],
  ['exactly one chunk', [stream('a', 1_024)], 'bytes/1', 'fixed/1', [1_024]],
  ['one chunk and a byte', [stream('a', 1_025)], 'bytes/1', 'fixed/1', [1_024]],
  ['exactly seven chunks', [stream('b', 7_168)], 'bytes/1', 'fixed/1', [1_024]],
  ['exactly eight chunks', [stream('b', 8_192)], 'bytes/1', 'fixed/1', [1_024]],
  ['chunks of one byte', [bytes('616263')], 'bytes/1', 'fixed/1', [1]],
  ['three equal chunks', [bytes('6162'), bytes('6162'), bytes('6162')], 'bytes/1', 'fixed/1', [2]],
  ['four equal chunks: the root of three', [{ hex: '6162', times: 4 }], 'bytes/1', 'fixed/1', [2]],
  ['the longest chunks', [stream('c', 600_000)], 'bytes/1', 'fixed/1', [262_144]],
  ['text that grows shorter', [text('e\u0301\r\n', 1_000)], 'text-nfc-lf/1', 'fixed/1', [512]],
  ['paragraphs', PROSE, 'text-nfc-lf/1', 'paragraph/1', [1, 4_096]],
  ['paragraphs, joined and cut', PROSE, 'text-nfc-lf/1', 'paragraph/1', [200, 512]],
  ['paragraphs of raw bytes, with CRLF no blank lines', PROSE, 'bytes/1', 'paragraph/1', [1, 256]],
  [
    'characters without line ends',
    [text('\u20ac', 100), text('\u{1f600}', 50)],
    'text-nfc-lf/1',
    'paragraph/1',
    [1, 64],
  ],
  ['continuation bytes alone', [{ hex: '80', times: 200 }], 'bytes/1', 'paragraph/1', [1, 64]],
  ['content-defined, short', [stream('d', 64)], 'bytes/1', 'fastcdc/1', [64, 256, 1_024]],
  ['content-defined, random', [stream('e', 20_000)], 'bytes/1', 'fastcdc/1', [64, 256, 1_024]],
  [
    'content-defined, random, a byte before it',
    [bytes('00'), stream('e', 20_000)],
    'bytes/1',
    'fastcdc/1',
    [64, 256, 1_024],
  ],
  ['content-defined, the default', [stream('f', 300_000)], 'bytes/1', 'fastcdc/1', [4_096, 16_384, 65_536]],
  ['content-defined, the least parameters', [stream('f', 10_000)], 'bytes/1', 'fastcdc/1', [64, 256, 257]],
  [
    'content-defined, the greatest parameters',
    [stream('f', 600_000)],
    'bytes/1',
    'fastcdc/1',
    [131_071, 131_072, 262_144],
  ],
  ['content-defined, all zeros', [{ hex: '00', times: 5_000 }], 'bytes/1', 'fastcdc/1', [64, 256, 1_024]],
  ['content-defined, text', PROSE, 'text-nfc-lf/1', 'fastcdc/1', [64, 256, 1_024]],
];
