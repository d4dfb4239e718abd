/**
 * Records in the database. What a record says of a content stands once for all records that say the same.
 *
 * @module
 */
import { decodeCbor, encodeCbor } from '../../codec/cbor.js';
import type { Frame } from '../../codec/frame.js';
import { MeshError } from '../../errors.js';
import type { Canonicalization } from '../../records/canonicalize.js';
import type { MeshDatabase } from '../../store/database.js';
import { chunkerOf, chunkerParams, type DocumentCommitment, type RecordClaim } from './record-frame.js';

/** A record, and what this peer knows of its document. */
export interface MeshRecord extends RecordClaim {
  /** 32 bytes: the id of its frame. */
  readonly recordId: Uint8Array;
  /** Name of the member who vouches. */
  readonly author: string;
  /** 32 bytes: the author's member instance id. */
  readonly mid: Uint8Array;
  /** Whether it has been in gossip; false while only this peer knows it. */
  readonly published: boolean;
  /**
   * Whether this peer chunked the content itself and found what the record says; false if it found that the record cannot be
   * true; null while it does not know.
   */
  readonly verified: boolean | null;
  /** How many of the document's chunks are kept here. */
  readonly chunks: number;
  /** The signed record. */
  readonly frame: Uint8Array;
}

/** A record with what only the tables know. */
export interface StoredRecord extends MeshRecord {
  /** Its place in the order of arrival, from 1. */
  readonly arrival: number;
  readonly documentId: number;
  /** How many bytes the chunks have that are kept. */
  readonly chunkBytes: number;
}

type Row = NonNullable<ReturnType<MeshDatabase['sql']['get']>>;

const SELECT = `
  SELECT arrival, record_id, mid, member_id, uri, created_at, msg_id, frame, document_id, document_root, leaf_count, content_length,
    content_sha256, canonicalization, chunker, chunker_params, verdict, chunks, chunk_bytes
  FROM mesh_record JOIN mesh_document USING (document_id) JOIN mesh_roster USING (mid)`;

/** Longest encoding of a chunker's parameters: three integers of nine bytes, and the array's head. */
const MAX_PARAMS_BYTES = 28;

/** A document's commitment from a row of `mesh_document`. */
export function commitmentOf(row: Row): DocumentCommitment {
  const params = decodeCbor(row.chunker_params as Uint8Array, { maxBytes: MAX_PARAMS_BYTES }) as number[];
  return {
    documentRoot: row.document_root as Uint8Array,
    leafCount: row.leaf_count as number,
    contentLength: row.content_length as number,
    contentSha256: row.content_sha256 as Uint8Array,
    canonicalization: row.canonicalization as Canonicalization,
    chunker: chunkerOf(row.chunker as string, params),
  };
}

function recordOf(row: Row): StoredRecord {
  return {
    recordId: row.record_id as Uint8Array,
    uri: row.uri as string,
    author: row.member_id as string,
    mid: row.mid as Uint8Array,
    ...commitmentOf(row),
    createdAt: row.created_at as number,
    published: row.msg_id !== null,
    verified: row.verdict === null ? null : row.verdict === 1,
    chunks: row.chunks as number,
    frame: row.frame as Uint8Array,
    arrival: row.arrival as number,
    documentId: row.document_id as number,
    chunkBytes: row.chunk_bytes as number,
  };
}

/** The record as the interface shows it. */
export function shown({ arrival: _, documentId: __, chunkBytes: ___, ...record }: StoredRecord): MeshRecord {
  return record;
}

/** The record with this id. */
export function findRecord(db: MeshDatabase, recordId: Uint8Array): StoredRecord | null {
  const row = db.sql.get(`${SELECT} WHERE record_id = ?`, [recordId]);
  return row ? recordOf(row) : null;
}

/** @throws MeshError `unknown-record` */
export function requireRecord(db: MeshDatabase, recordId: Uint8Array): StoredRecord {
  const record = findRecord(db, recordId);
  if (record === null) throw new MeshError('unknown-record', 'there is no record with this id here');
  return record;
}

/** All records in the order of their arrival, or those of a URI. */
export function readRecords(db: MeshDatabase, uri: string | undefined): StoredRecord[] {
  const rows =
    uri === undefined
      ? db.sql.all(`${SELECT} ORDER BY arrival`)
      : db.sql.all(`${SELECT} WHERE uri = ? ORDER BY arrival`, [uri]);
  return rows.map(recordOf);
}

/** The first so many records that arrived after another one. */
export function readSomeRecords(db: MeshDatabase, arrival: number, limit: number): StoredRecord[] {
  return db.sql.all(`${SELECT} WHERE arrival > ? ORDER BY arrival LIMIT ?`, [arrival, limit]).map(recordOf);
}

/** The columns of a commitment, in the order of {@link SAME_DOCUMENT}. */
function documentColumns(claim: DocumentCommitment) {
  return [
    claim.documentRoot,
    claim.contentSha256,
    claim.leafCount,
    claim.contentLength,
    claim.canonicalization,
    claim.chunker.name,
    encodeCbor(chunkerParams(claim.chunker)),
  ];
}

const SAME_DOCUMENT = `document_root = ?1 AND content_sha256 = ?2 AND leaf_count = ?3 AND content_length = ?4
  AND canonicalization = ?5 AND chunker = ?6 AND chunker_params = ?7`;

/** The number of the document that is committed to; a new one where nobody has spoken of it yet. */
export function saveDocument(db: MeshDatabase, claim: DocumentCommitment): number {
  const columns = documentColumns(claim);
  const find = () => db.sql.get(`SELECT document_id FROM mesh_document WHERE ${SAME_DOCUMENT}`, columns);
  const known = find();
  if (known !== undefined) return known.document_id as number;
  db.sql.run(
    `INSERT INTO mesh_document (document_root, content_sha256, leaf_count, content_length, canonicalization, chunker,
       chunker_params, verdict, chunks, chunk_bytes)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL, 0, 0)`,
    columns,
  );
  return find()?.document_id as number;
}

/** Stores a record; `msgId` names the message that brought it, null if it is this peer's own and unpublished. */
export function insertRecord(
  db: MeshDatabase,
  frame: Frame,
  claim: RecordClaim,
  { documentId, msgId }: { readonly documentId: number; readonly msgId: Uint8Array | null },
): void {
  db.sql.run(
    `INSERT INTO mesh_record (record_id, mid, uri, document_id, created_at, msg_id, frame) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    [frame.id, frame.signer, claim.uri, documentId, claim.createdAt, msgId, frame.bytes],
  );
}

/** Notes in which message a record first went through the group. */
export function notePublished(db: MeshDatabase, { recordId }: MeshRecord, msgId: Uint8Array): void {
  db.sql.run('UPDATE mesh_record SET msg_id = ? WHERE record_id = ? AND msg_id IS NULL', [msgId, recordId]);
}

/** The author's record of the document under this URI, if there is one. */
export function findSameRecord(
  db: MeshDatabase,
  mid: Uint8Array,
  uri: string,
  documentId: number,
): StoredRecord | null {
  const row = db.sql.get(`${SELECT} WHERE uri = ? AND mid = ? AND document_id = ? ORDER BY arrival LIMIT 1`, [
    uri,
    mid,
    documentId,
  ]);
  return row ? recordOf(row) : null;
}
