/**
 * From a document to its root, for each chunker and canonicalization, beside what only hashes the bytes once: `node:crypto`,
 * and the command `sha256sum`, which reads them from a file.
 *
 * @module
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { documentDigest } from 'arborist-mesh';
import { byteSource, sameBytes } from '../bytes.mjs';

/** @typedef {import('../types.js').PeerForm} PeerForm */
/** @typedef {import('arborist-mesh').Chunker} Chunker */
/** @typedef {import('arborist-mesh').Canonicalization} Canonicalization */
/** @typedef {(bytes: Uint8Array) => import('../types.js').Awaitable<() => Uint8Array>} Prepare makes what hashes a document */

const MEBIBYTE = 1_048_576;

/** @type {readonly Chunker[]} */
const CHUNKERS = [
  { name: 'fixed/1', size: 16_384 },
  { name: 'fixed/1', size: 1_024 },
  { name: 'paragraph/1', min: 1_024, max: 16_384 },
  { name: 'fastcdc/1', min: 4_096, avg: 16_384, max: 65_536 },
];

const ENGLISH = 'The quick brown fox jumps over the lazy dog, and none of the others has to believe it.\n';
const SCRIPTS =
  'Größe und Übermaß · Съешь же ещё этих мягких булок · 敏捷的棕色狐狸跳过了懒狗 · 모든 인간은 · सभी मनुष्यों को · 👩‍👩‍👧 · the quick brown fox\n';

const NOTE =
  'arborist-mesh canonicalizes, cuts, hashes every chunk and the whole. The others only hash the same bytes once; sha256sum ' +
  'is a process of its own that reads a file.';

/** @type {import('../types.js').Suite} */
export const recordsDocuments = {
  id: 'documents',
  title: 'Document roots',
  waits: true,
  aliases: ['records'],
  cases: ({ name }) => {
    const quick = name === 'quick';
    const length = (quick ? 4 : 32) * MEBIBYTE;
    const chunkers = quick ? CHUNKERS.slice(-1) : CHUNKERS;
    const random = repeated(byteSource(9)(MEBIBYTE), length);
    const english = repeated(new TextEncoder().encode(`${ENGLISH.repeat(7)}\n`), length);
    const scripts = repeated(new TextEncoder().encode(`${SCRIPTS.repeat(4)}\n`), length);
    return [
      ...chunkers.map((chunker) => documentCase('bytes/1', chunker, 'random bytes', random)),
      ...chunkers.map((chunker) => documentCase('text-nfc-lf/1', chunker, 'English', english)),
      ...CHUNKERS.slice(-1).map((chunker) => documentCase('text-nfc-lf/1', chunker, 'many scripts', scripts)),
    ];
  },
};

/**
 * @param {Uint8Array} piece
 * @param {number} length filled up with line feeds, so that no character is cut
 */
function repeated(piece, length) {
  const bytes = new Uint8Array(length).fill(10);
  for (let start = 0; start + piece.length <= length; start += piece.length) bytes.set(piece, start);
  return bytes;
}

/** @type {Readonly<Record<string, { label: string, prepare: Prepare }>>} */
const ONE_HASH = {
  'node-crypto': {
    label: 'node:crypto, one hash',
    prepare: async (bytes) => {
      const { createHash } = await import('node:crypto');
      return () => createHash('sha256').update(bytes).digest();
    },
  },
  sha256sum: {
    label: 'sha256sum',
    prepare: async (bytes) => {
      const { execFileSync } = await import('node:child_process');
      const fs = await import('node:fs');
      const { tmpdir } = await import('node:os');
      const folder = fs.mkdtempSync(`${tmpdir()}/arborist-mesh-bench-`);
      process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
      fs.writeFileSync(`${folder}/document`, bytes);
      return () => {
        const line = execFileSync('sha256sum', [`${folder}/document`], { encoding: 'latin1' });
        return Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(line.slice(2 * i, 2 * i + 2), 16));
      };
    },
  },
};

/**
 * @param {Canonicalization} canonicalization
 * @param {Chunker} chunker
 * @param {string} what
 * @param {Uint8Array} bytes
 * @returns {import('../types.js').Case}
 */
function documentCase(canonicalization, chunker, what, bytes) {
  const { name, ...params } = chunker;
  const lengths = Object.values(params).join(', ');
  const peers = Object.entries(ONE_HASH);
  /** @type {PeerForm[]} */
  const forms = [
    { id: 'arborist', label: 'arborist-mesh', operations: {} },
    ...peers.map(([id, { label }]) => ({ id, label, operations: {} })),
  ];
  const right = sha256(bytes);
  return {
    id: `document-${what.replace(' ', '-')}-${name}-${lengths.replaceAll(', ', '-')}`,
    title: `${canonicalization} of ${what}, ${name} (${lengths})`,
    item: 'MiB',
    note: NOTE,
    forms,
    tasks: [
      {
        itemsPerCall: bytes.length / MEBIBYTE,
        inputCount: 1,
        prepare: async (form) => {
          if (!forms.includes(form)) return undefined;
          const peer = ONE_HASH[form.id];
          if (peer !== undefined) return peer.prepare(bytes);
          return () => documentDigest(bytes, { canonicalization, chunker }).contentSha256;
        },
        check: (digest) => {
          if (!sameBytes(/** @type {Uint8Array} */ (digest), right)) throw new Error('a wrong digest');
        },
      },
    ],
  };
}
