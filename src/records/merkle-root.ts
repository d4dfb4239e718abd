/**
 * The root of a Merkle tree whose leaves come one after the other, without the tree: one hash for each layer is kept.
 *
 * @module
 */
import { HASH_LENGTH, merkleNode } from './merkle-tree.js';

/** Takes in leaf hashes, and gives the root. */
export class MerkleRoot {
  /** At each height the hash of a whole subtree that waits for its sibling on the right. */
  readonly #waiting: (Uint8Array | undefined)[] = [];

  /** Takes in the next leaf hash, 32 bytes. */
  push(leaf: Uint8Array): void {
    let hash = leaf;
    let height = 0;
    for (let left = this.#waiting[0]; left !== undefined; left = this.#waiting[height]) {
      hash = merkleNode(left, hash);
      this.#waiting[height++] = undefined;
    }
    this.#waiting[height] = hash;
  }

  /** The root over the leaves so far; 32 bytes, zeros if there are none. */
  root(): Uint8Array {
    const top = this.#waiting.length - 1;
    // The last hash of its layer, where that is not a whole subtree; on every layer of odd width it is its own sibling.
    let last: Uint8Array | undefined;
    for (let height = 0; height < top; height++) {
      const left = this.#waiting[height];
      const right = last ?? left;
      if (right !== undefined) last = merkleNode(left ?? right, right);
    }
    const left = this.#waiting[top];
    if (left === undefined) return new Uint8Array(HASH_LENGTH);
    return last === undefined ? left.slice() : merkleNode(left, last);
  }
}
