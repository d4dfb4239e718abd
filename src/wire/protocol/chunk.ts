/**
 * Arguments and result of the path `chunk`: `[record_id, [index, …]]`, answered by `[[index, chunk, [[hash, side], …]], …]`:
 * those of the chunks that are kept there, as many as fit.
 *
 * @module
 */
import type { CborValue } from '../../codec/cbor.js';
import { arrayOf, bytesOf, bytesUpTo, items, oneOf, type ShapeOf, uint } from '../../codec/shape.js';
import { MAX_CHUNK_LENGTH } from '../../records/chunkers.js';
import { MAX_CHUNKS } from '../limits.js';

/** The deepest proof: of a tree of 2^40 leaves, more than any document has. */
const MAX_SIBLINGS = 40;

const SIBLING = items({ hash: bytesOf(32), side: oneOf('left', 'right') });
const ARGS = items({ recordId: bytesOf(32), indices: arrayOf(uint(), { max: MAX_CHUNKS }) });
const ANSWER = arrayOf(
  items({
    index: uint(),
    chunk: bytesUpTo(MAX_CHUNK_LENGTH),
    siblings: arrayOf(SIBLING, { max: MAX_SIBLINGS }),
  }),
  { max: MAX_CHUNKS },
);

/** Which chunks of which record's document. */
export type ChunkArgs = ShapeOf<typeof ARGS>;
/** Chunks, each with the way from its leaf to the root. */
export type ChunkAnswer = ShapeOf<typeof ANSWER>;

/** @throws CodecError */
export const readChunkArgs = (value: CborValue): ChunkArgs => ARGS.read(value, 'the arguments of chunk');
export const writeChunkArgs = (args: ChunkArgs): CborValue => ARGS.write(args);
/** @throws CodecError */
export const readChunkAnswer = (value: CborValue): ChunkAnswer => ANSWER.read(value, 'the answer to chunk');
export const writeChunkAnswer = (answer: ChunkAnswer): CborValue => ANSWER.write(answer);
