/** A chunk with its proof in one piece of bytes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AuthenticationError,
  CodecError,
  checkChunkProof,
  encodeChunkProof,
  MAX_CHUNK_LENGTH,
  type MerkleCommitment,
  MerkleTree,
  MeshError,
} from '../../../src/index.js';
import { referenceDecode } from '../../codec/reference-cbor.js';

const chunkOf = (index: number) => new TextEncoder().encode(`chunk ${index}`);
const treeOf = (count: number) => MerkleTree.of(Array.from({ length: count }, (_, index) => chunkOf(index)));

describe('A chunk proof', () => {
  test('of every chunk of every small document is checked with and without a commitment', () => {
    for (let count = 1; count <= 33; count++) {
      const tree = treeOf(count);
      for (let index = 0; index < count; index++) {
        const proof = encodeChunkProof(tree, tree.proof(index), chunkOf(index));
        const { documentRoot, leafCount } = tree;
        const proven = { documentRoot, leafCount, index, chunk: chunkOf(index) };
        expect(checkChunkProof(proof)).toEqual(proven);
        expect(checkChunkProof(proof, tree)).toEqual(proven);
        expect(() => checkChunkProof(proof, treeOf(count + 1))).toThrow(AuthenticationError);
      }
    }
  });

  test('is CBOR of what it says', () => {
    const tree = treeOf(3);
    const [root, count, index, chunk, siblings] = referenceDecode(
      encodeChunkProof(tree, tree.proof(2), chunkOf(2)),
    ) as [Uint8Array, bigint, bigint, Uint8Array, [Uint8Array, string][]];
    expect([count, index]).toEqual([3n, 2n]);
    expect([root, chunk]).toEqual([tree.documentRoot, chunkOf(2)]);
    expect(siblings.map(([, side]) => side)).toEqual(['right', 'left']);
    expect(siblings.map(([hash]) => hash)).toEqual(tree.proof(2).siblings.map(({ hash }) => hash));
  });

  test('fits the largest chunk of the largest document, and nothing larger', () => {
    const chunk = new Uint8Array(MAX_CHUNK_LENGTH).fill(7);
    const leaves = new Uint8Array(32 * 2 ** 16);
    leaves.set(MerkleTree.of([chunk]).documentRoot);
    const tree = new MerkleTree(leaves);
    expect(checkChunkProof(encodeChunkProof(tree, tree.proof(0), chunk), tree).chunk).toEqual(chunk);
    expect(() => checkChunkProof(new Uint8Array(MAX_CHUNK_LENGTH + 1_000))).toThrow(CodecError);
  });

  test('is not made for another chunk, place or document', () => {
    const tree = treeOf(5);
    const wrong: [MerkleCommitment, number, Uint8Array][] = [
      [tree, 1, chunkOf(2)],
      [treeOf(6), 1, chunkOf(1)],
      [{ documentRoot: tree.documentRoot, leafCount: 9 }, 1, chunkOf(1)],
    ];
    for (const [commitment, index, chunk] of wrong) {
      expect(() => encodeChunkProof(commitment, tree.proof(index), chunk)).toThrow(AuthenticationError);
    }
  });

  test('with any byte changed, cut short or extended shows nothing of the document', () => {
    const tree = treeOf(5);
    const honest = encodeChunkProof(tree, tree.proof(3), chunkOf(3));
    for (let at = 0; at < honest.length; at++) {
      const changed = honest.slice();
      changed[at] = (changed[at] as number) ^ (1 << (at % 8));
      expect(() => checkChunkProof(changed, tree)).toThrow(MeshError);
      expect(() => checkChunkProof(honest.slice(0, at), tree)).toThrow(CodecError);
    }
    expect(() => checkChunkProof(Uint8Array.of(...honest, 0), tree)).toThrow(CodecError);
  });

  test('of garbage is refused by a typed error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(() => checkChunkProof(bytes)).toThrow(MeshError);
      }),
    );
    for (const value of [null, undefined, 'text', 7, {}, new ArrayBuffer(8)]) {
      expect(() => checkChunkProof(value as Uint8Array)).toThrow(expect.objectContaining({ code: 'invalid-input' }));
    }
  });
});
