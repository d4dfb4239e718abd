/**
 * Chunks of recorded documents: handing them out with proofs, taking them in one by one, and, once all are there, finding
 * out whether the record was true.
 *
 * @module
 */
import { equalBytes, requireBytes, requireOptions } from '../../bytes.js';
import { AuthenticationError, InvalidInputError, MeshError } from '../../errors.js';
import { MAX_CHUNK_LENGTH } from '../../records/chunkers.js';
import { createDocumentHasher, type DocumentDigest } from '../../records/document-hasher.js';
import { InvalidDocumentError } from '../../records/invalid-document.js';
import { type MerkleProof, MerkleTree, verifyProof } from '../../records/merkle-tree.js';
import type { MeshDatabase } from '../../store/database.js';
import { requireEnabled } from '../enabled.js';
import { MAX_KEPT_DOCUMENT_BYTES } from '../limits.js';
import { insertChunks, keptChunks, loadChunk, loadLeaves, missingPlaces, refute, saveLeaves } from './chunk-store.js';
import type { DocumentCommitment } from './record-frame.js';
import { requireRecord, type StoredRecord } from './record-store.js';

/** A chunk, and the proof that it stands where it does. */
export interface ProvenChunk {
  readonly bytes: Uint8Array;
  readonly proof: MerkleProof;
}

/** What a peer has of a document after a chunk came. */
export interface AcceptedChunk {
  /** Whether the chunk was there already. */
  readonly duplicate: boolean;
  /** How many chunks are kept now. */
  readonly chunks: number;
  /** How many are missing. */
  readonly missing: number;
}

/** Which part of a record the content contradicts. */
export type RecordFault = 'content-length' | 'content-sha256' | 'canonicalization' | 'leaf-count' | 'document-root';

/** What came of comparing a record with the content. */
export interface RecordVerdict {
  /** Whether the record says the truth about its content. */
  readonly verified: boolean;
  /** What it got wrong; null if nothing. */
  readonly fault: RecordFault | null;
}

/** The tree that was asked for last, of each database: building one takes a pass over all leaves. */
const keptTrees = new WeakMap<MeshDatabase, MerkleTree>();

/** The tree of a document whose leaves are known; null otherwise. */
function treeOf(db: MeshDatabase, { documentId, documentRoot, leafCount }: StoredRecord): MerkleTree | null {
  const kept = keptTrees.get(db);
  if (kept !== undefined && kept.leafCount === leafCount && equalBytes(kept.documentRoot, documentRoot)) return kept;
  const leaves = loadLeaves(db, documentId);
  if (leaves === null) return null;
  const tree = new MerkleTree(leaves);
  keptTrees.set(db, tree);
  return tree;
}

function requireIndex(index: unknown, { leafCount }: DocumentCommitment): void {
  if (!Number.isSafeInteger(index) || (index as number) < 0 || (index as number) >= leafCount) {
    throw new InvalidInputError(`index must be that of one of the document's ${leafCount} chunks, counted from 0`);
  }
}

/**
 * A chunk of a document with its proof, for whoever has a record of it.
 *
 * @param recordId 32 bytes
 * @param index from 0
 * @throws MeshDisabledError, InvalidInputError
 * @throws MeshError `unknown-record`; `chunk-not-kept` if its bytes are not kept here, or not all of the document has come yet
 */
export function chunkWithProof(db: MeshDatabase, recordId: Uint8Array, index: number): ProvenChunk {
  requireEnabled(db);
  const record = requireRecord(db, requireBytes('recordId', recordId, 32));
  requireIndex(index, record);
  const bytes = loadChunk(db, record.documentId, index);
  if (bytes === null) throw new MeshError('chunk-not-kept', `chunk ${index} of this document is not kept here`);
  const tree = treeOf(db, record);
  if (tree === null) {
    throw new MeshError('chunk-not-kept', 'a proof takes the whole document, which is not complete here');
  }
  return { bytes, proof: tree.proof(index) };
}

function requireRoom({ contentLength, verified, chunkBytes }: StoredRecord, length: number): void {
  if (contentLength > MAX_KEPT_DOCUMENT_BYTES) {
    throw new MeshError('document-too-long', `chunks are kept of documents up to ${MAX_KEPT_DOCUMENT_BYTES} bytes`);
  }
  if (verified === false || chunkBytes + length > contentLength) {
    throw new MeshError('false-record', 'the record cannot be true: its chunks are not a content that it describes');
  }
}

/**
 * Takes in a chunk of a recorded document, if the proof shows that it stands there. Many are best taken in within one
 * `db.transaction`.
 *
 * @param recordId 32 bytes
 * @param index from 0
 * @param bytes the chunk
 * @param proof what the other's `chunkWithProof` gave
 * @throws MeshDisabledError, InvalidInputError
 * @throws AuthenticationError if the proof does not show that this chunk stands at this place; nothing is kept
 * @throws MeshError `unknown-record`, `document-too-long`, `false-record`
 */
