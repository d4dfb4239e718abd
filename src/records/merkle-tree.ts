/**
 * The Merkle tree over a document's chunks. A leaf is `SHA-256(0x00 ‖ chunk)`, a node `SHA-256(0x03 ‖ left ‖ right)`, a
 * layer of odd width repeats its last element, the root of no chunks is 32 zero bytes.
 *
 * Because of the repetition a root alone is ambiguous: the chunks `a b c` and `a b c c` have the same one
 * (CVE-2012-2459). A root is therefore only ever used together with the number of leaves, and everything in a proof that
 * follows from (index, number of leaves) — its length, each side, each position that repeats itself — is compared with
 * what it must be instead of being believed.
 *
 * @module
 */
import { sha256Of } from '#sha256';
import { equalBytes, isBytes, requireBytes } from '../bytes.js';
import { sha256 } from '../crypto/sha256.js';
import { InvalidInputError } from '../errors.js';

/** Length of every hash in the tree. */
export const HASH_LENGTH = 32;
const LEAF_PREFIX = Uint8Array.of(0x00);
const NODE_PREFIX = Uint8Array.of(0x03);

/** What a record says of its chunks: a root means something only together with the number of leaves. */
export interface MerkleCommitment {
  /** 32 bytes; zeros if and only if there are no leaves. */
  readonly documentRoot: Uint8Array;
  readonly leafCount: number;
}

/** One step of a proof, from the leaf upwards. */
export interface MerkleSibling {
  /** 32 bytes. */
  readonly hash: Uint8Array;
  /** Whether the sibling stands to the left of what is proven. */
  readonly isLeft: boolean;
}

/** That a chunk stands at a place of a document, for whoever holds the document's commitment. */
export interface MerkleProof {
  /** Which chunk, from 0. */
  readonly index: number;
  /** From the leaf's sibling to the child of the root. */
  readonly siblings: readonly MerkleSibling[];
}

/** `SHA-256(0x00 ‖ chunk)`; 32 bytes. */
export function merkleLeaf(chunk: Uint8Array): Uint8Array {
  return sha256Of(LEAF_PREFIX, requireBytes('chunk', chunk));
}

/** `SHA-256(0x03 ‖ left ‖ right)`; 32 bytes. */
export function merkleNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(NODE_PREFIX, left, right);
}

/** A layer of the tree: its hashes, one after the other. */
class Layer {
  readonly #hashes: Uint8Array;
  readonly width: number;

  constructor(hashes: Uint8Array) {
    this.#hashes = hashes;
    this.width = hashes.length / HASH_LENGTH;
  }

  /** The hash at a place; the place after an odd width repeats the last one. */
  at(place: number): Uint8Array {
    const start = Math.min(place, this.width - 1) * HASH_LENGTH;
    return this.#hashes.subarray(start, start + HASH_LENGTH);
  }

  parent(): Layer {
    const width = Math.ceil(this.width / 2);
    const hashes = new Uint8Array(width * HASH_LENGTH);
    // A pair stands together already; only the repeated last one does not.
    const pairs = Math.floor(this.width / 2);
    for (let place = 0; place < pairs; place++) {
      const pair = this.#hashes.subarray(2 * place * HASH_LENGTH, 2 * (place + 1) * HASH_LENGTH);
      hashes.set(sha256(NODE_PREFIX, pair), place * HASH_LENGTH);
    }
    if (pairs < width) hashes.set(merkleNode(this.at(2 * pairs), this.at(2 * pairs)), pairs * HASH_LENGTH);
    return new Layer(hashes);
  }
}

/** A tree that is kept, for many proofs: about 64 bytes a leaf. */
export class MerkleTree implements MerkleCommitment {
  readonly #layers: Layer[];
  readonly documentRoot: Uint8Array;
  readonly leafCount: number;

