/** Merkle trees and proofs, against a recursive reference over node:crypto, and against everything that is not a proof. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type MerkleCommitment,
  type MerkleProof,
  MerkleTree,
  merkleProof,
  merkleRoot,
  verifyProof,
} from '../../src/records/merkle-tree.js';

const hash = (...parts: Uint8Array[]) => {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part);
  return new Uint8Array(digest.digest());
};

/** The definition, word by word, layer by layer. */
function referenceRoot(chunks: Uint8Array[]): Uint8Array {
  const reduce = (layer: Uint8Array[]): Uint8Array => {
    if (layer.length === 1) return layer[0] as Uint8Array;
    const even = layer.length % 2 === 0 ? layer : [...layer, layer.at(-1) as Uint8Array];
    const pairs = Array.from({ length: even.length / 2 }, (_, i) => even.slice(2 * i, 2 * i + 2));
    return reduce(pairs.map((pair) => hash(Uint8Array.of(3), ...pair)));
  };
  return chunks.length === 0 ? new Uint8Array(32) : reduce(chunks.map((chunk) => hash(Uint8Array.of(0), chunk)));
}

const chunksOf = (count: number) => Array.from({ length: count }, (_, i) => new TextEncoder().encode(`chunk ${i}`));
const flip = (bytes: Uint8Array) => bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte));

/** Every way in which one thing about an honest proof can be wrong. */
function forgeries(
  tree: MerkleTree,
  proof: MerkleProof,
): { what: string; tree: MerkleCommitment; proof: MerkleProof }[] {
  const commitment = { documentRoot: tree.documentRoot, leafCount: tree.leafCount };
  const { index, siblings } = proof;
  const extra = { hash: new Uint8Array(32), isLeft: false };
  return [
    ...siblings.flatMap((sibling, at) => [
      {
        what: `flag ${at}`,
        tree: commitment,
        proof: { index, siblings: siblings.with(at, { ...sibling, isLeft: !sibling.isLeft }) },
      },
      {
        what: `sibling ${at}`,
        tree: commitment,
        proof: { index, siblings: siblings.with(at, { ...sibling, hash: flip(sibling.hash) }) },
      },
    ]),
    { what: 'longer', tree: commitment, proof: { index, siblings: [...siblings, extra] } },
    { what: 'shorter', tree: commitment, proof: { index, siblings: siblings.slice(0, -1) } },
    ...[-1, 0.5, index + 1, index - 1, index + tree.leafCount].map((wrong) => ({
      what: `index ${wrong}`,
      tree: commitment,
      proof: { index: wrong, siblings },
    })),
    { what: 'count', tree: { ...commitment, leafCount: 2 * tree.leafCount + 1 }, proof },
    { what: 'no leaves', tree: { ...commitment, leafCount: 0 }, proof },
    { what: 'root', tree: { ...commitment, documentRoot: flip(commitment.documentRoot) }, proof },
  ].filter(({ what }) => !(what === 'shorter' && siblings.length === 0));
}

describe('the Merkle tree', () => {
  it('has the root of the definition for every number of chunks from 0 to 300', () => {
    for (let count = 0; count <= 300; count++) {
      expect(merkleRoot(chunksOf(count))).toEqual(referenceRoot(chunksOf(count)));
    }
  });

  it('has a root of zeros if and only if there are no chunks', () => {
    expect(merkleRoot([])).toEqual(new Uint8Array(32));
    expect(merkleRoot([new Uint8Array(0)])).not.toEqual(new Uint8Array(32));
    expect(
      verifyProof({ documentRoot: new Uint8Array(32), leafCount: 0 }, { index: 0, siblings: [] }, new Uint8Array(0)),
    ).toBe(false);
  });

  it('proves each chunk of every tree of up to 300 chunks', () => {
    for (let count = 1; count <= 300; count++) {
      const chunks = chunksOf(count);
      const tree = MerkleTree.of(chunks);
      chunks.forEach((chunk, index) => {
        expect(verifyProof(tree, tree.proof(index), chunk)).toBe(true);
      });
    }
  });

  it('a proof with a wrong flag, length, index or count fails', () => {
    for (let count = 1; count <= 40; count++) {
      const chunks = chunksOf(count);
      const tree = MerkleTree.of(chunks);
      chunks.forEach((chunk, index) => {
        for (const forged of forgeries(tree, tree.proof(index))) {
          expect(verifyProof(forged.tree, forged.proof, chunk), `${count} chunks, ${index}, ${forged.what}`).toBe(
            false,
          );
        }
        expect(verifyProof(tree, tree.proof(index), flip(chunk))).toBe(false);
      });
    }
  });

  it('a document with a duplicated tail fails', () => {
    const chunks = chunksOf(3);
    const longer = [...chunks, chunks[2] as Uint8Array];
    expect(merkleRoot(longer)).toEqual(merkleRoot(chunks));
    const commitment = { documentRoot: merkleRoot(chunks), leafCount: 3 };
    expect(verifyProof(commitment, merkleProof(longer, 3), longer[3] as Uint8Array)).toBe(false);
    expect(verifyProof({ ...commitment, leafCount: 4 }, merkleProof(chunks, 2), chunks[2] as Uint8Array)).toBe(true);
  });

  it('never throws, whatever a proof looks like', () => {
    const commitment = { documentRoot: merkleRoot(chunksOf(5)), leafCount: 5 };
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (index, siblings) => {
        expect(verifyProof(commitment, { index, siblings } as MerkleProof, new Uint8Array(1))).toBe(false);
      }),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (anything, proof, chunk) => {
        expect(verifyProof(anything as MerkleCommitment, proof as MerkleProof, chunk as Uint8Array)).toBe(false);
      }),
      {
        numRuns: 2_000,
        examples: [
          [null, null, null],
          [undefined, undefined, undefined],
          [commitment, null, chunksOf(1)[0]],
        ],
      },
    );
  });

  it('refuses leaves of a wrong length and proofs of chunks that are not there', () => {
    expect(() => new MerkleTree(new Uint8Array(33))).toThrow('leaves must be a multiple of 32 bytes long, got 33');
    expect(() => merkleProof(chunksOf(2), 2)).toThrow('index must be an integer from 0 to 1, got 2');
  });
});
