/**
 * Compiles the core with other exports than those of the package, so that tests reach the functions inside.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const ENTRY = 'assembly/entry-of-a-test.ts';
const CACHE = join(root, 'build/test-cores');

/** What tests call, by file of `assembly/`: of all tests together, so that the compiler runs once for them. */
const FUNCTIONS = {
  memory: ['windowAddress'],
  chacha20: [
    'chacha20Start',
    'chacha20Seek',
    'chacha20Apply',
    'chacha20Head',
    'chacha20TakeHead',
    'chacha20Wipe',
    'hchacha20',
  ],
  poly1305: ['poly1305Start', 'poly1305Blocks', 'poly1305Padded', 'poly1305Finish', 'poly1305Wipe'],
  sha512: ['sha512Init', 'sha512Update', 'sha512Final', 'sha512Wipe'],
  field25519: ['multiply', 'square', 'squareTimes'],
  'field25519-lanes': [
    'add',
    'subtract',
    'carry',
    'multiplySmall',
    'sumAndDifference',
    'swapLanes',
    'combine',
    'select',
  ],
  'field25519-bytes': ['readElement', 'writeElement', 'isZero', 'areEqual'],
  'field25519-power': ['squareRootPower'],
  edwards25519: [
    'addendFromPoint',
    'pointAdd',
    'pointSubtract',
    'pointDouble',
    'pointNegate',
    'pointIsIdentity',
    'pointIsSmallOrder',
    'pointTimesEight',
  ],
  'edwards25519-encoding': ['pointDecode', 'pointDecodeTwo', 'pointEncode', 'pointEncodeTwo'],
  'edwards25519-base': ['baseMultiply', 'baseMultiplyTwo'],
  'edwards25519-base-odd': ['baseOddMultiples'],
  'multi-scalar': ['fillOddMultiples', 'strausStart', 'strausTerm', 'strausSum'],
  'multi-scalar-buckets': ['bucketsStart', 'bucketsTerm', 'bucketsSum'],
  scalar25519: [
    'scalarReduceWide',
    'scalarMultiplyAdd',
    'scalarMultiply',
    'scalarIsCanonical',
    'oddDigits',
    'scalarToWnaf',
  ],
  'ed25519-half-scalars': ['halveScalar'],
};

/** A compiled core: its exports, its memory and the address of its window. */
export interface CompiledCore {
  readonly call: (name: string, ...values: (number | bigint)[]) => number;
  readonly memory: Uint8Array;
  readonly window: number;
}

type CompiledFunction = (...values: (number | bigint)[]) => number;

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** A name for what the compiler makes of an entry: a digest of the entry, all sources, the options and the compiler. */
function digestOf(entry: string): string {
  const hash = createHash('sha256').update(entry);
  const sources = readdirSync(join(root, 'assembly'), { recursive: true, encoding: 'utf8' }).sort();
  const inputs = [
    ...sources.map((name) => `assembly/${name}`),
    'asconfig.json',
    'node_modules/assemblyscript/package.json',
  ];
  for (const name of inputs) hash.update(`\n${name}\n${readText(join(root, name)) ?? ''}`);
  return hash.digest('hex');
}

async function compile(entry: string): Promise<Uint8Array<ArrayBuffer>> {
  // Most runs find it compiled, and need not load the compiler.
  const { default: asc } = await import('assemblyscript/asc');
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const { error, stderr } = await asc.main([ENTRY, '--config', 'asconfig.json', '--outFile', 'core.wasm'], {
    readFile: (name) => (name === ENTRY ? entry : readText(join(root, name))),
    writeFile: (name, contents) => {
      if (name === 'core.wasm') binary = Uint8Array.from(contents as Uint8Array);
    },
    listFiles: () => [],
  });
  if (error || binary === undefined) throw new Error(`the core does not compile: ${stderr}`, { cause: error });
  return binary;
}

/**
 * An instance, with memory of its own, of a core that exports {@link FUNCTIONS} by the options of `asconfig.json`. The
 * compiler takes many seconds, so what it made is kept for other tests and the next run with the same sources.
 */
export async function instantiateCore(): Promise<WebAssembly.Exports> {
  const lines = Object.entries(FUNCTIONS).map(([file, names]) => `export { ${names.join(', ')} } from './${file}';`);
  const entry = lines.join('\n');
  const kept = join(CACHE, `${digestOf(entry)}.wasm`);
  let binary: Uint8Array<ArrayBuffer>;
  try {
    binary = new Uint8Array(readFileSync(kept));
  } catch {
    binary = await compile(entry);
    mkdirSync(CACHE, { recursive: true });
    // Another test may do the same at this moment: a rename shows it all or nothing.
    const temporary = `${kept}.${process.pid}`;
    writeFileSync(temporary, binary);
    renameSync(temporary, kept);
  }
  return new WebAssembly.Instance(new WebAssembly.Module(binary), {}).exports;
}

/** A core whose functions are called by name. */
export async function compileCore(): Promise<CompiledCore> {
  const exports = await instantiateCore();
  const { memory } = exports as { memory: WebAssembly.Memory };
  const call: CompiledCore['call'] = (name, ...values) => (exports[name] as CompiledFunction)(...values);
  return { call, memory: new Uint8Array(memory.buffer), window: call('windowAddress') };
}
