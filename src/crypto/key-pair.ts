/** A private key and its public key, 32 bytes each. */
export interface KeyPair {
  /** 32 bytes: the RFC 8032 seed of a signing key, or an X25519 scalar before clamping. */
  readonly privateKey: Uint8Array;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
}
