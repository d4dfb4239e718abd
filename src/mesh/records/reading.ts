/**
 * Reading records, and holding them against their documents.
 *
 * @module
 */
import { equalBytes, requireBytes, requireOptions } from '../../bytes.js';
import { type DocumentProgress, type DocumentSource, digestSource } from '../../records/digest-source.js';
import type { DocumentDigest } from '../../records/document-hasher.js';
import type { MeshDatabase } from '../../store/database.js';
import { requireUri } from '../names.js';
import { loadLeaves } from './chunk-store.js';
import { faultIn, type RecordVerdict } from './chunks.js';
import { findRecord, type MeshRecord, readRecords, requireRecord, shown } from './record-store.js';

/** What came of holding a record against a source. */
export interface SourceVerdict extends RecordVerdict {
  /**
   * The first chunk in which the source differs from the document, from 0; null if it does not differ, or if this peer knows
   * of no chunk but the root.
   */
  readonly firstDifference: number | null;
  /** What the source would be recorded as. */
  readonly digest: DocumentDigest;
}

/**
 * The records that this peer made or received, in the order of their arrival.
 *
 * @param options `uri`: only those of this document
 * @throws InvalidInputError
 */
export function records(db: MeshDatabase, options: { readonly uri?: string } = {}): MeshRecord[] {
  const { uri } = requireOptions(options);
  if (uri !== undefined) requireUri(uri);
  return readRecords(db, uri).map(shown);
}

/**
 * The record with this id; null if there is none here.
 *
 * @param recordId 32 bytes
 * @throws InvalidInputError
 */
export function recordById(db: MeshDatabase, recordId: Uint8Array): MeshRecord | null {
  const record = findRecord(db, requireBytes('recordId', recordId, 32));
  return record === null ? null : shown(record);
}

/** The first place at which two lists of leaves differ; one that is a beginning of the other differs where it ends. */
function firstDifference(a: Uint8Array, b: Uint8Array): number | null {
  if (equalBytes(a, b)) return null;
  const shared = Math.min(a.length, b.length);
  let at = 0;
  while (at < shared && a[at] === b[at]) at++;
  return Math.floor(at / 32);
}

/**
 * Reads a source as a record says its document was read, and compares. Nothing is stored.
 *
 * @param recordId 32 bytes
 * @param source where the document is now: see `ingest`
 * @throws InvalidInputError
 * @throws InvalidDocumentError if the source is not what the record's canonicalization takes; what the source throws passes
 * @throws MeshError `unknown-record`
 */
export async function verifyRecord(
  db: MeshDatabase,
  recordId: Uint8Array,
  source: DocumentSource,
  options: { readonly onProgress?: (progress: DocumentProgress) => void } = {},
): Promise<SourceVerdict> {
  const { onProgress } = requireOptions(options);
  const record = requireRecord(db, requireBytes('recordId', recordId, 32));
  const { canonicalization, chunker, documentId } = record;
  const digest = await digestSource(source, {
    canonicalization,
    chunker,
    ...(onProgress !== undefined && { onProgress }),
  });
  const fault = faultIn(record, digest);
  const leaves = loadLeaves(db, documentId);
  return {
    verified: fault === null,
    fault,
    firstDifference: leaves === null ? null : firstDifference(leaves, digest.leaves),
    digest,
  };
}
