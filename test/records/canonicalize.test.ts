/** Canonical bytes, against the engine's own decoder and `String.normalize` over whole texts. */
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { equalBytes } from '../../src/bytes.js';
import { type Canonicalization, canonicalize, InvalidDocumentError, InvalidInputError } from '../../src/index.js';
import { MAX_COMBINING_RUN } from '../../src/records/canonical-text.js';
import { createCanonicalizer } from '../../src/records/canonicalize.js';
import { characterClasses, MAY_CHANGE, STABLE_STARTER, UNASSIGNED } from '../../src/records/unicode-classes.js';
import { fromHex, toHex } from '../support/hex.js';
import { anyBytes, asBytes, longTexts, splitAt, splits, texts } from '../support/records/arbitraries.js';
import { referenceCanonical } from '../support/records/reference.js';

const canonical = (text: string) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(canonicalize(asBytes(text)));

/** The rule that the bytes break; null if there is none. */
function ruleOf(bytes: Uint8Array): string | null {
  try {
    canonicalize(bytes);
    return null;
  } catch (error) {
    if (error instanceof InvalidDocumentError) return error.rule;
    throw error;
  }
}

/** The canonical bytes of a document that arrives in pieces. */
function canonicalOf(pieces: readonly Uint8Array[], name: Canonicalization): Uint8Array {
  const parts: number[] = [];
  const canonicalizer = createCanonicalizer(name, (part) => parts.push(...part));
  for (const piece of pieces) canonicalizer.update(piece);
  canonicalizer.finish();
  return Uint8Array.from(parts);
}

