/**
 * SHA-256, from a short chunk to a mebibyte: what hashes the leaves of a document, and what could.
 *
 * @module
 */
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { merkleLeaf } from 'arborist-mesh';
import { byteSource, join, sameBytes } from '../bytes.mjs';
import { fromRaw } from '../peers/per-input.mjs';

/** @typedef {import('../types.js').PeerForm} PeerForm */

const SIZES = [
  { bytes: 64, name: '64 B' },
  { bytes: 1_024, name: '1 KiB' },
  { bytes: 16_384, name: '16 KiB' },
  { bytes: 1_048_576, name: '1 MiB' },
];
const LEAF_PREFIX = Uint8Array.of(0);

const NOTE =
  'A leaf: one byte, then the chunk; peers are given both in one array. arborist-mesh takes what the runtime has, and its ' +
  'WebAssembly core for short chunks and where there is nothing else.';

/** @type {import('../types.js').Suite} */
export const recordsSha256 = {
  id: 'sha256',
  title: 'SHA-256',
  aliases: ['records'],
  cases: async ({ name }) => {
    const forms = await loadForms();
    const sizes = name === 'quick' ? SIZES.filter(({ bytes }) => bytes === 1_024 || bytes === 16_384) : SIZES;
    return sizes.map((size) => leafCase(size, forms));
  },
};

/**
 * The other peers of this case: they are no peers elsewhere, or would hash there with something else.
 *
 * @returns {Promise<PeerForm[]>} arborist-mesh first
 */
async function loadForms() {
  /** @type {PeerForm[]} */
  const forms = [
    form('arborist', 'arborist-mesh', (chunk) => merkleLeaf(chunk.subarray(1))),
    form('noble', '@noble/hashes', (chunk) => nobleSha256(chunk)),
    form('web-crypto', 'WebCrypto', async (chunk) => {
      const digest = await globalThis.crypto.subtle.digest('SHA-256', /** @type {BufferSource} */ (chunk));
      return new Uint8Array(digest);
    }),
  ];
  try {
    // No export of the package. Where this folder is not at hand (in a browser), arborist-mesh is the core itself.
    const module = new URL('../../dist/crypto/sha256.js', import.meta.url).href;
    const { sha256 } = await import(module);
    forms.push(form('arborist-core', 'arborist-mesh, WebAssembly core', (chunk) => sha256(chunk)));
  } catch {
    return forms;
  }
  return forms;
}

/**
 * @param {string} id
 * @param {string} label
 * @param {(bytes: Uint8Array) => import('../types.js').Awaitable<Uint8Array>} hash
 * @returns {PeerForm}
 */
function form(id, label, hash) {
  return { id, label, operations: { sha256: fromRaw(hash) } };
}

/**
 * @param {{ bytes: number, name: string }} size
 * @param {readonly PeerForm[]} forms
 * @returns {import('../types.js').Case}
 */
function leafCase(size, forms) {
  const bytes = byteSource(size.bytes);
  const chunks = Array.from({ length: 4 }, () => join(LEAF_PREFIX, bytes(size.bytes)));
  return {
    id: `sha256-${size.bytes}`,
    title: `SHA-256, ${size.name}`,
    item: 'leaf',
    note: NOTE,
    forms,
    tasks: [
      {
        itemsPerCall: 1,
        inputCount: chunks.length,
        // The form of arborist-mesh in composed jobs hashes with @noble/hashes.
        prepare: (one) => (one.id === 'arborist' && !forms.includes(one) ? undefined : one.operations.sha256?.(chunks)),
        check: (digest, index) => {
          const right = nobleSha256(chunks[index] ?? LEAF_PREFIX);
          if (!sameBytes(/** @type {Uint8Array} */ (digest), right)) throw new Error('a wrong digest');
        },
      },
    ],
  };
}
