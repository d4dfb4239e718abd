/**
 * Line ends: CRLF and CR to LF. Works on bytes, for in UTF-8 a byte below 0x80 is never part of another character.
 *
 * @module
 */
import type { Sink } from './canonicalize.js';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Lines are collected to blocks of this length, for the next step costs something each time. */
const BLOCK_LENGTH = 16_384;

/** Takes in bytes, and hands all of them on with other line ends. */
export function createLineEnds(sink: Sink): Sink {
  let block = new Uint8Array(0);
  let filled = 0;
  let afterCarriageReturn = false;

  function flush(): void {
    if (filled > 0) sink(block.subarray(0, filled));
    filled = 0;
  }

  function append(line: Uint8Array): void {
    if (filled + line.length > BLOCK_LENGTH) flush();
    if (line.length > BLOCK_LENGTH) {
      sink(line);
    } else {
      block.set(line, filled);
      filled += line.length;
    }
  }

  function appendLineFeed(): void {
    if (filled === BLOCK_LENGTH) flush();
    block[filled++] = LINE_FEED;
  }

  return (bytes) => {
    let start = afterCarriageReturn && bytes[0] === LINE_FEED ? 1 : 0;
    if (bytes.length > 0) afterCarriageReturn = false;
    for (;;) {
      const end = bytes.indexOf(CARRIAGE_RETURN, start);
      if (end < 0) break;
      // Most documents have line feeds alone, and need no block.
      if (block.length === 0) block = new Uint8Array(BLOCK_LENGTH);
      append(bytes.subarray(start, end));
      appendLineFeed();
      start = end + 1;
      if (start === bytes.length) afterCarriageReturn = true;
      else if (bytes[start] === LINE_FEED) start++;
    }
    flush();
    if (start < bytes.length) sink(bytes.subarray(start));
  };
}
