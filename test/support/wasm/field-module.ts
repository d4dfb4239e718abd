/**
 * The field arithmetic of `assembly/` as a module of its own, whose functions tests can call: in the core they are not exports.
 *
 * @module
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

/** Exports of `field25519.ts`, `field25519-lanes.ts`, `field25519-bytes.ts` and `field25519-power.ts`. Numbers are addresses unless named otherwise. */
export interface FieldFunctions {
  readonly memory: WebAssembly.Memory;
  multiply(out: number, a: number, b: number): void;
  square(out: number, a: number): void;
  squareTimes(out: number, a: number, count: number): void;
  add(out: number, a: number, b: number): void;
  subtract(out: number, a: number, b: number): void;
  carry(out: number, a: number): void;
  sumAndDifference(out: number, a: number): void;
  swapLanes(out: number, a: number): void;
  combine(out: number, a: number, b: number): void;
  select(out: number, a: number, b: number, mask: number): void;
  readElement(pair: number, lane: number, bytes: number): void;
  writeElement(bytes: number, pair: number, lane: number): void;
  isZero(bytes: number): number;
  areEqual(x: number, y: number): number;
  squareRootPower(out: number, a: number): void;
}

const FILES = ['field25519', 'field25519-lanes', 'field25519-bytes', 'field25519-power'];
const PAGE = 65536;

/** Compiles the files with the flags of the core. `free` is an address from which 64 KiB are unused. */
export async function loadFieldModule(): Promise<{ field: FieldFunctions; memory: Uint8Array; free: number }> {
  const root = new URL('../../../', import.meta.url);
  const { options } = JSON.parse(readFileSync(new URL('asconfig.json', root), 'utf8'));
  const folder = mkdtempSync(join(tmpdir(), 'arborist-mesh-field-'));
  try {
    const config = join(folder, 'asconfig.json');
    const output = join(folder, 'field.wasm');
    const files = FILES.map((name) => `assembly/${name}.ts`);
    const { error, stderr } = await asc.main([...files, '--baseDir', fileURLToPath(root), '--outFile', output], {
      readFile: (name: string) => {
        if (name.endsWith('asconfig.json')) return JSON.stringify({ options });
        try {
          return readFileSync(new URL(name, root), 'utf8');
        } catch {
          return null;
        }
      },
    });
    if (error) throw new Error(`${config}: ${stderr.toString()}`, { cause: error });
    const module = new WebAssembly.Module(readFileSync(output));
    const field = new WebAssembly.Instance(module, {}).exports as unknown as FieldFunctions;
    const free = field.memory.grow(1) * PAGE;
    return { field, memory: new Uint8Array(field.memory.buffer), free };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