describe('text-nfc-lf/1', () => {
  it('is what decoding, line ends and String.normalize over the whole text give', () => {
    fc.assert(
      fc.property(fc.oneof(texts, longTexts), (text) => {
        const bytes = asBytes(text);
        expect(toHex(canonicalize(bytes))).toBe(toHex(referenceCanonical(bytes, 'text-nfc-lf/1')));
      }),
      { numRuns: 300 },
    );
  });

  it('is the same however the document was split', () => {
    fc.assert(
      fc.property(fc.oneof(texts, longTexts), splits, (text, places) => {
        const bytes = asBytes(text);
        expect(toHex(canonicalOf(splitAt(bytes, places), 'text-nfc-lf/1'))).toBe(toHex(canonicalize(bytes)));
      }),
      { numRuns: 150 },
    );
  });

  it('is canonical already', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const once = canonicalize(asBytes(text));
        expect(canonicalize(once)).toEqual(once);
      }),
      { numRuns: 300 },
    );
  });

  it('changes line ends, also where they are split', () => {
    expect(canonical('a\r\nb\rc\nd\r\r\n\n\r')).toBe('a\nb\nc\nd\n\n\n\n');
    expect(canonicalOf([asBytes('a\r'), asBytes(''), asBytes('\nb\r'), asBytes('c')], 'text-nfc-lf/1')).toEqual(
      asBytes('a\nb\nc'),
    );
  });

  it('changes line ends about the length that lines are collected to', () => {
    for (let length = 16_380; length <= 16_388; length++) {
      for (const text of [
        `${'x'.repeat(length)}\r\ny\r`,
        `a\r${'x'.repeat(length)}\r\r\n`,
        `${'\r'.repeat(length)}\n`,
      ]) {
        const expected = asBytes(text.replaceAll(/\r\n?/g, '\n'));
        expect(equalBytes(canonicalize(asBytes(text)), expected), `${length}`).toBe(true);
      }
    }
  });

  it('composes Hangul, also across splits', () => {
    expect(canonical('\u1112\u1161\u11ab\u1100\u1173\u11af')).toBe('\ud55c\uae00');
    // A syllable without final consonant, which the next piece brings.
    expect(canonicalOf([asBytes('\ud558'), asBytes('\u11ab')], 'text-nfc-lf/1')).toEqual(asBytes('\ud55c'));
  });

  it('leaves U+FEFF alone but at the start', () => {
    expect(canonical('a\ufeffb')).toBe('a\ufeffb');
    expect(canonical('a\ufeff\u0301')).toBe('a\ufeff\u0301');
    expect(ruleOf(asBytes('\ufeffa'))).toBe('byte-order-mark');
    expect(() => canonicalOf([fromHex('ef'), fromHex('bb'), fromHex('bf')], 'text-nfc-lf/1')).toThrow(
      InvalidDocumentError,
    );
  });

  it('takes and refuses the same bytes as a strict decoder', () => {
    const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const isUtf8 = (bytes: Uint8Array) => {
      try {
        strict.decode(bytes);
        return true;
      } catch {
        return false;
      }
    };
    const edges = fc.constantFrom(
      0x00,
      0x7f,
      0x80,
      0x8f,
      0x90,
      0x9f,
      0xa0,
      0xbf,
      0xc0,
      0xc1,
      0xc2,
      0xdf,
      0xe0,
      0xe1,
      0xec,
    );
    const more = fc.constantFrom(0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff);
    fc.assert(
      fc.property(fc.array(fc.oneof(edges, edges, more), { maxLength: 8 }), (values) => {
        const bytes = Uint8Array.from(values);
        const rule = ruleOf(bytes);
        expect(isUtf8(bytes) ? rule !== 'utf-8' : rule !== null).toBe(true);
      }),
      { numRuns: 1_000 },
    );
    for (let first = 0x80; first < 0x100; first++) {
      for (const second of [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff]) {
        const bytes = Uint8Array.of(first, second, 0x80, 0x80).subarray(0, first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4);
        expect(ruleOf(bytes) !== 'utf-8', toHex(bytes)).toBe(isUtf8(bytes));
      }
    }
  });

  it.each([
    ['a lone continuation', '80'],
    ['an overlong slash', 'c0af'],
    ['an overlong line feed of three bytes', 'e0808a'],
    ['a surrogate', 'eda080'],
    ['a pair of surrogates (CESU-8)', 'eda0bdedb880'],
    ['above U+10FFFF', 'f4908080'],
    ['a character cut off at the end', '61e282'],
    ['UTF-16 with its mark', 'fffe6100'],
    ['Latin-1', '6772f6df65'],
  ])('refuses %s', (_, hex) => {
    expect(ruleOf(fromHex(hex))).toBe('utf-8');
  });

  it.each([
    ['reserved since ever', '\u0378'],
    ['a noncharacter', '\uffff'],
    ['a noncharacter of the Arabic block', '\ufdd0'],
    ['the last code point', '\u{10ffff}'],
    ['new in Unicode 15.1', '\u2ffc'],
    ['new in Unicode 15.1, an ideograph', '\u{2ebf0}'],
    ['new in Unicode 16.0', '\u1c89'],
    ['new in Unicode 16.0, combining', '\u{113ce}'],
  ])('refuses what Unicode 15.0 does not assign: %s', (_, text) => {
    expect(ruleOf(asBytes(`a${text}`))).toBe('unassigned');
  });

  it.each([
    ['new in Unicode 15.0', '\u{1e08f}'],
    ['an ideograph of Unicode 15.0', '\u{31350}'],
    ['for private use', '\ue000'],
    ['the last one for private use', '\u{10fffd}'],
    ['a control character', '\u0000'],
  ])('takes what it assigns: %s', (_, text) => {
    expect(canonical(text)).toBe(text);
  });

  it('tells where a document is refused, however it was split', () => {
    const cases: [hex: string, offset: number][] = [
      ['efbbbf', 0],
      ['6161ff', 2],
      ['610d0a620d0a0dff', 5],
      [`${'61'.repeat(40_000)}e282`, 40_000],
      [`${'61cc81'.repeat(20_000)}cdb8`, 60_000],
      [`0d0a61${'cc81'.repeat(257)}`, 2 + 2 * 256],
    ];
    for (const [hex, offset] of cases) {
      const bytes = fromHex(hex);
      const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, i) => bytes.subarray(7 * i, 7 * i + 7));
      for (const attempt of [() => canonicalize(bytes), () => canonicalOf(pieces, 'text-nfc-lf/1')]) {
        expect(attempt).toThrow(expect.objectContaining({ code: 'invalid-document', offset }));
        expect(attempt).toThrow(`(at byte ${offset}, line ends counted as one)`);
      }
    }
  });

  it('is refused by an engine that lacks Unicode', () => {
    const normalize = vi.spyOn(String.prototype, 'normalize').mockImplementation(function (this: string) {
      return String(this);
    });
    try {
      expect(() => canonicalize(asBytes('text'))).toThrow(expect.objectContaining({ code: 'no-normalization' }));
      expect(canonicalize(asBytes('text'), 'bytes/1')).toEqual(asBytes('text'));
    } finally {
      normalize.mockRestore();
    }
  });

  it('bounds the run of characters that are no stable starters, wherever the document is split', () => {
    for (const mark of ['\u0301', '\u1161', '\u0344', '\u20d2', '\u{1d167}']) {
      const longest = `a${mark.repeat(MAX_COMBINING_RUN)}`;
      expect(canonical(`${longest}b`)).toBe(`${longest}b`.normalize('NFC'));
      expect(ruleOf(asBytes(longest + mark))).toBe('combining-run');
      const bytes = asBytes(longest + mark);
      const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
      expect(() => canonicalOf(single, 'text-nfc-lf/1')).toThrow(InvalidDocumentError);
    }
    expect(ruleOf(asBytes('\u0301'.repeat(MAX_COMBINING_RUN)))).toBeNull();
    expect(ruleOf(asBytes('\u0301'.repeat(MAX_COMBINING_RUN + 1)))).toBe('combining-run');
  });
});

