/** Where the chunkers cut: against the slow reference, within their limits, and near an edit only. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes } from '../../src/bytes.js';
import { type Chunker, DEFAULT_CHUNKER, documentDigest, InvalidInputError, MAX_CHUNK_LENGTH } from '../../src/index.js';
import { toHex } from '../support/hex.js';
import { anyBytes, asBytes, chunkers } from '../support/records/arbitraries.js';
import { referenceChunks } from '../support/records/reference.js';
import { SeededRandom } from '../support/seeded-random.js';

/** The chunks that the library cuts. */
function chunksOf(bytes: Uint8Array, chunker: Chunker): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  documentDigest(bytes, { canonicalization: 'bytes/1', chunker, onChunk: (chunk) => chunks.push(chunk) });
  return chunks;
}

const texts = (chunks: Uint8Array[]) => chunks.map((chunk) => new TextDecoder().decode(chunk));
const leavesOf = (bytes: Uint8Array, chunker: Chunker) => {
  const { leaves } = documentDigest(bytes, { canonicalization: 'bytes/1', chunker });
  return Array.from({ length: leaves.length / 32 }, (_, i) => toHex(leaves.subarray(32 * i, 32 * i + 32)));
};

describe('every chunker', () => {
  it('cuts where the reference does', () => {
    fc.assert(
      fc.property(anyBytes, chunkers, (bytes, chunker) => {
        expect(chunksOf(bytes, chunker).map(toHex)).toEqual(referenceChunks(bytes, chunker).map(toHex));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps to its limits, and leaves nothing out', () => {
    fc.assert(
      fc.property(anyBytes, chunkers, (bytes, chunker) => {
        const chunks = chunksOf(bytes, chunker);
        const longest = chunker.name === 'fixed/1' ? chunker.size : chunker.max;
        expect(chunks.every(({ length }) => length > 0 && length <= longest)).toBe(true);
        expect(chunks.map(toHex).join('')).toBe(toHex(bytes));
      }),
      { numRuns: 200 },
    );
  });

  it.each<[Chunker]>([
    [{ name: 'fixed/1', size: MAX_CHUNK_LENGTH }],
    [{ name: 'fixed/1', size: 1_000 }],
    [{ name: 'paragraph/1', min: 1, max: MAX_CHUNK_LENGTH }],
    [{ name: 'paragraph/1', min: 900, max: 1_000 }],
    [{ name: 'fastcdc/1', min: 64, avg: 256, max: 257 }],
    [{ name: 'fastcdc/1', min: 64, avg: 131_072, max: MAX_CHUNK_LENGTH }],
    [DEFAULT_CHUNKER],
  ])('cuts a document that fills the buffer again and again: %j', (chunker) => {
    const bytes = new SeededRandom(7).bytes(700_001).map((byte) => (byte < 8 ? 10 : byte));
    const parts = chunksOf(bytes, chunker);
    expect(parts.reduce((sum, { length }) => sum + length, 0)).toBe(bytes.length);
    // The reference takes seconds for paragraphs of this length.
    if (chunker.name !== 'paragraph/1') {
      expect(parts.map(({ length }) => length)).toEqual(referenceChunks(bytes, chunker).map(({ length }) => length));
    }
  });

  it.each<[unknown, string]>([
    [{ name: 'fixed/1', size: 0 }, 'chunker.size must be an integer from 1 to 262144, got 0'],
    [{ name: 'fixed/1', size: 262_145 }, 'chunker.size must be an integer from 1 to 262144, got 262145'],
    [{ name: 'fixed/1', size: 1.5 }, 'chunker.size must be an integer from 1 to 262144, got 1.5'],
    [{ name: 'fixed/1' }, 'chunker.size must be an integer from 1 to 262144, got undefined'],
    [{ name: 'paragraph/1', min: 1, max: 63 }, 'chunker.max must be an integer from 64 to 262144, got 63'],
    [{ name: 'paragraph/1', min: 65, max: 64 }, 'chunker.min must be an integer from 1 to 64, got 65'],
    [{ name: 'fastcdc/1', min: 63, avg: 256, max: 512 }, 'chunker.min must be an integer from 64 to 255, got 63'],
    [{ name: 'fastcdc/1', min: 256, avg: 256, max: 512 }, 'chunker.min must be an integer from 64 to 255, got 256'],
    [{ name: 'fastcdc/1', min: 64, avg: 300, max: 512 }, 'chunker.avg must be a power of two, got 300'],
    [{ name: 'fastcdc/1', min: 64, avg: 128, max: 512 }, 'chunker.avg must be an integer from 256 to 131072, got 128'],
    [{ name: 'fastcdc/1', min: 64, avg: 256, max: 256 }, 'chunker.max must be an integer from 257 to 262144, got 256'],
    [{ name: 'fixed/2', size: 1 }, "chunker must be one of 'fixed/1', 'paragraph/1', 'fastcdc/1' with its parameters"],
    [null, "chunker must be one of 'fixed/1', 'paragraph/1', 'fastcdc/1' with its parameters"],
  ])('checks its parameters: %j', (chunker, message) => {
    const attempt = () => documentDigest(new Uint8Array(1), { chunker: chunker as Chunker });
    expect(attempt).toThrow(InvalidInputError);
    expect(attempt).toThrow(message);
  });
});

describe('fixed/1', () => {
  it('has no empty chunk after a document of an exact multiple', () => {
    expect(chunksOf(new Uint8Array(300), { name: 'fixed/1', size: 100 }).map(({ length }) => length)).toEqual([
      100, 100, 100,
    ]);
    expect(chunksOf(new Uint8Array(0), { name: 'fixed/1', size: 100 })).toEqual([]);
  });
});

describe('paragraph/1', () => {
  const cut = (text: string, min: number, max = 64) =>
    texts(chunksOf(asBytes(text), { name: 'paragraph/1', min, max }));

  it('ends chunks after the blank lines that follow a paragraph', () => {
    expect(cut('one\n\ntwo\nmore\n\n\n\nthree', 1)).toEqual(['one\n\n', 'two\nmore\n\n\n\n', 'three']);
    expect(cut('one\n\n', 1)).toEqual(['one\n\n']);
  });

  it('takes a line of spaces and tabs for a blank one', () => {
    expect(cut('one\n \t\ntwo', 1)).toEqual(['one\n \t\n', 'two']);
  });

  it('counts blank lines at the start to the first paragraph', () => {
    expect(cut('\n\n \none\n\ntwo', 1)).toEqual(['\n\n \none\n\n', 'two']);
  });

  it('joins paragraphs below the minimum', () => {
    expect(cut('one\n\ntwo\n\nthree\n\n', 10)).toEqual(['one\n\ntwo\n\n', 'three\n\n']);
  });

  it('cuts a paragraph that is too long after its last line, or between characters', () => {
    const line = `${'x'.repeat(29)}\n`;
    expect(cut(line.repeat(3), 1)).toEqual([line + line, line]);
    expect(cut('€'.repeat(30), 1).map(({ length }) => length)).toEqual([21, 9]);
    expect(cut('👩'.repeat(20), 1, 67).map((chunk) => chunk.length)).toEqual([32, 8]);
  });
});

describe('fastcdc/1', () => {
  const chunker = { name: 'fastcdc/1', min: 256, avg: 1_024, max: 4_096 } as const;
  const random = new SeededRandom(20);
  const document = random.bytes(400_000);

  it('cuts about the average length', () => {
    const { leafCount } = documentDigest(document, { canonicalization: 'bytes/1', chunker });
    expect(document.length / leafCount).toBeGreaterThan(900);
    expect(document.length / leafCount).toBeLessThan(1_500);
  });

  it('changes only chunks near an edit', () => {
    const before = leavesOf(document, chunker);
    const lengths = chunksOf(document, chunker).map(({ length }) => length);
    for (let round = 0; round < 12; round++) {
      const place = random.below(document.length);
      const removed = random.below(3);
      const inserted = random.bytes(random.below(20) + (removed === 0 ? 1 : 0));
      const edited = concatBytes(document.subarray(0, place), inserted, document.subarray(place + removed));
      const after = leavesOf(edited, chunker);
      const same = before.findIndex((leaf, i) => leaf !== after[i]);
      const sameAtEnd = before.toReversed().findIndex((leaf, i) => leaf !== after.at(-1 - i));
      // Before the edit nothing may change; after it the cuts fall into step again within a few chunks.
      const sameLength = lengths.slice(0, same).reduce((sum, length) => sum + length, 0);
      expect(sameLength).toBeGreaterThan(place - chunker.max - 1);
      expect(before.length - same - sameAtEnd).toBeLessThanOrEqual(8);
    }
  });
});
