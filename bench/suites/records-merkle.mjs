/**
 * Merkle trees over many leaves: building one, a proof from it, the check of a proof.
 *
 * @module
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { MerkleTree, verifyProof } from 'arborist-mesh';
import { byteSource, join, sameBytes } from '../bytes.mjs';

const HASH_BYTES = 32;
const CHUNK_BYTES = 1_024;
const PROOFS = 64;

/** @type {import('../types.js').Suite} */
export const recordsMerkle = {
  id: 'merkle',
  title: 'Merkle trees',
  aliases: ['records'],
  cases: ({ name }) => {
    const count = name === 'quick' ? 10_000 : 1_000_000;
    return [buildCase(count), ...proofCases(count)];
  },
};

/** @param {number} count */
function buildCase(count) {
  const leaves = new Uint8Array(count * HASH_BYTES);
  const some = byteSource(count)(10_000 * HASH_BYTES);
  for (let start = 0; start < leaves.length; start += some.length) leaves.set(some, start);
  const right = plainRoot(leaves, (pair) => sha256(pair));
  /** @type {Readonly<Record<string, () => import('../types.js').Awaitable<() => Uint8Array>>>} */
  const builders = {
    arborist: () => () => new MerkleTree(leaves).documentRoot,
    'node-crypto': async () => {
      const { createHash } = await import('node:crypto');
      return () => plainRoot(leaves, (node) => createHash('sha256').update(node).digest());
    },
    noble: () => () => plainRoot(leaves, (node) => sha256(node)),
  };
  const labels = {
    arborist: 'arborist-mesh',
    'node-crypto': 'node:crypto, plain loop',
    noble: '@noble/hashes, plain loop',
  };
  const forms = Object.entries(labels).map(([id, label]) => ({ id, label, operations: {} }));
  return {
    id: `merkle-build-${count}`,
    title: `A tree over ${count.toLocaleString('en')} leaves`,
    item: 'leaf',
    note: 'The others keep the root only.',
    forms,
    tasks: [
      {
        itemsPerCall: count,
        inputCount: 1,
        prepare: (/** @type {import('../types.js').PeerForm} */ form) =>
          forms.includes(/** @type {typeof forms[number]} */ (form)) ? builders[form.id]?.() : undefined,
        check: (/** @type {unknown} */ root) => {
          if (!sameBytes(/** @type {Uint8Array} */ (root), right)) throw new Error('a wrong root');
        },
      },
    ],
  };
}

/**
 * The definition, layer by layer in one array.
 *
 * @param {Uint8Array} leaves
 * @param {(node: Uint8Array) => Uint8Array} hash
 */
function plainRoot(leaves, hash) {
  const layer = leaves.slice();
  const node = new Uint8Array(1 + 2 * HASH_BYTES);
  node[0] = 3;
  for (let width = layer.length / HASH_BYTES; width > 1; width = Math.ceil(width / 2)) {
    for (let place = 0; place < width; place += 2) {
      const left = place * HASH_BYTES;
      const right = Math.min(place + 1, width - 1) * HASH_BYTES;
      node.set(layer.subarray(left, left + HASH_BYTES), 1);
      node.set(layer.subarray(right, right + HASH_BYTES), 1 + HASH_BYTES);
      layer.set(hash(node), left / 2);
    }
  }
  return layer.slice(0, HASH_BYTES);
}

/** @param {number} count */
function proofCases(count) {
  const chunk = byteSource(3)(CHUNK_BYTES);
  const leaf = sha256(join(Uint8Array.of(0), chunk));
  const leaves = new Uint8Array(count * HASH_BYTES);
  for (let index = 0; index < count; index++) leaves.set(leaf, index * HASH_BYTES);
  const tree = new MerkleTree(leaves);
  const indices = Array.from({ length: PROOFS }, (_, i) => Math.floor((i * count) / PROOFS));
  const proofs = indices.map((index) => tree.proof(index));
  const among = `one of ${count.toLocaleString('en')}`;
  return [
    oneCase(`merkle-proof-${count}`, `A proof from a kept tree, ${among}`, (index) => {
      const place = indices[index] ?? 0;
      return tree.proof(place).index === place;
    }),
    oneCase(`merkle-verify-${count}`, `The check of a proof with a chunk of 1 KiB, ${among}`, (index) => {
      const proof = proofs[index];
      return proof !== undefined && verifyProof(tree, proof, chunk);
    }),
  ];
}

/**
 * @param {string} id
 * @param {string} title
 * @param {(index: number) => boolean} call
 * @returns {import('../types.js').Case}
 */
function oneCase(id, title, call) {
  /** @type {import('../types.js').PeerForm[]} */
  const forms = [{ id: 'arborist', label: 'arborist-mesh', operations: {} }];
  return {
    id,
    title,
    item: 'proof',
    forms,
    tasks: [
      {
        itemsPerCall: 1,
        inputCount: PROOFS,
        prepare: (form) => (forms.includes(form) ? call : undefined),
        check: (holds) => {
          if (holds !== true) throw new Error('the proof does not hold');
        },
      },
    ],
  };
}
