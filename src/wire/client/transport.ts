/**
 * How a client's requests travel: what every transport does, whatever the runtime offers.
 *
 * @module
 */

/** A peer's address and what must be found there. */
export interface TransportTarget {
  readonly url: URL;
  /** SHA-256 hashes, 32 bytes each, one of which the certificate must have; where empty, the runtime's trust decides. */
  readonly certPins: readonly Uint8Array[];
  /** Whether the address may be one of a private network, or of this machine. */
  readonly allowPrivate: boolean;
}

/** One request. */
export interface TransportRequest {
  readonly method: 'GET' | 'POST';
  /** After the target's URL: `/mesh/v1/sync`. */
  readonly path: string;
  readonly body: Uint8Array | null;
  /** Most bytes of the answer that are read. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** An answer, whole. */
export interface TransportAnswer {
  readonly status: number;
  readonly body: Uint8Array;
}

/** A way to one peer, perhaps one connection for several requests. Follows no redirect. */
export interface Transport {
  /**
   * Sends a request and reads the answer.
   *
   * @throws WrongCertificateError before anything was sent
   * @throws UnreachableError; BadAnswerError if the answer is too long
   */
  send(request: TransportRequest): Promise<TransportAnswer>;
  /** Ends the connection. */
  close(): void;
}
