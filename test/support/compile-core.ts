/**
 * Compiles the core with other exports than those of the package, so that tests reach the functions inside.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('../../', import.meta.url));
const ENTRY = 'assembly/entry-of-a-test.ts';

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

/**
 * The core with the functions that `wanted` names, by the options of `asconfig.json`.
 *
 * @param wanted what to export of which file of `assembly/`
 */
export async function compileCore(wanted: Record<string, readonly string[]>): Promise<CompiledCore> {
  const lines = Object.entries({ memory: ['windowAddress'], ...wanted }).map(
    ([file, names]) => `export { ${names.join(', ')} } from './${file}';`,
  );
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const { error, stderr } = await asc.main([ENTRY, '--config', 'asconfig.json', '--outFile', 'core.wasm'], {
    readFile: (name) => (name === ENTRY ? lines.join('\n') : readText(join(root, name))),
    writeFile: (name, contents) => {
      if (name === 'core.wasm') binary = Uint8Array.from(contents as Uint8Array);
    },
    listFiles: () => [],
  });
  if (error || binary === undefined) throw new Error(`the core does not compile: ${stderr}`, { cause: error });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(binary), {});
  const { memory } = exports as { memory: WebAssembly.Memory };
  const call: CompiledCore['call'] = (name, ...values) => (exports[name] as CompiledFunction)(...values);
  return { call, memory: new Uint8Array(memory.buffer), window: call('windowAddress') };
}