describe('bytes/1', () => {
  it('leaves everything as it is', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(canonicalize(bytes, 'bytes/1')).toEqual(bytes);
      }),
    );
  });
});

describe('a canonicalization', () => {
  it('that nobody knows is refused, and so is what is no bytes', () => {
    expect(() => canonicalize(new Uint8Array(1), 'text/2' as Canonicalization)).toThrow(InvalidInputError);
    expect(() => canonicalize('text' as unknown as Uint8Array)).toThrow('bytes must be a Uint8Array');
  });
});

describe('the table of Unicode 15.0', () => {
  const classes = characterClasses();

  it('assigns nothing that this engine does not know, and 286,719 code points in all', () => {
    const unknown = Array.from(classes.keys()).filter(
      (point) => classes[point] !== UNASSIGNED && /\p{Cn}|\p{Cs}/u.test(String.fromCodePoint(point)),
    );
    expect(unknown).toEqual([]);
    expect(classes.reduce((count, kind) => (kind === UNASSIGNED ? count : count + 1), 0)).toBe(286_719);
  });

  it('calls nothing stable that NFC changes by itself or composes with what stands before it', () => {
    const befores = [
      'a',
      'e\u0323',
      '\u0301',
      '\u1100',
      '\uac00',
      '\u0928',
      '\u09c7',
      '\u0dd9\u0dcf',
      '\u1025',
      '\u{11131}',
    ];
    const changed = Array.from(classes.entries()).filter(([point, kind]) => {
      // Ideographs, Hangul syllables, emoji and private use, of which there are many, do nothing of the kind.
      const isPlain = /\p{Ideographic}|\p{Co}|\p{So}|[\uac00-\ud7a3]/u.test(String.fromCodePoint(point));
      if (kind === UNASSIGNED || kind === MAY_CHANGE || isPlain) return false;
      const character = String.fromCodePoint(point);
      if (character.normalize('NFC') !== character) return true;
      return (
        kind === STABLE_STARTER &&
        befores.some((before) => (before + character).normalize('NFC') !== before.normalize('NFC') + character)
      );
    });
    expect(changed).toEqual([]);
  });

  it('knows the order of combining characters: two are swapped if and only if their classes fall', () => {
    const combining = Array.from(classes.entries()).filter(([, kind]) => kind > 0 && kind < MAY_CHANGE);
    const samples = new Map(combining.map(([point, kind]) => [kind, point]));
    for (const [first, firstClass] of combining) {
      for (const [secondClass, second] of samples) {
        const pair = String.fromCodePoint(first, second);
        expect(pair.normalize('NFD') !== pair, pair).toBe(secondClass < firstClass);
      }
    }
  });
});