  /**
   * Builds the tree; the time is linear in the number of leaves.
   *
   * @param leaves the leaf hashes ({@link merkleLeaf}), one after the other; copied
   * @throws InvalidInputError if the length is not a multiple of 32
   */
  constructor(leaves: Uint8Array) {
    if (requireBytes('leaves', leaves).length % HASH_LENGTH !== 0) {
      throw new InvalidInputError(`leaves must be a multiple of ${HASH_LENGTH} bytes long, got ${leaves.length}`);
    }
    let layer = new Layer(leaves.slice());
    this.#layers = [layer];
    this.leafCount = layer.width;
    while (layer.width > 1) {
      layer = layer.parent();
      this.#layers.push(layer);
    }
    this.documentRoot = layer.width === 0 ? new Uint8Array(HASH_LENGTH) : layer.at(0).slice();
  }

  /** The tree over the leaves of these chunks. */
  static of(chunks: Iterable<Uint8Array>): MerkleTree {
    const leaves = Array.from(chunks, merkleLeaf);
    const joined = new Uint8Array(leaves.length * HASH_LENGTH);
    for (const [index, leaf] of leaves.entries()) joined.set(leaf, index * HASH_LENGTH);
    return new MerkleTree(joined);
  }

  /**
   * The proof for one chunk; its length is the depth of the tree.
   *
   * @throws InvalidInputError if there is no such chunk
   */
  proof(index: number): MerkleProof {
    if (!Number.isInteger(index) || index < 0 || index >= this.leafCount) {
      throw new InvalidInputError(`index must be an integer from 0 to ${this.leafCount - 1}, got ${index}`);
    }
    const siblings = this.#layers.slice(0, -1).map((layer, height) => {
      const place = Math.floor(index / 2 ** height);
      const isLeft = place % 2 === 1;
      return { hash: layer.at(isLeft ? place - 1 : place + 1).slice(), isLeft };
    });
    return { index, siblings };
  }
}

/** The root over the chunks; 32 bytes, zeros for no chunks. */
export function merkleRoot(chunks: Iterable<Uint8Array>): Uint8Array {
  return MerkleTree.of(chunks).documentRoot;
}

/**
 * The proof for one of the chunks. To make many, keep a {@link MerkleTree}.
 *
 * @throws InvalidInputError if there is no such chunk
 */
export function merkleProof(chunks: Iterable<Uint8Array>, index: number): MerkleProof {
  return MerkleTree.of(chunks).proof(index);
}

function isSibling(sibling: MerkleSibling | undefined): sibling is MerkleSibling {
  return isBytes(sibling?.hash) && sibling.hash.length === HASH_LENGTH && typeof sibling.isLeft === 'boolean';
}

/**
 * Whether the chunk stands at `proof.index` of the document to which the commitment belongs. Never throws: what has the
 * wrong shape proves nothing.
 */
export function verifyProof(commitment: MerkleCommitment, proof: MerkleProof, chunk: Uint8Array): boolean {
  // What comes from outside may be null in spite of its type.
  const documentRoot = commitment?.documentRoot;
  const leafCount = commitment?.leafCount;
  const index = proof?.index;
  const siblings = proof?.siblings;
  if (!isBytes(chunk) || !isBytes(documentRoot) || documentRoot.length !== HASH_LENGTH) return false;
  if (!Number.isSafeInteger(leafCount) || !Number.isSafeInteger(index) || !Array.isArray(siblings)) return false;
  if (index < 0 || index >= leafCount) return false;
  let hash = merkleLeaf(chunk);
  let place = index;
  let height = 0;
  for (let width = leafCount; width > 1; width = Math.ceil(width / 2)) {
    const sibling = siblings[height++];
    const isLeft = place % 2 === 1;
    if (!isSibling(sibling) || sibling.isLeft !== isLeft) return false;
    const repeatsItself = !isLeft && place === width - 1;
    if (repeatsItself && !equalBytes(sibling.hash, hash)) return false;
    hash = isLeft ? merkleNode(sibling.hash, hash) : merkleNode(hash, sibling.hash);
    place = Math.floor(place / 2);
  }
  return siblings.length === height && equalBytes(hash, documentRoot);
}
