/**
 * Verifying the records that are kept, from their stored bytes; a part of verifying the history.
 *
 * @module
 */
import { equalBytes } from '../../bytes.js';
import { type Frame, verifyFrames } from '../../codec/frame.js';
import { MerkleTree, merkleLeaf } from '../../records/merkle-tree.js';
import type { MeshDatabase } from '../../store/database.js';
import { findInstance } from '../roster-store.js';
import { problemLine, shortId, VERIFIED_TOGETHER } from '../verify-messages.js';
import { keptChunks, loadLeaves } from './chunk-store.js';
import { chunkerParams, decodeRecord, parseRecord, type RecordClaim } from './record-frame.js';
import { commitmentOf, readSomeRecords, type StoredRecord } from './record-store.js';

/** What two claims must have in common to be the same, as text. */
function claimKey({ uri, createdAt, chunker, ...claim }: RecordClaim): string {
  const { documentRoot, leafCount, contentLength, contentSha256, canonicalization } = claim;
  const bytes = [...documentRoot, ...contentSha256];
  return JSON.stringify([
    uri,
    createdAt,
    leafCount,
    contentLength,
    canonicalization,
    chunker.name,
    chunkerParams(chunker),
    bytes,
  ]);
}

/** What is wrong with a stored record; null if nothing is. */
function problemOf(frame: Frame, good: boolean, record: StoredRecord): string | null {
  if (!good) return 'the signature does not verify';
  const isAsStored =
    equalBytes(frame.id, record.recordId) &&
    equalBytes(frame.signer, record.mid) &&
    claimKey(decodeRecord(frame)) === claimKey(record);
  return isAsStored ? null : 'the tables say something else than its frame';
}

function verifySome(db: MeshDatabase, groupId: Uint8Array, found: readonly StoredRecord[], problems: string[]): number {
  const name = ({ recordId }: StoredRecord) => `record ${shortId(recordId)}`;
  const items = found.flatMap((record) => {
    try {
      const frame = parseRecord(record.frame, groupId);
      return [{ record, frame, publicKey: findInstance(db, frame.signer)?.signPub ?? new Uint8Array(32) }];
    } catch (error) {
      problems.push(problemLine(name(record), error));
      return [];
    }
  });
  let right = 0;
  for (const [i, good] of verifyFrames(items).entries()) {
    const { record, frame } = items[i] as (typeof items)[number];
    try {
      const problem = problemOf(frame, good, record);
      if (problem === null) right++;
      else problems.push(`${name(record)}: ${problem}`);
    } catch (error) {
      problems.push(problemLine(name(record), error));
    }
  }
  return right;
}

/** The leaves of each document must make its root, and the chunks that are kept must be those of the leaves. */
function verifyDocuments(db: MeshDatabase, problems: string[]): void {
  for (const row of db.sql.all('SELECT * FROM mesh_document ORDER BY document_id')) {
    const documentId = row.document_id as number;
    const { documentRoot, leafCount } = commitmentOf(row);
    const leaves = loadLeaves(db, documentId);
    if (leaves === null) continue;
    const tree = new MerkleTree(leaves);
    if (tree.leafCount !== leafCount || !equalBytes(tree.documentRoot, documentRoot)) {
      problems.push(`document ${shortId(documentRoot)}: its leaves do not make its root`);
    }
    for (const { index, bytes } of keptChunks(db, documentId)) {
      if (!equalBytes(merkleLeaf(bytes), leaves.subarray(32 * index, 32 * index + 32))) {
        problems.push(`document ${shortId(documentRoot)}: its chunk ${index} is not the one of its leaf`);
      }
    }
  }
}

/**
 * Verifies signature and id of every record that is kept, whoever its author is by now, and that leaves and chunks of
 * documents are what their records commit to.
 *
 * @param problems takes a line for each that is wrong
 * @returns how many records are right
 */
export function verifyRecords(db: MeshDatabase, groupId: Uint8Array, problems: string[]): number {
  let right = 0;
  for (let after = 0; ; ) {
    const found = readSomeRecords(db, after, VERIFIED_TOGETHER);
    right += verifySome(db, groupId, found, problems);
    const last = found.at(-1);
    if (last === undefined) break;
    after = last.arrival;
  }
  verifyDocuments(db, problems);
  return right;
}
