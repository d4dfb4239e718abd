/**
 * Documents the slow way: the definitions of `docs/records.md` word by word, over whole texts and arrays, with nothing of
 * the library's but its types. Unassigned code points are those of the engine that runs this.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import type { Canonicalization, Chunker } from '../../../src/index.js';

const sha256 = (...parts: Uint8Array[]) =>
  new Uint8Array(parts.reduce((digest, part) => digest.update(part), createHash('sha256')).digest());

/** The canonical bytes. Throws where there are none, whatever the rule. */
export function referenceCanonical(bytes: Uint8Array, name: Canonicalization): Uint8Array {
  if (name === 'bytes/1') return bytes;
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  if (text.startsWith('\ufeff')) throw new Error('a byte order mark');
  if (/\p{Cn}/u.test(text)) throw new Error('an unassigned code point');
  return new TextEncoder().encode(text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').normalize('NFC'));
}

function fixedLength(rest: Uint8Array, { size }: { size: number }): number {
  return Math.min(size, rest.length);
}

/** Over a text of one character for each byte. */
function paragraphLength(rest: Uint8Array, { min, max }: { min: number; max: number }): number {
  const text = Array.from(rest, (byte) => String.fromCharCode(byte)).join('');
  const places = Array.from({ length: Math.min(max, text.length) }, (_, i) => i + 1).filter((place) => place >= min);
  const paragraph = places.find((place) => {
    const before = text.slice(0, place);
    return /[^ \t\n]/.test(before) && /\n[ \t]*\n$/.test(before) && text[place] !== '\n';
  });
  if (paragraph !== undefined) return paragraph;
  if (text.length <= max) return text.length;
  const line = places.findLast((place) => text[place - 1] === '\n');
  if (line !== undefined) return line;
  const character = [max, max - 1, max - 2, max - 3].find((place) => !/[\x80-\xbf]/.test(text[place] ?? ''));
  return character ?? max;
}

/** With big integers cut to 32 bits, and masks spelled out as text. */
function fastcdcLength(rest: Uint8Array, { min, avg, max }: { min: number; avg: number; max: number }): number {
  const bits = Math.log2(avg);
  const mask = (ones: number) => BigInt(`0b${'1'.repeat(ones).padEnd(32, '0')}`);
  let hash = 0n;
  for (let at = min; at < Math.min(max, rest.length); at++) {
    hash = (2n * hash + (GEAR[rest[at] ?? 0] ?? 0n)) % 2n ** 32n;
    if ((hash & mask(at < avg ? bits + 2 : bits - 2)) === 0n) return at + 1;
  }
  return Math.min(max, rest.length);
}

const GEAR = Array.from({ length: 256 }, (_, byte) => {
  const hash = sha256(new TextEncoder().encode('arborist-mesh/1 fastcdc/1 gear\0'), Uint8Array.of(byte));
  return BigInt(`0x${Array.from(hash.subarray(0, 4), (one) => one.toString(16).padStart(2, '0')).join('')}`);
});

function chunkLength(rest: Uint8Array, chunker: Chunker): number {
  if (chunker.name === 'fixed/1') return fixedLength(rest, chunker);
  return chunker.name === 'paragraph/1' ? paragraphLength(rest, chunker) : fastcdcLength(rest, chunker);
}

/** The chunks of canonical bytes. */
export function referenceChunks(canonical: Uint8Array, chunker: Chunker): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let rest = canonical; rest.length > 0; ) {
    const length = chunkLength(rest, chunker);
    chunks.push(rest.slice(0, length));
    rest = rest.subarray(length);
  }
  return chunks;
}

/** The root of the tree over the chunks, layer by layer. */
export function referenceRoot(chunks: readonly Uint8Array[]): Uint8Array {
  let layer = chunks.map((chunk) => sha256(Uint8Array.of(0), chunk));
  if (layer.length === 0) return new Uint8Array(32);
  while (layer.length > 1) {
    const even = layer.length % 2 === 0 ? layer : [...layer, layer.at(-1) as Uint8Array];
    layer = even.flatMap((left, i) => (i % 2 === 0 ? [sha256(Uint8Array.of(3), left, even[i + 1] as Uint8Array)] : []));
  }
  return layer[0] as Uint8Array;
}

/** What a record commits of a document. */
export function referenceDigest(bytes: Uint8Array, canonicalization: Canonicalization, chunker: Chunker) {
  const canonical = referenceCanonical(bytes, canonicalization);
  const chunks = referenceChunks(canonical, chunker);
  return {
    documentRoot: referenceRoot(chunks),
    leafCount: chunks.length,
    contentLength: canonical.length,
    contentSha256: sha256(canonical),
  };
}
