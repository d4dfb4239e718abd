/**
 * Records: canonical bytes, chunks, roots and proofs of documents are the same everywhere, and are exchanged and verified
 * as signed records.
 *
 * @module
 */
import { utf8 } from '../../bytes.js';
import { sha256 } from '../../crypto/sha256.js';
import {
  acceptChunk,
  canonicalize,
  chunkWithProof,
  completeRecord,
  corroboration,
  createDocumentHasher,
  documentDigest,
  InvalidDocumentError,
  ingest,
  type MerkleProof,
  MerkleTree,
  type MeshDatabase,
  publishRecord,
  receiveRecord,
  verifyProof,
} from '../../index.js';
import { chunkerOf } from '../../mesh/records/record-frame.js';
import type { Area } from '../area.js';
import { expectBytes, expectEqual, expectMeshError } from '../expect.js';
import { fromHex, toHex } from '../hex.js';
import { type DocumentVector, type ProofCase, proofOf, type SourcePart, sourceBytes } from '../record-vectors.js';
import { withSeededRandomness } from '../seeded-randomness.js';
import { playStory } from '../story.js';
import { readVectors } from '../vectors.js';

/** Digests a document whole and in small pieces, which must give the same. */
function digestBothWays(vector: DocumentVector) {
  const bytes = sourceBytes(vector.source);
  const { canonicalization } = vector;
  const chunker = chunkerOf(vector.chunker, vector.chunker_params);
  const chunks: Uint8Array[] = [];
  const digest = documentDigest(bytes, { canonicalization, chunker, onChunk: (chunk) => void chunks.push(chunk) });
  const hasher = createDocumentHasher({ canonicalization, chunker });
  for (let at = 0, step = 1; at < bytes.length; at += step, step = (step * 3) % 1_009) {
    hasher.update(bytes.subarray(at, at + step));
  }
  expectBytes(`${vector.title}, in pieces`, hasher.finish().documentRoot, digest.documentRoot);
  return { digest, chunks };
}

/** A document in several scripts, long enough for some chunks. */
const DOCUMENT = utf8('Ärger, ἀρχή, мир, שלום, 한글, 🌳🏽\r\n\r\n'.repeat(400));
const EDITED = utf8(`${'Ärger, ἀρχή, мир, שלום, 한글, 🌳🏽\r\n\r\n'.repeat(400)}!`);
const URI = 'doc:orchard/pears';
const READING = { chunker: { name: 'fixed/1', size: 4_096 } } as const;

/** Lets a peer fetch every chunk of a record from another one, each with its proof. */
function fetchChunks(from: MeshDatabase, to: MeshDatabase, recordId: Uint8Array, leafCount: number): void {
  for (let index = 0; index < leafCount; index++) {
    const { bytes, proof } = chunkWithProof(from, recordId, index);
    const forged = bytes.with(0, (bytes[0] ?? 0) ^ 1);
    expectMeshError('a forged chunk', 'authentication-failed', () => acceptChunk(to, recordId, index, forged, proof));
    acceptChunk(to, recordId, index, bytes, proof);
  }
}

/** See the module's header. */
export const RECORDS: Area = {
  name: 'records',
  checks: [
    {
      name: 'texts in many scripts have the canonical bytes that they must have',
      run: ({ record }) => {
        const { cases } = readVectors<{
          source: string;
          cases: { title: string; source: SourcePart[]; canonical?: string; length?: number; sha256?: string }[];
        }>('records/canonicalization.json');
        for (const { title, source, canonical, length, sha256: digest } of cases) {
          const bytes = canonicalize(sourceBytes(source));
          if (canonical !== undefined) expectBytes(title, bytes, canonical);
          else {
            expectEqual(`${title}: length`, bytes.length, length ?? -1);
            expectBytes(title, sha256(bytes), digest ?? '');
          }
          record(title, sha256(bytes));
        }
      },
    },
    {
      name: 'what is no canonicalizable text is refused by its rule',
      run: ({ record }) => {
        const { refused } = readVectors<{
          source: string;
          refused: { title: string; source: SourcePart[]; rule: string }[];
        }>('records/canonicalization.json');
        for (const { title, source, rule } of refused) {
          const error = expectMeshError(title, 'invalid-document', () => canonicalize(sourceBytes(source)));
          expectEqual(title, error instanceof InvalidDocumentError ? (error.rule as string) : '', rule);
        }
        record('refused', refused.length);
      },
    },
    {
      name: 'documents have the chunks, roots and proofs that they must have, in whatever pieces they come',
      run: ({ record }) => {
        for (const vector of readVectors<{ source: string; cases: DocumentVector[] }>('records/documents.json').cases) {
          const { digest, chunks } = digestBothWays(vector);
          expectBytes(vector.title, digest.documentRoot, vector.document_root);
          expectEqual(vector.title, digest.leafCount, vector.leaf_count);
          expectEqual(vector.title, digest.contentLength, vector.content_length);
          expectBytes(vector.title, digest.contentSha256, vector.content_sha256);
          expectEqual(vector.title, chunks.map(({ length }) => length).join(), vector.chunk_lengths.join());
          const tree = new MerkleTree(digest.leaves);
          for (const expected of vector.proofs.map(proofOf)) {
            expectEqual('proof', JSON.stringify(shown(tree.proof(expected.index))), JSON.stringify(shown(expected)));
          }
          record(vector.title, digest.documentRoot);
        }
      },
    },
    {
      name: 'right proofs hold, and changed ones do not',
      run: ({ record }) => {
        const { cases } = readVectors<{ source: string; cases: ProofCase[] }>('records/proofs.json');
        for (const { title, holds, document_root, leaf_count: leafCount, chunk, proof } of cases) {
          const commitment = { documentRoot: fromHex(document_root), leafCount };
          expectEqual(title, verifyProof(commitment, proofOf(proof), fromHex(chunk)), holds);
        }
        record('verdicts', cases.map(({ holds }) => Number(holds)).join(''));
      },
    },
    {
      name: 'two peers find one root, a third one gets the record and the chunks, and an edit is seen',
      run: async ({ record }) => {
        const { peers } = await playStory();
        const { ada, ben, dan } = peers;
        const byAda = await ingest(ada, DOCUMENT, { uri: URI, store: 'chunks', ...READING });
        const byBen = await ingest(ben, DOCUMENT, { uri: URI, ...READING });
        expectBytes('root of the other peer', byBen.documentRoot, byAda.documentRoot);
        const message = withSeededRandomness('record', () => publishRecord(ada, byAda.recordId));
        receiveRecord(dan, message);
        fetchChunks(ada, dan, byAda.recordId, byAda.leafCount);
        expectEqual('fault of the record', completeRecord(dan, byAda.recordId).fault, null);
        const edited = await ingest(ben, EDITED, { uri: URI, ...READING });
        receiveRecord(
          dan,
          withSeededRandomness('edited', () => publishRecord(ben, edited.recordId)),
        );
        expectEqual('roots of the document', corroboration(dan, URI).documents.length, 2);
        for (const db of Object.values(peers)) db.close();
        record('root', byAda.documentRoot);
        record('record', byAda.recordId);
        record('message', sha256(message));
      },
    },
  ],
};

function shown({ index, siblings }: MerkleProof) {
  return [index, siblings.map(({ hash, isLeft }) => [toHex(hash), isLeft])];
}