export function acceptChunk(
  db: MeshDatabase,
  recordId: Uint8Array,
  index: number,
  bytes: Uint8Array,
  proof: MerkleProof,
): AcceptedChunk {
  requireEnabled(db);
  requireBytes('recordId', recordId, 32);
  if (requireBytes('bytes', bytes).length > MAX_CHUNK_LENGTH) {
    throw new InvalidInputError(`bytes must be at most ${MAX_CHUNK_LENGTH} bytes long, got ${bytes.length}`);
  }
  const record = requireRecord(db, recordId);
  requireIndex(index, record);
  if (proof?.index !== index || !verifyProof(record, proof, bytes)) {
    throw new AuthenticationError(`the proof does not show that this is chunk ${index} of the document`);
  }
  const duplicate = loadChunk(db, record.documentId, index) !== null;
  if (!duplicate) {
    requireRoom(record, bytes.length);
    db.transaction(() => insertChunks(db, record.documentId, [{ index, bytes }]));
  }
  const chunks = record.chunks + (duplicate ? 0 : 1);
  return { duplicate, chunks, missing: record.leafCount - chunks };
}

/** How many missing chunks are named where nobody says. */
const DEFAULT_LIMIT = 1_000;

/**
 * The chunks of a document that are not kept here.
 *
 * @param recordId 32 bytes
 * @param options `limit`: how many to name at most, the first ones; 1,000 where absent
 * @returns their indices, ascending; empty once `completeRecord` can be called
 * @throws InvalidInputError
 * @throws MeshError `unknown-record`
 */
export function missingChunks(
  db: MeshDatabase,
  recordId: Uint8Array,
  options: { readonly limit?: number } = {},
): number[] {
  const { limit = DEFAULT_LIMIT } = requireOptions(options);
  if (!Number.isSafeInteger(limit) || limit < 1) throw new InvalidInputError('limit must be a whole number from 1 on');
  const { documentId, leafCount } = requireRecord(db, requireBytes('recordId', recordId, 32));
  return missingPlaces(db, documentId, leafCount, limit);
}

/** The first part of a commitment that the digest of its content contradicts. */
export function faultIn(said: DocumentCommitment, found: DocumentDigest): RecordFault | null {
  if (found.contentLength !== said.contentLength) return 'content-length';
  if (!equalBytes(found.contentSha256, said.contentSha256)) return 'content-sha256';
  if (found.leafCount !== said.leafCount) return 'leaf-count';
  return equalBytes(found.documentRoot, said.documentRoot) ? null : 'document-root';
}

/** Chunks the content again as the record says it was; null if it is not what that canonicalization takes. */
function digestAgain(db: MeshDatabase, { documentId, canonicalization, chunker }: StoredRecord): DocumentDigest | null {
  const hasher = createDocumentHasher({ canonicalization, chunker });
  try {
    for (const { bytes } of keptChunks(db, documentId)) hasher.update(bytes);
    return hasher.finish();
  } catch (error) {
    if (error instanceof InvalidDocumentError) return null;
    throw error;
  }
}

/**
 * Once all chunks of a document are kept: hashes the whole content, and canonicalizes and chunks it again, to find out
 * whether its record is true. Proofs alone show that each chunk is one that the author committed to; not that they are a
 * canonical text, cut by the chunker that is named, with the hash that is named.
 *
 * If it is, the chunks can be handed on from here. If not, they are dropped and no more of them are taken in.
 *
 * @param recordId 32 bytes
 * @throws InvalidInputError
 * @throws MeshError `unknown-record`; `record-incomplete` while chunks are missing
 */
export function completeRecord(db: MeshDatabase, recordId: Uint8Array): RecordVerdict {
  const record = requireRecord(db, requireBytes('recordId', recordId, 32));
  const { documentId, leafCount, chunks } = record;
  if (chunks < leafCount && record.verified !== false) {
    throw new MeshError('record-incomplete', `${leafCount - chunks} of the document's ${leafCount} chunks are missing`);
  }
  if (record.verified === false) return { verified: false, fault: null };
  const found = digestAgain(db, record);
  const fault = found === null ? 'canonicalization' : faultIn(record, found);
  db.transaction(() => {
    if (fault === null && found !== null) saveLeaves(db, documentId, found.leaves);
    else refute(db, documentId);
  });
  return { verified: fault === null, fault };
}

/**
 * The canonical bytes of a document whose record this peer has verified and whose chunks it keeps.
 *
 * @param recordId 32 bytes
 * @throws InvalidInputError
 * @throws MeshError `unknown-record`; `record-incomplete` while chunks are missing, or before `completeRecord`
 */
export function recordContent(db: MeshDatabase, recordId: Uint8Array): Uint8Array {
  const record = requireRecord(db, requireBytes('recordId', recordId, 32));
  if (record.verified !== true || record.chunks < record.leafCount) {
    throw new MeshError('record-incomplete', 'the document is not complete and verified here');
  }
  const content = new Uint8Array(record.contentLength);
  let length = 0;
  for (const { bytes } of keptChunks(db, record.documentId)) {
    content.set(bytes, length);
    length += bytes.length;
  }
  return content;
}
