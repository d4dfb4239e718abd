/**
 * The WebAssembly core: compiled from the embedded bytes at first use, synchronously, or from a module that the
 * program hands over where the runtime forbids to compile bytes (workerd).
 *
 * @module
 */
import { instantiateSync } from '@assemblyscript/loader';
import { InvalidInputError, MeshError, WasmUnavailableError } from '../errors.js';
import { CORE_MODULE_TEXT } from './core-module.generated.js';
import { decodeModuleText } from './module-text.js';

/** The exports of `assembly/index.ts`: addresses and lengths in bytes, all unsigned. */
interface CoreExports {
  readonly memory: WebAssembly.Memory;
  windowAddress(): number;
  wipe(address: number, length: number): void;

  aeadSeal(
    key: number,
    nonce: number,
    nonceLength: number,
    data: number,
    dataLength: number,
    text: number,
    length: number,
  ): void;
  aeadOpen(
    key: number,
    nonce: number,
    nonceLength: number,
    data: number,
    dataLength: number,
    text: number,
    length: number,
  ): number;
  aeadStart(key: number, nonce: number, nonceLength: number): void;
  aeadData(data: number, length: number): void;
  aeadEncrypt(text: number, length: number): void;
  aeadDecrypt(text: number, length: number): void;
  aeadTag(tag: number): void;
  aeadVerify(tag: number): number;

  sha256Start(state: number): void;
  sha256Update(state: number, data: number, length: number): void;
  sha256Finish(state: number, digest: number): void;
  hmacStart(state: number, key: number, length: number): void;
  hmacFinish(state: number, mac: number): void;

  hpkeStart(state: number): void;
  hpkeKeySchedule(state: number, dh: number, enc: number, recipient: number, key: number, nonce: number): void;

  sha512Update(data: number, length: number): void;
  publicKeyFromSeed(publicKey: number, seed: number): void;
  signStart(seed: number): void;
  signCommit(known: number): void;
  signFinish(signature: number): void;
  signWipe(): void;
  verifyStart(publicKey: number, signature: number): void;
  verifyFinish(publicKey: number, signature: number): number;
  batchStart(): void;
  batchItem(publicKey: number, signature: number): void;
  batchItemEnd(coefficient: number): void;
  batchFinish(verdicts: number): void;
  isRosterKey(publicKey: number): number;

  x25519(secret: number, scalar: number, point: number): number;
  x25519PublicKey(publicKey: number, scalar: number): void;
  x25519WithPublicKeys(results: number, scalars: number, points: number, count: number): void;
}

/**
 * The running core: its functions, where the argument window starts, and the memory (which never grows) up to the
 * window's end. An array that turns out longer than it said, as one in shared memory can, is refused there and cannot
 * overwrite what the core keeps behind the window.
 */
interface Core {
  readonly call: CoreExports;
  readonly memory: Uint8Array;
  readonly window: number;
}

/** Bytes of the window (`assembly/memory.ts`). */
const WINDOW_SIZE = 65536 + 8192;

let running: Core | undefined;
let providedModule: WebAssembly.Module | undefined;

/** `i32x4.splat` and nothing else: the smallest module that needs SIMD128. */
const SIMD_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 17, 11,
]);

const REFUSED =
  "compiling WebAssembly from bytes is refused here: allow 'wasm-unsafe-eval' in the page's Content-Security-Policy, " +
  "or pass a precompiled module of 'arborist-mesh/core.wasm' to useCoreModule()";
const UNFIT =
  "the module given to useCoreModule() does not start: it must be made from this version's 'arborist-mesh/core.wasm', " +
  'and its use be allowed';

function compileEmbedded(): WebAssembly.Module {
  if (typeof WebAssembly === 'undefined') {
    throw new WasmUnavailableError('this runtime has no WebAssembly, which arborist-mesh needs');
  }
  if (!WebAssembly.validate(SIMD_PROBE)) {
    throw new WasmUnavailableError(
      'this runtime lacks WebAssembly SIMD, which arborist-mesh needs: update the runtime',
    );
  }
  return new WebAssembly.Module(decodeModuleText(CORE_MODULE_TEXT));
}

function start(module: WebAssembly.Module): Core {
  // The loader wraps each export to count its arguments; the raw instance calls straight into the module.
  const call = instantiateSync(module, {}).instance.exports as unknown as CoreExports;
  const window = call.windowAddress();
  return { call, memory: new Uint8Array(call.memory.buffer, 0, window + WINDOW_SIZE), window };
}

/** A policy shows when the module is compiled or, in WebKit, only when it is instantiated. */
function compileAndStart(): Core {
  try {
    return start(providedModule ?? compileEmbedded());
  } catch (cause) {
    if (cause instanceof MeshError) throw cause;
    throw new WasmUnavailableError(providedModule === undefined ? REFUSED : UNFIT, { cause });
  }
}

/**
 * The core, started at the first call.
 *
 * @throws WasmUnavailableError where WebAssembly or SIMD is missing or forbidden
 */
export function core(): Core {
  running ??= compileAndStart();
  return running;
}

/**
 * Uses a precompiled module of `arborist-mesh/core.wasm` instead of compiling the embedded bytes: for runtimes that
 * forbid the latter, such as workerd. To be called before the first cryptographic operation.
 *
 * @param module the compiled `core.wasm` of this very version of the package
 * @throws InvalidInputError if it is not a `WebAssembly.Module`
 * @throws MeshError `core-started` if the core runs already
 */
export function useCoreModule(module: WebAssembly.Module): void {
  if (!(module instanceof WebAssembly.Module)) {
    throw new InvalidInputError('module must be a WebAssembly.Module made from arborist-mesh/core.wasm');
  }
  if (running !== undefined) {
    throw new MeshError('core-started', 'useCoreModule() comes too late: the WebAssembly core runs already');
  }
  providedModule = module;
}
