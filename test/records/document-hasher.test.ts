/** From bytes to a commitment, in whatever pieces they come. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, equalBytes } from '../../src/bytes.js';
import {
  canonicalize,
  createDocumentHasher,
  DEFAULT_CHUNKER,
  type DocumentOptions,
  documentDigest,
  InvalidDocumentError,
  InvalidInputError,
  MerkleTree,
  MeshError,
  merkleLeaf,
  verifyProof,
} from '../../src/index.js';
import { toHex } from '../support/hex.js';
import { anyBytes, asBytes, chunkers, splitAt, splits, texts } from '../support/records/arbitraries.js';
import { referenceDigest } from '../support/records/reference.js';
import { SeededRandom } from '../support/seeded-random.js';

const documents = fc.oneof(
  fc.record({ canonicalization: fc.constant('text-nfc-lf/1' as const), bytes: texts.map(asBytes) }),
  fc.record({ canonicalization: fc.constant('bytes/1' as const), bytes: anyBytes }),
);

function digestOfPieces(pieces: Iterable<Uint8Array>, options: DocumentOptions) {
  const hasher = createDocumentHasher(options);
  for (const piece of pieces) hasher.update(piece);
  return hasher.finish();
}

describe('documentDigest', () => {
  it('commits what the definitions say', () => {
    fc.assert(
      fc.property(documents, chunkers, ({ canonicalization, bytes }, chunker) => {
        const digest = documentDigest(bytes, { canonicalization, chunker });
        expect(digest).toMatchObject({
          canonicalization,
          chunker,
          ...referenceDigest(bytes, canonicalization, chunker),
        });
        expect(new MerkleTree(digest.leaves).documentRoot).toEqual(digest.documentRoot);
      }),
      { numRuns: 300 },
    );
  });

  it('takes text in NFC and content-defined chunks where nothing is said', () => {
    const { canonicalization, chunker } = documentDigest(asBytes('text'));
    expect({ canonicalization, chunker }).toEqual({ canonicalization: 'text-nfc-lf/1', chunker: DEFAULT_CHUNKER });
  });

  it('has the root of zeros, and no chunks, for an empty document alone', () => {
    expect(documentDigest(new Uint8Array(0))).toMatchObject({
      documentRoot: new Uint8Array(32),
      leafCount: 0,
      contentLength: 0,
      contentSha256: new Uint8Array(createHash('sha256').digest()),
    });
    expect(documentDigest(Uint8Array.of(0))).toMatchObject({
      leafCount: 1,
      documentRoot: merkleLeaf(Uint8Array.of(0)),
    });
  });

  it('gives each chunk with its place and leaf; chunk, tree and commitment belong together', () => {
    fc.assert(
      fc.property(documents, chunkers, ({ canonicalization, bytes }, chunker) => {
        const chunks: Uint8Array[] = [];
        const digest = documentDigest(bytes, {
          canonicalization,
          chunker,
          onChunk(chunk, index, leaf) {
            expect(index).toBe(chunks.length);
            expect(leaf).toEqual(merkleLeaf(chunk));
            chunks.push(chunk);
          },
        });
        expect(chunks.map(toHex).join('')).toBe(toHex(canonicalize(bytes, canonicalization)));
        const tree = new MerkleTree(digest.leaves);
        chunks.forEach((chunk, index) => {
          expect(verifyProof(digest, tree.proof(index), chunk)).toBe(true);
        });
      }),
      { numRuns: 60 },
    );
  });
});

describe('a document hasher', () => {
  it('gives the same for every split of the document', () => {
    fc.assert(
      fc.property(documents, chunkers, splits, ({ canonicalization, bytes }, chunker, places) => {
        const whole = documentDigest(bytes, { canonicalization, chunker });
        expect(digestOfPieces(splitAt(bytes, places), { canonicalization, chunker })).toEqual(whole);
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same for every split of a document that is longer than what it holds', () => {
    const random = new SeededRandom(11);
    const bytes = random.bytes(1_100_000).map((byte) => (byte < 10 ? 10 : 32 + (byte % 90)));
    for (const chunker of [DEFAULT_CHUNKER, { name: 'paragraph/1', min: 100, max: 5_000 }] as const) {
      const whole = documentDigest(bytes, { chunker });
      for (const most of [1_000, 70_000, 800_000]) {
        const places = Array.from({ length: Math.ceil((2 * bytes.length) / most) }, () => random.below(bytes.length));
        expect(digestOfPieces(splitAt(bytes, places), { chunker })).toEqual(whole);
      }
    }
  });

  it('keeps nothing of the array that it was given', () => {
    const hasher = createDocumentHasher({ chunker: { name: 'fixed/1', size: 3 } });
    const piece = asBytes('ab');
    hasher.update(piece);
    piece.set(asBytes('cd'));
    hasher.update(piece);
    expect(hasher.finish()).toEqual(documentDigest(asBytes('abcd'), { chunker: { name: 'fixed/1', size: 3 } }));
  });

  it('hands out chunks that stay as they are', () => {
    const chunks: Uint8Array[] = [];
    const bytes = new SeededRandom(1).bytes(600_000);
    documentDigest(bytes, { canonicalization: 'bytes/1', onChunk: (chunk) => chunks.push(chunk) });
    expect(equalBytes(concatBytes(...chunks), bytes)).toBe(true);
  });

  it('works while others do', () => {
    const documents = [1, 2, 3].map((seed) => new SeededRandom(seed).bytes(300_000 * seed));
    const hashers = documents.map(() => createDocumentHasher({ canonicalization: 'bytes/1' }));
    for (let start = 0; start < 900_000; start += 10_000) {
      hashers.forEach((hasher, i) => {
        hasher.update(documents[i]?.subarray(start, start + 10_000) as Uint8Array);
      });
    }
    expect(hashers.map((hasher) => hasher.finish())).toEqual(
      documents.map((bytes) => documentDigest(bytes, { canonicalization: 'bytes/1' })),
    );
  });

  it('ends once', () => {
    const hasher = createDocumentHasher();
    hasher.finish();
    expect(() => hasher.finish()).toThrow(MeshError);
    expect(() => hasher.update(new Uint8Array(1))).toThrow('this document has ended, or has been refused');
  });

  it('takes in nothing more after a document was refused, or a callback has thrown', () => {
    const refusing = createDocumentHasher();
    expect(() => refusing.update(Uint8Array.of(0xff))).toThrow(InvalidDocumentError);
    expect(() => refusing.finish()).toThrow(MeshError);
    const failing = createDocumentHasher({
      onChunk() {
        throw new Error('no room');
      },
    });
    expect(() => failing.update(new Uint8Array(1_000_000))).toThrow('no room');
    expect(() => failing.finish()).toThrow(MeshError);
  });

  it('goes on after an argument that is no bytes', () => {
    const hasher = createDocumentHasher();
    expect(() => hasher.update('text' as unknown as Uint8Array)).toThrow(InvalidInputError);
    expect(hasher.finish().leafCount).toBe(0);
  });

  it('refuses options that are none', () => {
    expect(() => createDocumentHasher(null as unknown as DocumentOptions)).toThrow(InvalidInputError);
    expect(() => createDocumentHasher({ onChunk: 1 } as unknown as DocumentOptions)).toThrow(InvalidInputError);
  });
});
