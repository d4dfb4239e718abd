/** Merkle trees and proofs, against a recursive reference over node:crypto, and against everything that is not a proof. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MerkleRoot } from '../../src/records/merkle-root.js';
import {
  type MerkleCommitment,
  type MerkleProof,
  MerkleTree,
  merkleLeaf,
  merkleProof,
  merkleRoot,
  verifyProof,
} from '../../src/records/merkle-tree.js';
import { referenceRoot } from '../support/records/reference.js';

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
      const chunks = chunksOf(count);
      const root = new MerkleRoot();
      for (const chunk of chunks) root.push(merkleLeaf(chunk));
      const expected = referenceRoot(chunks);
      expect(merkleRoot(chunks)).toEqual(expected);
      expect(root.root()).toEqual(expected);
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
    for (let count = 1; count <= 300; count++) {
      const chunks = chunksOf(count);
      const tree = MerkleTree.of(chunks);
      // Of larger trees the ends and some between.
      const step = count <= 40 ? 1 : Math.ceil(count / 6);
      chunks.forEach((chunk, index) => {
        if (index % step !== 0 && index !== count - 1) return;
        for (const forged of forgeries(tree, tree.proof(index))) {
          expect(verifyProof(forged.tree, forged.proof, chunk), `${count} chunks, ${index}, ${forged.what}`).toBe(
            false,
          );
        }
        expect(verifyProof(tree, tree.proof(index), flip(chunk))).toBe(false);
      });
    }
  });

  it('a document with a duplicated tail fails, whatever its length', () => {
    for (let count = 3; count < 300; count += 2) {
      const chunks = chunksOf(count);
      const last = chunks.at(-1) as Uint8Array;
      const longer = MerkleTree.of([...chunks, last]);
      const tree = MerkleTree.of(chunks);
      expect(longer.documentRoot).toEqual(tree.documentRoot);
      expect(verifyProof(tree, longer.proof(count), last)).toBe(false);
    }
  });

  it('needs the number of chunks: the root of three is that of four as well, if the last one comes twice', () => {
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
