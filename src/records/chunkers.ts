/**
 * The chunkers by name. Each is a pure function of the bytes from the start of a chunk onwards, at most `max` bytes and one
 * more; whoever calls it brings that many, or all there are. So how a stream was split can not change a cut.
 *
 * @module
 */
import { InvalidInputError } from '../errors.js';
import { fastcdcCutter } from './fastcdc.js';
import { paragraphCutter } from './paragraphs.js';

/** No chunk is longer than this, whatever the parameters: 256 KiB. */
export const MAX_CHUNK_LENGTH = 262_144;

/** A chunker with its parameters, all of them numbers of bytes. */
export type Chunker =
  | { readonly name: 'fixed/1'; readonly size: number }
  | { readonly name: 'paragraph/1'; readonly min: number; readonly max: number }
  | { readonly name: 'fastcdc/1'; readonly min: number; readonly avg: number; readonly max: number };

/** What is used where no chunker is named. */
export const DEFAULT_CHUNKER: Chunker = Object.freeze({ name: 'fastcdc/1', min: 4_096, avg: 16_384, max: 65_536 });

/** A chunker at work. */
export interface Cutter {
  /** How many bytes from a chunk's start decide where it ends. */
  readonly lookahead: number;
  /**
   * Where the chunk that begins at `start` ends, exclusive. The bytes up to `end` are given: `lookahead` of them or more, or
   * fewer if the document ends there; at least one.
   */
  cut(bytes: Uint8Array, start: number, end: number): number;
}

const FASTCDC_MIN = 64;
const FASTCDC_AVG = [256, 131_072] as const;
const PARAGRAPH_MAX = 64;

function requireInteger(name: string, value: unknown, least: number, most: number): number {
  if (!Number.isSafeInteger(value) || (value as number) < least || (value as number) > most) {
    throw new InvalidInputError(`chunker.${name} must be an integer from ${least} to ${most}, got ${String(value)}`);
  }
  return value as number;
}

/**
 * A copy of the chunker with nothing but its name and parameters.
 *
 * @throws InvalidInputError if there is no such chunker, or a parameter is outside its limits
 */
export function requireChunker(chunker: Chunker): Chunker {
  switch (chunker?.name) {
    case 'fixed/1':
      return { name: 'fixed/1', size: requireInteger('size', chunker.size, 1, MAX_CHUNK_LENGTH) };
    case 'paragraph/1': {
      const max = requireInteger('max', chunker.max, PARAGRAPH_MAX, MAX_CHUNK_LENGTH);
      return { name: 'paragraph/1', min: requireInteger('min', chunker.min, 1, max), max };
    }
    case 'fastcdc/1': {
      const avg = requireInteger('avg', chunker.avg, ...FASTCDC_AVG);
      if ((avg & (avg - 1)) !== 0) throw new InvalidInputError(`chunker.avg must be a power of two, got ${avg}`);
      const min = requireInteger('min', chunker.min, FASTCDC_MIN, avg - 1);
      return { name: 'fastcdc/1', min, avg, max: requireInteger('max', chunker.max, avg + 1, MAX_CHUNK_LENGTH) };
    }
    default:
      throw new InvalidInputError("chunker must be one of 'fixed/1', 'paragraph/1', 'fastcdc/1' with its parameters");
  }
}

function fixedCutter(size: number): Cutter {
  return { lookahead: size, cut: (_, start, end) => Math.min(start + size, end) };
}

/** The chunker at work; it has been through {@link requireChunker}. */
export function cutterOf(chunker: Chunker): Cutter {
  switch (chunker.name) {
    case 'fixed/1':
      return fixedCutter(chunker.size);
    case 'paragraph/1':
      return paragraphCutter(chunker);
    case 'fastcdc/1':
      return fastcdcCutter(chunker);
  }
}
