/**
 * The crypto layer over a core module of the test's choice. The layer keeps one core for the life of its JavaScript modules, so each
 * variant gets fresh ones.
 *
 * @module
 */
import { vi } from 'vitest';

/** The public functions, and the internal ones on hashes, which see secrets too, and on signing keys. */
export type CryptoApi = typeof import('../../src/crypto/index.js') &
  typeof import('../../src/crypto/sha256.js') &
  typeof import('../../src/crypto/ed25519.js');

/** Imports those functions: of the layer that is loaded, or of one that is loaded now. */
export async function importCrypto(): Promise<CryptoApi> {
  return {
    ...(await import('../../src/crypto/index.js')),
    ...(await import('../../src/crypto/sha256.js')),
    ...(await import('../../src/crypto/ed25519.js')),
  };
}

/** The functions, and the exports and the whole memory of the core that runs them. */
export interface FreshCrypto {
  readonly api: CryptoApi;
  readonly exports: WebAssembly.Exports;
  readonly memory: Uint8Array;
}

/**
 * Loads the crypto layer anew, over the given core binary.
 *
 * @param wrap what the layer sees of the module's exports, if not themselves
 */
export async function loadCrypto(
  binary: Uint8Array<ArrayBuffer>,
  wrap?: (exports: WebAssembly.Exports) => WebAssembly.Exports,
): Promise<FreshCrypto> {
  vi.resetModules();
  if (wrap !== undefined) {
    const instantiateSync = (module: WebAssembly.Module) => {
      return { instance: { exports: wrap(new WebAssembly.Instance(module, {}).exports) } };
    };
    vi.doMock('@assemblyscript/loader', () => ({ instantiateSync }));
  }
  const api = await importCrypto();
  const { core } = await import('../../src/crypto/core.js');
  api.useCoreModule(new WebAssembly.Module(binary));
  const { call } = core();
  vi.doUnmock('@assemblyscript/loader');
  return { api, exports: call as unknown as WebAssembly.Exports, memory: new Uint8Array(call.memory.buffer) };
}
