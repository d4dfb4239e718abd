/**
 * Digests a generated document: `large-document MEBIBYTES CANONICALIZATION CHUNKER`. Prints as JSON the bytes of memory that
 * the process held at most, above what it held at the start, and what came out.
 */
import process from 'node:process';
import type { Canonicalization } from '../../../src/records/canonicalize.js';
import { type Chunker, DEFAULT_CHUNKER } from '../../../src/records/chunkers.js';
import { digestSource } from '../../../src/records/digest-source.js';

const MEBIBYTE = 1_048_576;
const CHUNKERS: Readonly<Record<string, Chunker>> = {
  'fixed/1': { name: 'fixed/1', size: 16_384 },
  'paragraph/1': { name: 'paragraph/1', min: 4_096, max: 65_536 },
  'fastcdc/1': DEFAULT_CHUNKER,
};
const PARAGRAPH = 'Ein Absatz mit U\u0308mlauten, \u1112\u1161\u11ab\u1100\u1173\u11af und Emoji 👩‍👩‍👧‍👦.\r\n'.repeat(
  40,
);

/** Mebibytes of text, no two of them the same, in one array that is used again and again. */
function* pieces(count: number): Iterable<Uint8Array> {
  const encoder = new TextEncoder();
  const piece = new Uint8Array(MEBIBYTE);
  for (let index = 0; index < count; index++) {
    const text = `${index} ${PARAGRAPH}\r\n`;
    let { written } = encoder.encodeInto(text, piece);
    const length = written;
    while (written + length <= MEBIBYTE) {
      piece.copyWithin(written, 0, length);
      written += length;
    }
    yield piece.fill(0x20, written);
  }
}

async function main(): Promise<void> {
  const [mebibytes = '', canonicalization = '', name = ''] = process.argv.slice(2);
  const chunker = CHUNKERS[name] ?? DEFAULT_CHUNKER;
  const before = process.memoryUsage.rss();
  const { leafCount, contentLength } = await digestSource(pieces(Number(mebibytes)), {
    canonicalization: canonicalization as Canonicalization,
    chunker,
  });
  // The kernel's own record of the peak, in KiB.
  const growth = process.resourceUsage().maxRSS * 1_024 - before;
  process.stdout.write(`${JSON.stringify({ growth, leafCount, contentLength })}\n`);
}

void main();
