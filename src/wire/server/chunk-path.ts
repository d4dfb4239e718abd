/**
 * The path `chunk`: chunks of a recorded document, with their proofs.
 *
 * @module
 */
import { MeshError } from '../../errors.js';
import { chunkWithProof, type ProvenChunk } from '../../mesh/records/chunks.js';
import type { MeshDatabase } from '../../store/database.js';
import { MAX_ITEM_BYTES } from '../limits.js';
import type { ChunkAnswer, ChunkArgs } from '../protocol/chunk.js';

/** What a peer does not have is no error: another one may have it. */
const NOT_HERE = new Set(['unknown-record', 'chunk-not-kept', 'invalid-input']);

function find(db: MeshDatabase, recordId: Uint8Array, index: number): ProvenChunk | null {
  try {
    return chunkWithProof(db, recordId, index);
  } catch (error) {
    if (error instanceof MeshError && NOT_HERE.has(error.code)) return null;
    throw error;
  }
}

/** Those of the chunks that are kept here, as many as fit into an answer. */
export function chunksFor(db: MeshDatabase, { recordId, indices }: ChunkArgs): ChunkAnswer {
  const chunks: { index: number; chunk: Uint8Array; siblings: ChunkAnswer[number]['siblings'] }[] = [];
  let room = MAX_ITEM_BYTES;
  for (const index of indices) {
    const found = find(db, recordId, index);
    if (found === null) continue;
    room -= found.bytes.length + 40 * found.proof.siblings.length + 16;
    if (room < 0) break;
    const siblings = found.proof.siblings.map(
      ({ hash, isLeft }) => ({ hash, side: isLeft ? 'left' : 'right' }) as const,
    );
    chunks.push({ index, chunk: found.bytes, siblings });
  }
  return chunks;
}
