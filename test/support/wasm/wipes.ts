/**
 * Finds every place where the core wipes memory, and makes variants of it that leave one of them out.
 *
 * @module
 */
import { I32, type Instruction, instruction, parameterCount, signatureOf, type WasmModule } from './module.js';

/** A place where zeros are written over memory. */
export interface WipeSite {
  readonly name: string;
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

/** The name of the exported global that {@link skipOneCall} adds: how many calls are left until one is skipped. */
export const CALLS_UNTIL_SKIP = 'wipes.callsUntilSkip';

/**
 * Lets one call of an exported function return at once: the calls from JavaScript of a function that returns nothing. Which one is set in the
 * global {@link CALLS_UNTIL_SKIP}; it counts down. Calls within the module go on.
 */
export function skipOneCall(module: WasmModule, name: string): void {
  const index = module.exports.findIndex((one) => one.kind === 0 && one.name === name);
  const exported = module.exports[index];
  const original = exported && module.functions[exported.index];
  if (exported === undefined || original === undefined) throw new Error(`no exported function ${name}`);
  module.globals.push({ type: I32, mutable: true, initial: [instruction('i32.const', 0), instruction('end')] });
  const counter = module.globals.length - 1;
  const skipping = [
    instruction('global.get', counter),
    instruction('i32.const', 1),
    instruction('i32.sub'),
    instruction('global.set', counter),
    instruction('global.get', counter),
    instruction('i32.eqz'),
    { name: 'if', immediates: [-64], bytes: [0x04, 0x40] },
    instruction('return'),
    instruction('end'),
  ];
  module.functions.push({ ...original, locals: [...original.locals], body: [...skipping, ...original.body] });
  module.names.push(`${name} skipping`);
  module.exports[index] = { ...exported, index: module.functions.length - 1 };
  module.exports.push({ name: CALLS_UNTIL_SKIP, kind: 3, index: counter });
}
