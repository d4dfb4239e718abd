/** The published vectors: what another implementation reads from the files, this one and the slow reference must find too. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { proofOf, sourceBytes } from '../../src/conformance/record-vectors.js';
import {
  canonicalize,
  type DocumentDigest,
  documentDigest,
  InvalidDocumentError,
  MerkleTree,
  verifyProof,
} from '../../src/index.js';
import { fromHex, toHex } from '../support/hex.js';
import { referenceCanonical, referenceChunks, referenceDigest } from '../support/records/reference.js';
import { chunkerOf, type RecordVectors, recordVectors } from '../support/records/vectors.js';

type Commitment = Pick<DocumentDigest, 'documentRoot' | 'leafCount' | 'contentLength' | 'contentSha256'>;

const path = (name: string) => new URL(`../vectors/records/${name}`, import.meta.url);

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function read<Name extends keyof RecordVectors>(name: Name): RecordVectors[Name] {
  return JSON.parse(readFileSync(path(name), 'utf8'));
}

describe('The vectors of canonicalization.json', () => {
  const { cases, refused } = read('canonicalization.json');

  test.each(cases.map((vector) => [vector.title, vector] as const))('%s', (_, vector) => {
    const bytes = sourceBytes(vector.source);
    const canonical = canonicalize(bytes);
    if ('canonical' in vector) expect(toHex(canonical)).toBe(vector.canonical);
    else expect([canonical.length, sha256(canonical)]).toEqual([vector.length, vector.sha256]);
    expect(toHex(referenceCanonical(bytes, 'text-nfc-lf/1'))).toBe(toHex(canonical));
    expect(canonicalize(canonical)).toEqual(canonical);
  });

  test.each(refused.map((vector) => [vector.rule, vector.title, vector] as const))('%s: %s', (rule, _, { source }) => {
    expect(() => canonicalize(sourceBytes(source))).toThrow(InvalidDocumentError);
    expect(() => canonicalize(sourceBytes(source))).toThrow(
      expect.objectContaining({ code: 'invalid-document', rule }),
    );
  });

  it('show every rule of a text', () => {
    expect([...new Set(refused.map(({ rule }) => rule))]).toEqual([
      'utf-8',
      'byte-order-mark',
      'unassigned',
      'combining-run',
    ]);
  });
});

describe('The vectors of documents.json', () => {
  test.each(read('documents.json').cases.map((vector) => [vector.title, vector] as const))('%s', (_, vector) => {
    const bytes = sourceBytes(vector.source);
    const chunker = chunkerOf(vector.chunker, vector.chunker_params);
    const { canonicalization } = vector;
    const chunks: Uint8Array[] = [];
    const digest = documentDigest(bytes, { canonicalization, chunker, onChunk: (chunk) => chunks.push(chunk) });
    const asVector = ({ documentRoot, leafCount, contentLength, contentSha256 }: Commitment) => ({
      document_root: toHex(documentRoot),
      leaf_count: leafCount,
      content_length: contentLength,
      content_sha256: toHex(contentSha256),
    });
    expect(vector).toMatchObject(asVector(digest));
    expect(vector).toMatchObject(asVector(referenceDigest(bytes, canonicalization, chunker)));
    const expected = referenceChunks(referenceCanonical(bytes, canonicalization), chunker);
    for (const found of [chunks, expected]) expect(found.map(({ length }) => length)).toEqual(vector.chunk_lengths);
    const tree = new MerkleTree(digest.leaves);
    for (const proof of vector.proofs) {
      expect(tree.proof(proof.index)).toEqual(proofOf(proof));
      expect(verifyProof(digest, proofOf(proof), chunks[proof.index] as Uint8Array)).toBe(true);
    }
  });
});

describe('The vectors of proofs.json', () => {
  test.each(read('proofs.json').cases.map((vector) => [vector.title, vector] as const))('%s', (_, vector) => {
    const commitment = { documentRoot: fromHex(vector.document_root), leafCount: vector.leaf_count };
    expect(verifyProof(commitment, proofOf(vector.proof), fromHex(vector.chunk))).toBe(vector.holds);
  });
});

describe('The vectors of documents', () => {
  it('are what npm run vectors writes', () => {
    for (const [name, content] of Object.entries(recordVectors())) {
      expect(readFileSync(path(name), 'utf8'), name).toBe(`${JSON.stringify(content, null, 1)}\n`);
    }
  });
});
