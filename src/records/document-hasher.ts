/**
 * From bytes to a document's commitment, in one pass and constant memory: canonicalize, cut, hash. Nothing is kept but the
 * leaf hashes, the bytes of the chunk under way, and what the canonicalization holds back.
 *
 * @module
 */
import { createSha256 } from '#sha256';
import { requireBytes, requireOptions } from '../bytes.js';
import { InvalidInputError, MeshError } from '../errors.js';
import { type Canonicalization, createCanonicalizer, DEFAULT_CANONICALIZATION } from './canonicalize.js';
import { type Chunker, cutterOf, DEFAULT_CHUNKER, requireChunker } from './chunkers.js';
import { GrowingBytes } from './growing-bytes.js';
import { InvalidDocumentError } from './invalid-document.js';
import { HASH_LENGTH, MerkleTree, merkleLeaf } from './merkle-tree.js';

/** The most chunks of a document: 2^20. Their hashes are all that grows with it, to 32 MiB. */
export const MAX_CHUNKS = 1_048_576;

/** How many bytes are collected before they are cut and hashed, at least. */
const BUFFER_LENGTH = 262_144;

/** How a document is read. */
export interface DocumentOptions {
  /** What is done to the bytes first; default `text-nfc-lf/1`. */
  readonly canonicalization?: Canonicalization;
  /** How they are cut; default {@link DEFAULT_CHUNKER}. */
  readonly chunker?: Chunker;
  /**
   * Called for each chunk, in order.
   *
   * @param chunk the bytes, the callback's own
   * @param index its place, from 0
   * @param leaf the leaf hash, 32 bytes, the callback's own
   */
  readonly onChunk?: (chunk: Uint8Array, index: number, leaf: Uint8Array) => void;
}

/** What a record commits of a document, and the leaf hashes from which a tree is built. */
export interface DocumentDigest {
  /** The Merkle root; 32 bytes, zeros if and only if the document is empty. */
  readonly documentRoot: Uint8Array;
  readonly leafCount: number;
  /** Bytes of the canonical document. */
  readonly contentLength: number;
  /** SHA-256 of the canonical document; 32 bytes. */
  readonly contentSha256: Uint8Array;
  readonly canonicalization: Canonicalization;
  readonly chunker: Chunker;
  /** The leaf hashes, 32 bytes each, for `new MerkleTree(leaves)`. */
  readonly leaves: Uint8Array;
}

/** A document that is being read. */
export interface DocumentHasher {
  /**
   * Takes in the next bytes of the document; they may be reused afterwards.
   *
   * @throws InvalidDocumentError if they break a rule; nothing more can be taken in then
   * @throws MeshError `hash-finished` after the end or an error
   */
  update(bytes: Uint8Array): void;
  /**
   * Ends the document.
   *
   * @throws InvalidDocumentError if it ends in the middle of a character
   * @throws MeshError `hash-finished` after the end or an error
   */
  finish(): DocumentDigest;
}

/** Collects canonical bytes, cuts them and hashes the chunks. */
class ChunkHasher {
  readonly #cutter;
  readonly #onChunk;
  readonly #content = createSha256();
  readonly #buffer: Uint8Array;
  #filled = 0;
  readonly #leaves = new GrowingBytes();
  #contentLength = 0;

  constructor(chunker: Chunker, onChunk: DocumentOptions['onChunk']) {
    this.#cutter = cutterOf(chunker);
    this.#onChunk = onChunk;
    this.#buffer = new Uint8Array(BUFFER_LENGTH + this.#cutter.lookahead);
  }

  take(bytes: Uint8Array): void {
    for (let taken = 0; taken < bytes.length; ) {
      const size = Math.min(bytes.length - taken, this.#buffer.length - this.#filled);
      this.#buffer.set(bytes.subarray(taken, taken + size), this.#filled);
      taken += size;
      this.#filled += size;
      if (this.#filled === this.#buffer.length) this.#cut(this.#cutter.lookahead);
    }
  }

  end(): Pick<DocumentDigest, 'leaves' | 'contentLength' | 'contentSha256'> {
    this.#cut(1);
    return {
      leaves: this.#leaves.joined(),
      contentLength: this.#contentLength,
      contentSha256: this.#content.digest(),
    };
  }

  /** Cuts as long as at least `needed` bytes are there. */
  #cut(needed: number): void {
    let start = 0;
    while (this.#filled - start >= needed) {
      const end = this.#cutter.cut(this.#buffer, start, this.#filled);
      this.#hashChunk(this.#buffer.subarray(start, end));
      start = end;
    }
    this.#content.update(this.#buffer.subarray(0, start));
    this.#contentLength += start;
    this.#buffer.copyWithin(0, start, this.#filled);
    this.#filled -= start;
  }

  #hashChunk(chunk: Uint8Array): void {
    const index = this.#leaves.length / HASH_LENGTH;
    if (index === MAX_CHUNKS) {
      throw new InvalidDocumentError('chunk-count', `a document has at most ${MAX_CHUNKS} chunks: make them longer`);
    }
    const leaf = merkleLeaf(chunk);
    this.#leaves.append(leaf);
    this.#onChunk?.(chunk.slice(), index, leaf);
  }
}

/**
 * Starts to read a document.
 *
 * @throws InvalidInputError if there is no such canonicalization or chunker, or a parameter is outside its limits
 */
export function createDocumentHasher(options: DocumentOptions = {}): DocumentHasher {
  const { canonicalization = DEFAULT_CANONICALIZATION, onChunk } = requireOptions(options);
  const chunker = requireChunker(options.chunker ?? DEFAULT_CHUNKER);
  if (onChunk !== undefined && typeof onChunk !== 'function') throw new InvalidInputError('onChunk must be a function');
  const hasher = new ChunkHasher(chunker, onChunk);
  const canonicalizer = createCanonicalizer(canonicalization, (bytes) => hasher.take(bytes));
  let running = true;

  function start(): void {
    if (!running) throw new MeshError('hash-finished', 'this document has ended, or has been refused');
    // Until the work is done: an error leaves it so.
    running = false;
  }

  return {
    update(bytes) {
      const piece = requireBytes('bytes', bytes);
      start();
      canonicalizer.update(piece);
      running = true;
    },
    finish() {
      start();
      canonicalizer.finish();
      const content = hasher.end();
      const { documentRoot, leafCount } = new MerkleTree(content.leaves);
      return { documentRoot, leafCount, canonicalization, chunker, ...content };
    },
  };
}

/**
 * The commitment of a document that is in memory.
 *
 * @throws InvalidInputError if there is no such canonicalization or chunker, or a parameter is outside its limits
 * @throws InvalidDocumentError if the bytes break a rule
 */
export function documentDigest(bytes: Uint8Array, options: DocumentOptions = {}): DocumentDigest {
  const hasher = createDocumentHasher(options);
  hasher.update(bytes);
  return hasher.finish();
}
