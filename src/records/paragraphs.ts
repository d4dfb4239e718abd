/**
 * `paragraph/1`: chunks that end with a blank line, and keep to limits in bytes. Only four bytes have a meaning (line feed,
 * space, tab, and UTF-8's continuation bytes), so that it cuts any bytes, and needs no locale.
 *
 * @module
 */
import type { Cutter } from './chunkers.js';

const LINE_FEED = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;

/** The most bytes of a UTF-8 character after its first one. */
const MOST_CONTINUATIONS = 3;

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** The place after which no paragraph goes on: at most `last`, and not within a character, where there is one. */
function withinCharacters(bytes: Uint8Array, last: number): number {
  for (let back = 0; back <= MOST_CONTINUATIONS; back++) {
    if (!isContinuation(bytes[last - back])) return last - back;
  }
  return last;
}

/** The chunker with checked parameters. */
export function paragraphCutter({ min, max }: { min: number; max: number }): Cutter {
  return {
    // The byte after the longest chunk tells whether a blank line is the last one, and whether a character goes on.
    lookahead: max + 1,
    cut(bytes, start, end) {
      const last = Math.min(start + max, end);
      let lineEnd = 0;
      let hasText = false;
      for (let at = start; at < last; ) {
        while (at < last && (bytes[at] === SPACE || bytes[at] === TAB)) at++;
        const blank = at < last && bytes[at] === LINE_FEED;
        while (at < last && bytes[at] !== LINE_FEED) at++;
        if (at === last) break;
        at++;
        if (at - start >= min) {
          if (blank && hasText && (at === end || bytes[at] !== LINE_FEED)) return at;
          lineEnd = at;
        }
        if (!blank) hasText = true;
      }
      if (last === end) return end;
      return lineEnd > 0 ? lineEnd : withinCharacters(bytes, last);
    },
  };
}
