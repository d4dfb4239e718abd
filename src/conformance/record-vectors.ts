/**
 * The shapes of the vectors of documents, `test/vectors/records/*.json`, and what they describe as the library has it.
 *
 * @module
 */
import { concatBytes, utf8 } from '../bytes.js';
import { sha256 } from '../crypto/sha256.js';
import type { Canonicalization, MerkleProof } from '../index.js';
import { fromHex } from './hex.js';

/** A part of a document: bytes, perhaps repeated, or a stream of hashes. */
export type SourcePart =
  | { readonly hex: string; readonly times?: number }
  | { readonly stream: string; readonly length: number };

/** A proof as vectors have it. */
export interface ProofVector {
  readonly index: number;
  readonly siblings: readonly { readonly hash: string; readonly is_left: boolean }[];
}

/** A document with everything that is computed of it. */
export interface DocumentVector {
  readonly title: string;
  readonly source: readonly SourcePart[];
  readonly canonicalization: Canonicalization;
  readonly chunker: string;
  readonly chunker_params: readonly number[];
  readonly document_root: string;
  readonly leaf_count: number;
  readonly content_length: number;
  readonly content_sha256: string;
  readonly chunk_lengths: readonly number[];
  readonly proofs: readonly ProofVector[];
}

/** A proof with the commitment and the chunk that it is checked against, and whether it holds. */
export interface ProofCase {
  readonly title: string;
  readonly holds: boolean;
  readonly document_root: string;
  readonly leaf_count: number;
  readonly chunk: string;
  readonly proof: ProofVector;
}

function u32be(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** A stream is `SHA-256(label ‖ u32be(0)) ‖ SHA-256(label ‖ u32be(1)) ‖ …`, as much as is wanted. */
function bytesOfPart(part: SourcePart): Uint8Array {
  if ('hex' in part) return concatBytes(...Array.from({ length: part.times ?? 1 }, () => fromHex(part.hex)));
  const blocks = Array.from({ length: Math.ceil(part.length / 32) }, (_, i) => sha256(utf8(part.stream), u32be(i)));
  return concatBytes(...blocks).subarray(0, part.length);
}

/** The bytes of a document that a vector describes. */
export function sourceBytes(parts: readonly SourcePart[]): Uint8Array {
  return concatBytes(...parts.map(bytesOfPart));
}

/** The proof that a vector describes, as the library has it. */
export function proofOf({ index, siblings }: ProofVector): MerkleProof {
  return { index, siblings: siblings.map(({ hash, is_left }) => ({ hash: fromHex(hash), isLeft: is_left })) };
}
