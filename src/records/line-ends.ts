/**
 * Line ends: CRLF and CR to LF. Works on bytes, for in UTF-8 a byte below 0x80 is never part of another character.
 *
 * @module
 */
import type { Canonicalizer, Sink } from './canonicalize.js';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Lines are collected to blocks of this length, for the next step costs something each time. */
const BLOCK_LENGTH = 16_384;

/** Starts to change line ends. */
export function createLineEnds(sink: Sink): Canonicalizer {
  const block = new Uint8Array(BLOCK_LENGTH);
  let filled = 0;
  let afterCarriageReturn = false;

  function flush(): void {
    if (filled > 0) sink(block.subarray(0, filled));
    filled = 0;
  }

  function append(bytes: Uint8Array): void {
    if (filled + bytes.length > BLOCK_LENGTH) flush();
    if (bytes.length > BLOCK_LENGTH) {
      sink(bytes);
    } else {
      block.set(bytes, filled);
      filled += bytes.length;
    }
  }

  function appendLineFeed(): void {
    if (filled === BLOCK_LENGTH) flush();
    block[filled++] = LINE_FEED;
  }

  return {
    update(bytes) {
      let start = 0;
      if (afterCarriageReturn && bytes.length > 0) {
        afterCarriageReturn = false;
        if (bytes[0] === LINE_FEED) start = 1;
      }
      for (;;) {
        const end = bytes.indexOf(CARRIAGE_RETURN, start);
        if (end < 0) break;
        append(bytes.subarray(start, end));
        appendLineFeed();
        start = end + 1;
        if (start === bytes.length) afterCarriageReturn = true;
        else if (bytes[start] === LINE_FEED) start++;
      }
      append(bytes.subarray(start));
    },
    finish: flush,
  };
}
