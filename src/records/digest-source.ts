/**
 * Documents from wherever they come: memory, a Blob or File, a stream, anything that gives pieces of bytes.
 *
 * @module
 */
import { isBytes, requireOptions } from '../bytes.js';
import { InvalidInputError } from '../errors.js';
import { createDocumentHasher, type DocumentDigest, type DocumentOptions } from './document-hasher.js';

/** Where a document's bytes come from. */
export type DocumentSource =
  | Uint8Array
  | Blob
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>
  | Iterable<Uint8Array>;

/** How far the reading of a source is. */
export interface DocumentProgress {
  /** Bytes taken in so far. */
  readonly bytes: number;
  /** Bytes in all; null where nobody knows before the end. */
  readonly total: number | null;
}

/** How a source is read. */
export interface DigestSourceOptions extends DocumentOptions {
  /** Called after each piece. */
  readonly onProgress?: (progress: DocumentProgress) => void;
}

/** Bytes in memory and Blobs are taken in by pieces of this size: there is progress to tell, and little to hold. */
const PIECE_LENGTH = 1_048_576;

function* piecesOf(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let start = 0; start < bytes.length; start += PIECE_LENGTH) yield bytes.subarray(start, start + PIECE_LENGTH);
}

/** A Blob's stream may give all of it in one piece. */
async function* slicesOf(blob: Blob): AsyncIterable<Uint8Array> {
  for (let start = 0; start < blob.size; start += PIECE_LENGTH) {
    yield new Uint8Array(await blob.slice(start, start + PIECE_LENGTH).arrayBuffer());
  }
}

/** The stream's pieces; a stream that is not read to its end is cancelled. (Not every engine can iterate streams.) */
async function* readAll(stream: ReadableStream<Uint8Array>): AsyncIterable<Uint8Array> {
  const reader = stream.getReader();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
    ended = true;
  } finally {
    if (!ended) await reader.cancel().catch(() => undefined);
    reader.releaseLock();
  }
}

function open(source: DocumentSource): {
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  total: number | null;
} {
  if (isBytes(source)) return { pieces: piecesOf(source), total: source.length };
  if (source instanceof Blob) return { pieces: slicesOf(source), total: source.size };
  if (source instanceof ReadableStream) return { pieces: readAll(source), total: null };
  if (typeof source === 'object' && source !== null && (Symbol.asyncIterator in source || Symbol.iterator in source)) {
    return { pieces: source, total: null };
  }
  throw new InvalidInputError('source must be a Uint8Array, a Blob, a ReadableStream or an iterable of Uint8Array');
}

/**
 * The commitment of a document from a source of any length, in constant memory. A source that is not read to its end is
 * closed.
 *
 * @throws InvalidInputError if the source gives something else than bytes, there is no such canonicalization or chunker,
 *   or a parameter is outside its limits
 * @throws InvalidDocumentError if the bytes break a rule; what the source itself throws passes through
 */
export async function digestSource(source: DocumentSource, options: DigestSourceOptions = {}): Promise<DocumentDigest> {
  const { onProgress } = requireOptions(options);
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new InvalidInputError('onProgress must be a function');
  }
  const hasher = createDocumentHasher(options);
  const { pieces, total } = open(source);
  let bytes = 0;
  for await (const piece of pieces) {
    hasher.update(piece);
    bytes += piece.length;
    onProgress?.({ bytes, total });
  }
  return hasher.finish();
}
