/**
 * `fastcdc/1`: content-defined chunks. A hash rolls over the bytes; where its top bits are all zero, a chunk ends, so that an
 * edit moves the cuts near it and no others (Xia et al., "FastCDC", USENIX ATC 2016: gear hash, no cuts below the
 * minimum, normalized chunking). Everything is pinned here and in `docs/records.md`: 32-bit integers, the gear table from
 * labelled hashes, as masks the top bits, two more of them before the average length and two fewer after it.
 *
 * @module
 */
import { labelHash } from '../codec/labels.js';
import type { Cutter } from './chunkers.js';

const GEAR_LABEL = 'arborist-mesh/1 fastcdc/1 gear';

/** How many bits more (before the average) or fewer (after it) must be zero: normalization level 2 of the paper. */
const NORMALIZATION = 2;

let table: Int32Array | undefined;

/** `GEAR[b]`: the first four bytes, most significant first, of `H("arborist-mesh/1 fastcdc/1 gear", b)`. */
function gearTable(): Int32Array {
  table ??= Int32Array.from({ length: 256 }, (_, byte) => {
    const hash = labelHash(GEAR_LABEL, Uint8Array.of(byte));
    return new DataView(hash.buffer, hash.byteOffset).getInt32(0);
  });
  return table;
}

/** A mask of the top `bits` of 32. */
function topBits(bits: number): number {
  return -1 << (32 - bits);
}

/** The chunker with checked parameters: `avg` is a power of two. */
export function fastcdcCutter({ min, avg, max }: { min: number; avg: number; max: number }): Cutter {
  const gear = gearTable();
  const bits = 31 - Math.clz32(avg);
  const strict = topBits(bits + NORMALIZATION);
  const lenient = topBits(bits - NORMALIZATION);
  return {
    lookahead: max,
    cut(bytes, start, end) {
      const last = Math.min(start + max, end);
      const normal = Math.min(start + avg, last);
      let hash = 0;
      let at = start + min;
      // Reading past `last` would give undefined; both loops stop before it.
      for (; at < normal; at++) {
        hash = ((hash << 1) + (gear[bytes[at] as number] as number)) | 0;
        if ((hash & strict) === 0) return at + 1;
      }
      for (; at < last; at++) {
        hash = ((hash << 1) + (gear[bytes[at] as number] as number)) | 0;
        if ((hash & lenient) === 0) return at + 1;
      }
      return last;
    },
  };
}
