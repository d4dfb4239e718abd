/**
 * Leaves and chunks of documents in the database.
 *
 * @module
 */
import type { MeshDatabase } from '../../store/database.js';

/** A chunk and its place in the document, from 0. */
export interface PlacedChunk {
  readonly index: number;
  readonly bytes: Uint8Array;
}

/** The leaf hashes of a document that this peer chunked itself. */
export function loadLeaves(db: MeshDatabase, documentId: number): Uint8Array | null {
  const row = db.sql.get('SELECT leaves FROM mesh_leaves WHERE document_id = ?', [documentId]);
  return (row?.leaves as Uint8Array | undefined) ?? null;
}

/** Stores the leaf hashes of a document that this peer chunked itself and found as committed to. */
export function saveLeaves(db: MeshDatabase, documentId: number, leaves: Uint8Array): void {
  db.sql.run('INSERT INTO mesh_leaves (document_id, leaves) VALUES (?, ?) ON CONFLICT DO NOTHING', [
    documentId,
    leaves,
  ]);
  db.sql.run('UPDATE mesh_document SET verdict = 1 WHERE document_id = ? AND verdict IS NOT 1', [documentId]);
}

/** Notes that no content can be what the document's records say, and drops its chunks. */
export function refute(db: MeshDatabase, documentId: number): void {
  db.sql.run('DELETE FROM mesh_chunk WHERE document_id = ?', [documentId]);
  db.sql.run('UPDATE mesh_document SET verdict = 0, chunks = 0, chunk_bytes = 0 WHERE document_id = ?', [documentId]);
}

/** The chunk at a place, if it is kept. */
export function loadChunk(db: MeshDatabase, documentId: number, index: number): Uint8Array | null {
  const row = db.sql.get('SELECT bytes FROM mesh_chunk WHERE document_id = ? AND place = ?', [documentId, index]);
  return (row?.bytes as Uint8Array | undefined) ?? null;
}

/** Chunks read from the database at a time. */
const READ_TOGETHER = 64;

/** The chunks that are kept, in order; read in small groups. */
export function* keptChunks(db: MeshDatabase, documentId: number): Iterable<PlacedChunk> {
  for (let next = 0; ; ) {
    const rows = db.sql.all(
      `SELECT place, bytes FROM mesh_chunk WHERE document_id = ? AND place >= ? ORDER BY place LIMIT ${READ_TOGETHER}`,
      [documentId, next],
    );
    for (const { place, bytes } of rows) yield { index: place as number, bytes: bytes as Uint8Array };
    if (rows.length < READ_TOGETHER) return;
    next = (rows.at(-1)?.place as number) + 1;
  }
}

/** Stores chunks that are not there yet. */
export function insertChunks(db: MeshDatabase, documentId: number, chunks: Iterable<PlacedChunk>): void {
  let count = 0;
  let length = 0;
  for (const { index, bytes } of chunks) {
    db.sql.run('INSERT INTO mesh_chunk (document_id, place, bytes) VALUES (?, ?, ?)', [documentId, index, bytes]);
    count++;
    length += bytes.length;
  }
  db.sql.run('UPDATE mesh_document SET chunks = chunks + ?, chunk_bytes = chunk_bytes + ? WHERE document_id = ?', [
    count,
    length,
    documentId,
  ]);
}

/** Places kept, read at a time. */
const PLACES_TOGETHER = 4_096;

/** The first places at which no chunk is kept, at most `limit`. */
export function missingPlaces(db: MeshDatabase, documentId: number, leafCount: number, limit: number): number[] {
  const missing: number[] = [];
  for (let next = 0; next < leafCount && missing.length < limit; ) {
    const rows = db.sql.all(
      `SELECT place FROM mesh_chunk WHERE document_id = ? AND place >= ? ORDER BY place LIMIT ${PLACES_TOGETHER}`,
      [documentId, next],
    );
    const kept = rows.map(({ place }) => place as number);
    if (kept.length < PLACES_TOGETHER) kept.push(leafCount);
    for (const place of kept) {
      for (; next < place && missing.length < limit; next++) missing.push(next);
      next = place + 1;
    }
  }
  return missing;
}
