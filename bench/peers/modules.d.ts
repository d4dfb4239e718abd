/**
 * The parts of the peers' interfaces that the benchmark uses. Declared here because the peers are installed on first
 * use only, while the type check of this repository must not depend on that.
 *
 * @module
 */

declare module 'libsodium-wrappers' {
  const sodium: import('./libsodium.mjs').Sodium;
  export = sodium;
}

declare module 'libsodium-wrappers-sumo' {
  const sodium: import('./libsodium.mjs').SodiumSumo;
  export = sodium;
}

declare module 'tweetnacl' {
  const nacl: {
    scalarMult: {
      (privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array;
      base(privateKey: Uint8Array): Uint8Array;
    };
    sign: {
      keyPair: { fromSeed(seed: Uint8Array): { secretKey: Uint8Array } };
      detached: {
        (message: Uint8Array, secretKey: Uint8Array): Uint8Array;
        verify(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean;
      };
    };
  };
  export = nacl;
}

declare module '@stablelib/x25519' {
  export function sharedKey(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array;
  export function scalarMultBase(privateKey: Uint8Array): Uint8Array;
}

declare module '@stablelib/ed25519' {
  export function generateKeyPairFromSeed(seed: Uint8Array): { secretKey: Uint8Array };
  export function sign(secretKey: Uint8Array, message: Uint8Array): Uint8Array;
  export function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

declare module '@stablelib/chacha20poly1305' {
  export class ChaCha20Poly1305 {
    constructor(key: Uint8Array);
    seal(nonce: Uint8Array, plaintext: Uint8Array, associatedData?: Uint8Array, output?: Uint8Array): Uint8Array;
    open(nonce: Uint8Array, sealed: Uint8Array, associatedData?: Uint8Array, output?: Uint8Array): Uint8Array | null;
  }
}

declare module '@stablelib/xchacha20poly1305' {
  export class XChaCha20Poly1305 {
    constructor(key: Uint8Array);
    seal(nonce: Uint8Array, plaintext: Uint8Array): Uint8Array;
    open(nonce: Uint8Array, sealed: Uint8Array): Uint8Array | null;
  }
}

declare module 'tinybench' {
  export class Bench {
    constructor(options: { warmup: boolean; iterations: number; time: number; throws: boolean });
    readonly tasks: readonly {
      readonly result:
        | { readonly state: 'completed'; readonly latency: { readonly p50: number } }
        | { readonly state: 'errored' };
    }[];
    add(name: string, work: () => unknown, options: { async: boolean }): this;
    reset(): void;
    run(): Promise<unknown>;
    runSync(): unknown;
  }
}
