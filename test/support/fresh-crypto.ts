/**
 * The crypto layer over a core module of the test's choice. The layer keeps one core for the life of its JavaScript modules, so each
 * variant gets fresh ones.
 *
 * @module
 */
import { vi } from 'vitest';

/** The public functions, and the exports and memory of the core that runs them. */
export interface FreshCrypto {
  readonly api: typeof import('../../src/crypto/index.js');
  readonly exports: WebAssembly.Exports;
  readonly memory: Uint8Array;
}

/** Loads the crypto layer anew, over the given core binary. */
export async function loadCrypto(binary: Uint8Array<ArrayBuffer>): Promise<FreshCrypto> {
  vi.resetModules();
  const api = await import('../../src/crypto/index.js');
  const { core } = await import('../../src/crypto/core.js');
  api.useCoreModule(new WebAssembly.Module(binary));
  const { call, memory } = core();
  return { api, exports: call as unknown as WebAssembly.Exports, memory };
}
