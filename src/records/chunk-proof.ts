/**
 * A chunk with the proof of its place in one piece of bytes, which needs nothing beside it but a root and a number of
 * leaves that the checker trusts.
 *
 * @module
 */
import { equalBytes, requireBytes } from '../bytes.js';
import { arrayOf, bytesOf, bytesUpTo, decodeShape, encodeShape, items, oneOf, uint } from '../codec/shape.js';
import { AuthenticationError } from '../errors.js';
import { MAX_CHUNK_LENGTH } from './chunkers.js';
import { MAX_CHUNKS } from './document-hasher.js';
import { type MerkleCommitment, type MerkleProof, verifyProof } from './merkle-tree.js';

/** The depth of the largest tree. */
const MOST_SIBLINGS = Math.log2(MAX_CHUNKS);

/** A sibling takes 37 bytes, everything else but the chunk fewer than 100. */
const MAX_PROOF_BYTES = MAX_CHUNK_LENGTH + 37 * MOST_SIBLINGS + 100;

const PROOF = items({
  documentRoot: bytesOf(32),
  leafCount: uint(MAX_CHUNKS),
  index: uint(MAX_CHUNKS - 1),
  chunk: bytesUpTo(MAX_CHUNK_LENGTH),
  siblings: arrayOf(items({ hash: bytesOf(32), side: oneOf('left', 'right') }), { max: MOST_SIBLINGS }),
});

/** What a proof shows: that the chunk stands at this place of the document with this root and number of leaves. */
export interface ProvenPlace extends MerkleCommitment {
  readonly index: number;
  readonly chunk: Uint8Array;
}

/**
 * Puts a chunk and its proof into one piece: CBOR `[document_root, leaf_count, index, chunk, [[hash, side], …]]`, where `side`
 * is `"left"` or `"right"`, as the sibling stands.
 *
 * @throws AuthenticationError if the proof does not show the chunk's place
 */
export function encodeChunkProof(commitment: MerkleCommitment, proof: MerkleProof, chunk: Uint8Array): Uint8Array {
  if (!verifyProof(commitment, proof, chunk)) {
    throw new AuthenticationError('the proof does not show the place of the chunk');
  }
  const { documentRoot, leafCount } = commitment;
  const siblings = proof.siblings.map(({ hash, isLeft }) => ({ hash, side: isLeft ? 'left' : 'right' }) as const);
  return encodeShape(PROOF, { documentRoot, leafCount, index: proof.index, chunk, siblings }, 'chunk proof');
}

/**
 * Checks a proof that {@link encodeChunkProof} made.
 *
 * @param trusted the document's root and number of leaves from a source that the checker trusts, such as a record; without
 *   it the proof shows only what it says of itself
 * @throws InvalidInputError, CodecError
 * @throws AuthenticationError if the proof does not hold, or is about another document
 */
export function checkChunkProof(proof: Uint8Array, trusted?: MerkleCommitment): ProvenPlace {
  const what = 'chunk proof';
  const { documentRoot, leafCount, index, chunk, siblings } = decodeShape(PROOF, requireBytes('proof', proof), {
    maxBytes: MAX_PROOF_BYTES,
    what,
  });
  const merkleProof = { index, siblings: siblings.map(({ hash, side }) => ({ hash, isLeft: side === 'left' })) };
  if (!verifyProof({ documentRoot, leafCount }, merkleProof, chunk)) {
    throw new AuthenticationError('the proof does not show that the chunk stands at its place');
  }
  if (trusted !== undefined && !(trusted.leafCount === leafCount && equalBytes(trusted.documentRoot, documentRoot))) {
    throw new AuthenticationError('the proof is about another document');
  }
  return { documentRoot, leafCount, index, chunk };
}
