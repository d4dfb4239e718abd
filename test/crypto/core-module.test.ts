/** How the core starts: from its own bytes, from a module that was handed over, or not at all. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const core = new WebAssembly.Module(readFileSync(new URL('../../build/core.wasm', import.meta.url)));
const empty = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));

/** The crypto layer as a program sees it that has just started. */
const freshCrypto = () => import('../../src/crypto/index.js');

/** WebAssembly under a policy that shows at one of its two steps. */
function refusing(step: 'Module' | 'Instance'): object {
  const construct = () => {
    throw new WebAssembly.CompileError('refused by policy');
  };
  return Object.create(WebAssembly, { [step]: { value: new Proxy(WebAssembly[step], { construct }) } });
}

beforeEach(() => vi.resetModules());
afterEach(() => vi.unstubAllGlobals());

test('with a precompiled module nothing is compiled', async () => {
  const { useCoreModule, dhPublicKey } = await freshCrypto();
  useCoreModule(core);
  vi.stubGlobal('WebAssembly', refusing('Module'));
  expect(dhPublicKey(new Uint8Array(32))).toHaveLength(32);
});

test('a module that comes too late is refused', async () => {
  const { useCoreModule, dhPublicKey } = await freshCrypto();
  dhPublicKey(new Uint8Array(32));
  expect(() => useCoreModule(core)).toThrow(expect.objectContaining({ name: 'MeshError', code: 'core-started' }));
});

test('a module that is not the core is said to be so, and the right one works afterwards', async () => {
  const { useCoreModule, dhPublicKey } = await freshCrypto();
  useCoreModule(empty);
  const refusal = expect.objectContaining({
    code: 'wasm-unavailable',
    message: expect.stringContaining('useCoreModule()'),
  });
  expect(() => dhPublicKey(new Uint8Array(32))).toThrow(refusal);
  useCoreModule(core);
  expect(dhPublicKey(new Uint8Array(32))).toHaveLength(32);
});

test.each(['Module', 'Instance'] as const)('a policy that refuses a WebAssembly.%s is named', async (step) => {
  const { dhPublicKey } = await freshCrypto();
  vi.stubGlobal('WebAssembly', refusing(step));
  expect(() => dhPublicKey(new Uint8Array(32))).toThrow(
    expect.objectContaining({ code: 'wasm-unavailable', message: expect.stringContaining("'wasm-unsafe-eval'") }),
  );
  vi.unstubAllGlobals();
  expect(dhPublicKey(new Uint8Array(32))).toHaveLength(32);
});

test('a runtime without WebAssembly, or without SIMD in it, is told what it lacks', async () => {
  const { dhPublicKey } = await freshCrypto();
  for (const [lacking, what] of [
    [undefined, 'no WebAssembly'],
    [{ validate: () => false }, 'SIMD'],
  ] as const) {
    vi.stubGlobal('WebAssembly', lacking);
    expect(() => dhPublicKey(new Uint8Array(32))).toThrow(
      expect.objectContaining({ code: 'wasm-unavailable', message: expect.stringContaining(what) }),
    );
  }
});
