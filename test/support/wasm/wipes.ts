/**
 * Finds every place where the core wipes memory, and makes variants of it that leave one of them out.
 *
 * @module
 */
import { I32, I64, type Instruction, instruction, parameterCount, signatureOf, type WasmModule } from './module.js';

/** A place where zeros are written over memory. */
export interface WipeSite {
  readonly name: string;
  readonly functionIndex: number;
  readonly position: number;
  /** Whether it is the call of a function that only wipes, and not a `memory.fill`. */
  readonly isCall: boolean;
  /** Removes the wipe from a module that was decoded from the same bytes. */
  readonly remove: (module: WasmModule) => void;
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

function replaceAt(name: string, index: number, position: number, replacement: readonly Instruction[]): WipeSite {
  return {
    name: `${name}+${position}`,
    functionIndex: index,
    position,
    isCall: replacement.length !== 3 || name.includes(' calling '),
    remove: (module) => {
      module.functions[index]?.body.splice(position, 1, ...replacement);
    },
  };
}

/**
 * Every `memory.fill` with zeros and every call of a function that only wipes. A `memory.fill` inside such a function counts only where
 * the function is not called from within the module (its callers are sites themselves).
 */
export function wipeSites(module: WasmModule): WipeSite[] {
  const wiping = wipingFunctions(module);
  const called = new Set(
    module.functions.flatMap(({ body }) =>
      body.filter(({ name }) => name === 'call').map((one) => one.immediates[0] ?? -1),
    ),
  );
  const sites: WipeSite[] = [];
  module.functions.forEach(({ body }, index) => {
    if (wiping.has(index) && called.has(index)) return;
    const name = module.names[index] ?? `#${index}`;
    body.forEach((one, position) => {
      const drop = instruction('drop');
      if (one.name === 'memory.fill' && fillsWithZeros(body, position))
        sites.push(replaceAt(name, index, position, [drop, drop, drop]));
      const [callee = -1] = one.immediates;
      if (one.name !== 'call' || !wiping.has(callee)) return;
      const drops = Array.from({ length: parameterCount(module, callee) }, () => drop);
      sites.push(
        replaceAt(
          `${name} calling ${module.names[callee]}`,
          index,
          position,
          drops.length > 0 ? drops : [instruction('nop')],
        ),
      );
    });
  });
  return sites;
}

/** Whether the value operand of a `memory.fill` is the constant 0; the length behind it is one instruction. */
function fillsWithZeros(body: readonly Instruction[], position: number): boolean {
  return body[position - 2]?.constant === 0n;
}

/** The name of the exported global with the digest of all that a site has overwritten. */
export function siteDigest(site: WipeSite): string {
  return `wipes.digest.${site.name}`;
}

/**
 * Adds to every `memory.fill` site a digest of what it overwrites, in a global of its own: where the digests of two runs with different
 * secrets differ, the site wipes something secret. (A call of a function that only wipes needs no such test.)
 */
export function digestBeforeWipes(module: WasmModule): void {
  const sites = wipeSites(module);
  const digest = module.functions.length;
  module.types.push({ parameters: [I32, I32, I64], results: [I64] });
  module.functions.push({ type: module.types.length - 1, locals: [], body: digestBody() });
  // From back to front, so that the positions of the other sites stay as they are.
  for (const site of [...sites].reverse()) {
    if (site.isCall) continue;
    const target = module.functions[site.functionIndex];
    if (target === undefined) continue;
    module.globals.push({ type: I64, mutable: true, initial: [instruction('i64.const', 0), instruction('end')] });
    const total = module.globals.length - 1;
    module.exports.push({ name: siteDigest(site), kind: 3, index: total });
    const first = parameterCount(module, site.functionIndex) + target.locals.length;
    target.locals.push(I32, I32, I32);
    const operands = [first, first + 1, first + 2];
    target.body.splice(
      site.position,
      0,
      ...[...operands].reverse().map((local) => instruction('local.set', local)),
      instruction('local.get', first),
      instruction('local.get', first + 2),
      instruction('global.get', total),
      instruction('call', digest),
      instruction('global.set', total),
      ...operands.map((local) => instruction('local.get', local)),
    );
  }
}

/** `digest(address, length, before)`: folds the bytes into the digest before. */
function digestBody(): Instruction[] {
  const open = (name: 'block' | 'loop', opcode: number): Instruction => ({
    name,
    immediates: [-64],
    bytes: [opcode, 0x40],
  });
  return [
    open('block', 0x02),
    open('loop', 0x03),
    instruction('local.get', 1),
    instruction('i32.eqz'),
    instruction('br_if', 1),
    instruction('local.get', 2),
    instruction('local.get', 0),
    instruction('i64.load8_u', 0, 0),
    instruction('i64.xor'),
    instruction('i64.const', 0x100000001b3),
    instruction('i64.mul'),
    instruction('local.set', 2),
    instruction('local.get', 0),
    instruction('i32.const', 1),
    instruction('i32.add'),
    instruction('local.set', 0),
    instruction('local.get', 1),
    instruction('i32.const', 1),
    instruction('i32.sub'),
    instruction('local.set', 1),
    instruction('br', 0),
    instruction('end'),
    instruction('end'),
    instruction('local.get', 2),
    instruction('end'),
  ];
}
