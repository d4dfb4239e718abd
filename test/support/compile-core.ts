/**
 * Compiles the core with other exports than those of the package, so that tests reach the functions inside.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('../../', import.meta.url));
const ENTRY = 'assembly/entry-of-a-test.ts';
const CACHE = join(root, 'build/test-cores');

/** Which functions to export of which file of `assembly/`. */
type WantedFunctions = Readonly<Record<string, readonly string[]>>;

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
 * An instance of a core that exports these functions, by the options of `asconfig.json`. The compiler takes seconds, so
 * what it made is kept for the next run with the same sources.
 */
export async function instantiateCore(wanted: WantedFunctions): Promise<WebAssembly.Exports> {
  const lines = Object.entries(wanted).map(([file, names]) => `export { ${names.join(', ')} } from './${file}';`);
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

/**
 * A core with the functions that `wanted` names, to be called by name.
 */
export async function compileCore(wanted: WantedFunctions): Promise<CompiledCore> {
  const exports = await instantiateCore({ memory: ['windowAddress'], ...wanted });
  const { memory } = exports as { memory: WebAssembly.Memory };
  const call: CompiledCore['call'] = (name, ...values) => (exports[name] as CompiledFunction)(...values);
  return { call, memory: new Uint8Array(memory.buffer), window: call('windowAddress') };
}
