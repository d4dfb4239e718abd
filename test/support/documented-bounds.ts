/**
 * The bounds that the sources of the core promise: `@bounds` in the comment before a function, as far as it is written in a form that can be
 * checked, which is `in: a < 2^30 + 2^25, b < …; out: < …`.
 *
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs';
import { parameterCount, type WasmModule } from './wasm/module.js';

/** What one function promises. */
interface DocumentedBounds {
  readonly file: string;
  readonly name: string;
  readonly parameters: readonly string[];
  /** Exclusive upper bounds of the limbs of the parameters that are pairs of field elements. */
  readonly inputs: ReadonlyMap<string, bigint>;
  /** Exclusive upper bound of the limbs of `out`; undefined if nothing is promised in numbers. */
  readonly output: bigint | undefined;
}

const COMMENTED_FUNCTION = /\/\*\*((?:(?!\*\/)[\s\S])*?)\*\/\s*export function (\w+)\(([^)]*)\)/g;

/** The value of a sum like `2^30 + 2^29 - 2^24`. */
function evaluate(sum: string): bigint | undefined {
  if (!/^2\^\d+( [+-] 2\^\d+)*$/.test(sum)) return undefined;
  let value = 0n;
  for (const [, sign, exponent] of sum.matchAll(/([+-])? ?2\^(\d+)/g)) {
    const power = 2n ** BigInt(exponent ?? '0');
    value += sign === '-' ? -power : power;
  }
  return value;
}

/** `a, b < X, c < Y` as a map. Names before a bound share it. */
function readInputs(text: string): Map<string, bigint> | undefined {
  const inputs = new Map<string, bigint>();
  for (const [, names, sum] of text.matchAll(/((?:\w+, )*\w+) < ([^,]+)/g)) {
    const bound = evaluate((sum ?? '').trim());
    if (bound === undefined) return undefined;
    for (const name of (names ?? '').split(', ')) inputs.set(name, bound);
  }
  return inputs.size > 0 ? inputs : undefined;
}

function readBounds(file: string, comment: string, name: string, parameterText: string): DocumentedBounds | undefined {
  const text = comment.replace(/\n\s*\* ?/g, ' ').replace(/\s+/g, ' ');
  const match = /@bounds in: ([^;]+)(?:; out: < ([^;]+?))?(?:;| @|\s*$)/.exec(text.trim());
  const inputs = readInputs(match?.[1] ?? '');
  if (inputs === undefined) return undefined;
  const parameters = parameterText.split(',').map((one) => (one.split(':')[0] ?? '').trim());
  if (![...inputs.keys()].every((one) => parameters.includes(one))) return undefined;
  return { file, name, parameters, inputs, output: match?.[2] === undefined ? undefined : evaluate(match[2].trim()) };
}

/** The machine-readable bounds of all exported functions of `assembly/`. */
function documentedBounds(): DocumentedBounds[] {
  const folder = new URL('../../assembly/', import.meta.url);
  const found: DocumentedBounds[] = [];
  for (const file of readdirSync(folder).filter((one) => one.endsWith('.ts'))) {
    const source = readFileSync(new URL(file, folder), 'utf8');
    for (const [, comment, name, parameters] of source.matchAll(COMMENTED_FUNCTION)) {
      const bounds = readBounds(file.replace(/\.ts$/, ''), comment ?? '', name ?? '', parameters ?? '');
      if (bounds !== undefined) found.push(bounds);
    }
  }
  return found;
}

/**
 * The documented functions that the build kept as they are: neither inlined everywhere nor specialized, which shows in fewer parameters.
 */
export function compiledBounds(module: WasmModule): (DocumentedBounds & { readonly index: number })[] {
  const located = documentedBounds().map((bounds) => ({
    ...bounds,
    index: module.names.indexOf(`${bounds.file}/${bounds.name}`),
  }));
  return located.filter(({ index, parameters }) => index >= 0 && parameterCount(module, index) === parameters.length);
}
