/**
 * The crypto layer over a core that is interpreted abstractly: the facade hands over its arguments as ever, and every byte that it puts into the
 * window counts as unknown.
 *
 * @module
 */
import { vi } from 'vitest';
import { type FreshCrypto, importCrypto, loadCrypto } from '../fresh-crypto.js';
import { encodeModule, readBuiltCore, type WasmModule } from '../wasm/module.js';
import { AbstractInterpreter } from './interpreter.js';

/** Size of the argument window, as `assembly/memory.ts` reserves it. */
const WINDOW_SIZE = 65536 + 8192;

/** The crypto layer over the interpreter, and the interpreter. */
export interface InterpretedCrypto {
  readonly api: FreshCrypto['api'];
  /** The same layer over the real core. */
  readonly real: FreshCrypto['api'];
  readonly interpreter: AbstractInterpreter;
}

/** Exports every global, so that their values can be read. */
function exportGlobals(module: WasmModule): void {
  module.globals.forEach((_, index) => void module.exports.push({ name: `global.${index}`, kind: 3, index }));
}

/** An interpreter whose memory and globals are those of a real core after `warmUp` (which builds the tables of the first call). */
export async function interpreterAfter(warmUp: (api: FreshCrypto['api']) => void): Promise<AbstractInterpreter> {
  const module = readBuiltCore();
  exportGlobals(module);
  const real = await loadCrypto(encodeModule(module));
  warmUp(real.api);
  const globals = module.globals.map((_, index) => {
    return BigInt((real.exports[`global.${index}`] as WebAssembly.Global<'i64'>).value);
  });
  const start = (real.exports.windowAddress as () => number)();
  return new AbstractInterpreter(readBuiltCore(), {
    memory: real.memory.slice(),
    globals,
    window: { start, end: start + WINDOW_SIZE },
  });
}

/** Loads the crypto layer over an interpreter. */
export async function loadInterpretedCrypto(warmUp: (api: FreshCrypto['api']) => void): Promise<InterpretedCrypto> {
  const interpreter = await interpreterAfter(warmUp);
  const { api: real } = await loadCrypto(encodeModule(readBuiltCore()));
  const exports: Record<string, unknown> = { memory: { buffer: interpreter.memory.bytes.buffer } };
  for (const { name, kind, index } of readBuiltCore().exports) {
    if (kind !== 0) continue;
    exports[name] = (...parameters: number[]) => {
      interpreter.memory.forgetWindow();
      return Number(interpreter.call(index, ...parameters) ?? 0n);
    };
  }
  vi.resetModules();
  vi.doMock('@assemblyscript/loader', () => ({ instantiateSync: () => ({ instance: { exports } }) }));
  const api = await importCrypto();
  const { core } = await import('../../../src/crypto/core.js');
  core();
  vi.doUnmock('@assemblyscript/loader');
  return { api, real, interpreter };
}
