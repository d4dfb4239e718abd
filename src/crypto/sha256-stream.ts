/**
 * What hashing of documents needs of SHA-256. The implementation is chosen by the package's `#sha256` import: the
 * platform's own where it is synchronous (Node, Deno, Bun), and the WebAssembly core everywhere else.
 *
 * @module
 */

/** A SHA-256 under way. Several may be under way at once. */
interface Sha256 {
  /** Takes in any number of bytes. */
  update(bytes: Uint8Array): void;
  /** The 32-byte digest; ends the hash: afterwards neither function may be called. */
  digest(): Uint8Array;
}

/** Starts an incremental SHA-256. */
export type CreateSha256 = () => Sha256;

/** SHA-256 of two parts, one after the other; 32 bytes. For many inputs of any length. */
export type Sha256Of = (prefix: Uint8Array, bytes: Uint8Array) => Uint8Array;
