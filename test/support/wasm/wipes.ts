/**
 * Finds every place where the core wipes memory, and makes variants of it that leave one of them out.
 *
 * @module
 */
import {
  I32,
  I64,
  type Instruction,
  instruction,
  signatureOf,
  V128,
  type ValueType,
  type WasmModule,
} from './module.js';

/** One instruction that writes zeros over memory. */
export interface WipeInstruction {
  readonly position: number;
  /** Types of what the instruction takes from the stack. */
  readonly operands: readonly ValueType[];
  /** What is overwritten, from the address that is the first operand; null for the call of a function that only wipes. */
  readonly region: { readonly offset: number; readonly length: number | 'third operand' } | null;
}

/** A wipe: one instruction, or the stores in a row, over adjacent addresses, into which the compiler unrolls it. */
export interface WipeSite {
  readonly name: string;
  readonly functionIndex: number;
  readonly instructions: readonly WipeInstruction[];
}

/** Removes a wipe from a module that was decoded from the same bytes as the one in which it was found. */
export function removeWipe(module: WasmModule, { functionIndex, instructions }: WipeSite): void {
  for (const { position, operands } of [...instructions].reverse()) {
    module.functions[functionIndex]?.body.splice(position, 1, ...operands.map(() => instruction('drop')));
  }
}

/** What a function that only wipes consists of. */
const WIPING =
  /^(local\.get|i32\.const|i32\.add|v128\.const|i64\.const|memory\.fill|v128\.store|i64\.store|call|end|nop)$/;

/** The functions that do nothing but wipe: no results, no loads, no branches, and calls of each other only. */
function wipingFunctions(module: WasmModule): Set<number> {
  const wiping = new Set<number>();
  for (let before = -1; before !== wiping.size; ) {
    before = wiping.size;
    module.functions.forEach(({ body }, index) => {
      const calls = body.filter(({ name }) => name === 'call');
      const onlyWipes =
        body.every(({ name }) => WIPING.test(name)) && body.some(({ name }) => /fill|store|call/.test(name));
      const known = calls.every(({ immediates: [callee = -1] }) => wiping.has(callee));
      if (onlyWipes && known && signatureOf(module, index).results.length === 0) wiping.add(index);
    });
  }
  return wiping;
}

/** Stores that may write zeros over what was there: the types of what they store, and the sizes. */
const ZERO_STORES: ReadonlyMap<string, { readonly type: ValueType; readonly length: number }> = new Map([
  ['v128.store', { type: V128, length: 16 }],
  ['i64.store', { type: I64, length: 8 }],
  ['i32.store', { type: I32, length: 4 }],
]);

/** What the instruction at the position wipes, and from which operands; undefined if it wipes nothing. */
function wipeAt(
  body: readonly Instruction[],
  position: number,
): Pick<WipeInstruction, 'operands' | 'region'> | undefined {
  const name = body[position]?.name ?? '';
  const isZero = (one: Instruction | undefined) => {
    return one?.constant === 0n || (one?.name === 'v128.const' && one.immediates.every((byte) => byte === 0));
  };
  if (name === 'memory.fill' && isZero(body[position - 2])) {
    return { operands: [I32, I32, I32], region: { offset: 0, length: 'third operand' } };
  }
  const store = ZERO_STORES.get(name);
  if (store === undefined || !isZero(body[position - 1])) return undefined;
  const offset = body[position]?.immediates[1] ?? 0;
  return { operands: [I32, store.type], region: { offset, length: store.length } };
}

/**
 * Every `memory.fill` with zeros, every store of a constant zero, and every call of a function that only wipes. What stands inside such a
 * function counts only where it is not called from within the module (its callers are sites themselves).
 */
export function wipeSites(module: WasmModule): WipeSite[] {
  const wiping = wipingFunctions(module);
  const called = new Set(module.functions.flatMap(({ body }) => body.map((one) => calleeOf(one))));
  return module.functions.flatMap(({ body }, functionIndex) => {
    if (wiping.has(functionIndex) && called.has(functionIndex)) return [];
    const own = module.names[functionIndex] ?? `#${functionIndex}`;
    const found = body.flatMap((one, position): WipeInstruction[] => {
      const wipe = wipeAt(body, position);
      if (wipe !== undefined) return [{ position, ...wipe }];
      const callee = calleeOf(one);
      return wiping.has(callee) ? [{ position, operands: signatureOf(module, callee).parameters, region: null }] : [];
    });
    return inRows(body, found).map((instructions) => {
      const position = instructions[0]?.position ?? 0;
      return { name: `${body[position]?.name} at ${own}+${position}`, functionIndex, instructions };
    });
  });
}

/** Joins stores that follow each other, in the code and in memory. */
function inRows(body: readonly Instruction[], found: readonly WipeInstruction[]): WipeInstruction[][] {
  const rows: WipeInstruction[][] = [];
  let end: Place | undefined;
  for (const one of found) {
    const start = startOf(body, one);
    const row = rows.at(-1);
    const previous = row?.at(-1)?.position ?? -1;
    const isNext =
      one.position - previous === 3 && start !== undefined && start.base === end?.base && start.at === end.at;
    // A long wipe goes on from a base that is moved: local.get, i32.const, i32.add or sub, local.tee, zero, store.
    const movesOn = one.position - previous === 6 && body[one.position - 2]?.name === 'local.tee';
    if (row !== undefined && (isNext || (movesOn && start?.base === end?.base))) row.push(one);
    else rows.push([one]);
    const length = one.region?.length;
    end = start && typeof length === 'number' ? { base: start.base, at: start.at + length } : undefined;
  }
  return rows;
}

/** An address: a local or nothing, and a distance from it. */
interface Place {
  readonly base: string;
  readonly at: number;
}

/** Where a store to a local or constant address begins. */
function startOf(body: readonly Instruction[], { position, region }: WipeInstruction): Place | undefined {
  const address = body[position - 2];
  if (region === null || typeof region.length !== 'number' || address === undefined) return undefined;
  const isLocal = /^local\.(get|tee)$/.test(address.name);
  const base = isLocal ? `local ${address.immediates[0]}` : address.name;
  return { base, at: Number(address.constant ?? 0n) + region.offset };
}

/** The function that the instruction calls, −1 if it is no call. */
function calleeOf({ name, immediates }: Instruction): number {
  return name === 'call' ? (immediates[0] ?? -1) : -1;
}
