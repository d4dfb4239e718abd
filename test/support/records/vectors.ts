/**
 * The published vectors of documents, `test/vectors/records/*.json`: made by the library; the tests hold them against the slow
 * reference as well.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import {
  type DocumentVector,
  type ProofCase,
  type ProofVector,
  type SourcePart,
  sourceBytes,
} from '../../../src/conformance/record-vectors.js';
import {
  type Chunker,
  canonicalize,
  documentDigest,
  type MerkleCommitment,
  type MerkleProof,
  MerkleTree,
} from '../../../src/index.js';
import { toHex } from '../hex.js';
import { DOCUMENTS, REFUSED, TEXTS } from './documents.js';

const utf8 = (text: string) => new TextEncoder().encode(text);

/** The chunker that a record names. */
export function chunkerOf(name: string, params: readonly number[]): Chunker {
  const [first = 0, second = 0, third = 0] = params;
  if (name === 'fixed/1') return { name, size: first };
  if (name === 'paragraph/1') return { name, min: first, max: second };
  if (name === 'fastcdc/1') return { name, min: first, avg: second, max: third };
  throw new Error(`no chunker ${name}`);
}

function proofVector({ index, siblings }: MerkleProof): ProofVector {
  return { index, siblings: siblings.map(({ hash, isLeft }) => ({ hash: toHex(hash), is_left: isLeft })) };
}

const titled = (title: string, parts: readonly SourcePart[]) => ({ title, source: parts });

/** Hexadecimal text; of long ones the hash only. */
function canonicalVector(canonical: Uint8Array): { canonical: string } | { length: number; sha256: string } {
  if (canonical.length <= 1_024) return { canonical: toHex(canonical) };
  return { length: canonical.length, sha256: createHash('sha256').update(canonical).digest('hex') };
}

function canonicalizationVectors() {
  return {
    source: 'Texts under text-nfc-lf/1, hexadecimal',
    unicode: '15.0.0',
    cases: TEXTS.map(([title, parts]) => ({
      ...titled(title, parts),
      ...canonicalVector(canonicalize(sourceBytes(parts), 'text-nfc-lf/1')),
    })),
    refused: REFUSED.map(([rule, title, parts]) => ({ ...titled(title, parts), rule })),
  };
}

/** The first, the last, and some between them. */
function someOf(count: number): number[] {
  return [...new Set([0, 1, Math.floor(count / 2), count - 2, count - 1])].filter((i) => i >= 0 && i < count);
}

function documentVectors() {
  const cases = DOCUMENTS.map(([title, source, canonicalization, name, params]): DocumentVector => {
    const lengths: number[] = [];
    const digest = documentDigest(sourceBytes(source), {
      canonicalization,
      chunker: chunkerOf(name, params),
      onChunk: ({ length }) => lengths.push(length),
    });
    const tree = new MerkleTree(digest.leaves);
    return {
      title,
      source,
      canonicalization,
      chunker: name,
      chunker_params: params,
      document_root: toHex(digest.documentRoot),
      leaf_count: digest.leafCount,
      content_length: digest.contentLength,
      content_sha256: toHex(digest.contentSha256),
      chunk_lengths: lengths,
      proofs: someOf(digest.leafCount).map((index) => proofVector(tree.proof(index))),
    };
  });
  return { source: 'Documents with their chunks, roots and some proofs', cases };
}

/** Honest proofs of small trees, and each thing about them changed. */
function proofVectors() {
  const cases: ProofCase[] = [];
  for (const count of [1, 2, 3, 5, 7]) {
    const chunks = Array.from({ length: count }, (_, i) => utf8(`chunk ${i}`));
    const tree = MerkleTree.of(chunks);
    for (const index of new Set([0, 2 % count, count - 1])) cases.push(...casesOf(tree, chunks, index));
  }
  return { source: 'Proofs that hold, and proofs that must not', cases };
}

function casesOf(tree: MerkleTree, chunks: readonly Uint8Array[], index: number): ProofCase[] {
  const commitment: MerkleCommitment = tree;
  const honest = proofVector(tree.proof(index));
  const chunk = toHex(chunks[index] ?? new Uint8Array(0));
  const { siblings } = honest;
  const vector = (what: string, changes: Partial<ProofCase>): ProofCase => ({
    title: `${commitment.leafCount} chunks, chunk ${index}: ${what}`,
    holds: false,
    document_root: toHex(commitment.documentRoot),
    leaf_count: commitment.leafCount,
    chunk,
    proof: honest,
    ...changes,
  });
  const flip = (hex: string) => `${hex.startsWith('0') ? '1' : '0'}${hex.slice(1)}`;
  const withProof = (what: string, proof: Partial<ProofVector>) => vector(what, { proof: { ...honest, ...proof } });
  const cases = [
    vector('honest', { holds: true }),
    vector('another chunk', { chunk: `${chunk}00` }),
    vector('another root', { document_root: flip(toHex(commitment.documentRoot)) }),
    vector('no leaves', { leaf_count: 0 }),
    vector('twice as many leaves and one', { leaf_count: 2 * commitment.leafCount + 1 }),
    withProof('the next index', { index: index + 1 }),
    withProof('an index beyond the tree', { index: index + commitment.leafCount }),
    withProof('a sibling too many', {
      siblings: [...siblings, { hash: toHex(commitment.documentRoot), is_left: false }],
    }),
  ];
  if (siblings.length > 0) cases.push(withProof('a sibling too few', { siblings: siblings.slice(0, -1) }));
  siblings.forEach((sibling, height) => {
    const other = { hash: flip(sibling.hash), is_left: sibling.is_left };
    const side = { hash: sibling.hash, is_left: !sibling.is_left };
    cases.push(
      withProof(`another sibling at height ${height}`, { siblings: siblings.with(height, other) }),
      withProof(`another side at height ${height}`, { siblings: siblings.with(height, side) }),
    );
  });
  // An odd document with its last chunk once more has the same root (CVE-2012-2459).
  if (commitment.leafCount % 2 === 1 && index === commitment.leafCount - 1) {
    const longer = MerkleTree.of([...chunks, ...chunks.slice(-1)]);
    cases.push(vector('a duplicated tail', { proof: proofVector(longer.proof(commitment.leafCount)) }));
  }
  return cases;
}

/** The files, by name. */
export function recordVectors() {
  return {
    'canonicalization.json': canonicalizationVectors(),
    'documents.json': documentVectors(),
    'proofs.json': proofVectors(),
    'gear.json': gearVectors(),
  };
}

/** The gear table of `fastcdc/1`, for those who look for a mistake. */
function gearVectors() {
  const entry = (byte: number) =>
    createHash('sha256')
      .update('arborist-mesh/1 fastcdc/1 gear\0')
      .update(Uint8Array.of(byte))
      .digest('hex')
      .slice(0, 8);
  return {
    source: 'The gear table of fastcdc/1, 32-bit integers in hexadecimal',
    gear: Array.from({ length: 256 }, (_, i) => entry(i)),
  };
}

/** What each file holds. */
export type RecordVectors = ReturnType<typeof recordVectors>;
