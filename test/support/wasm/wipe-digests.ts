/**
 * Finds out which wipes meet a secret: a variant of the core that digests what each wipe is about to overwrite.
 *
 * @module
 */
import { I32, I64, type Instruction, instruction, parameterCount, type WasmModule } from './module.js';
import { type WipeInstruction, type WipeSite, wipeSites } from './wipes.js';

/** The name of the exported global with the digest of all that a site has overwritten. */
export function siteDigest(site: WipeSite): string {
  return `wipes.digest.${site.name}`;
}

/**
 * Adds to every site that overwrites a region a digest of it, in a global of its own: where the digests of two runs with different secrets
 * differ, the site wipes something secret. (A call of a function that only wipes needs no such test.)
 */
export function digestBeforeWipes(module: WasmModule): void {
  const sites = wipeSites(module);
  const digest = module.functions.length;
  module.types.push({ parameters: [I32, I32, I64], results: [I64] });
  module.functions.push({ type: module.types.length - 1, locals: [], body: digestBody() });
  // From back to front, so that the positions of the others stay as they are.
  for (const site of [...sites].reverse()) {
    module.globals.push({ type: I64, mutable: true, initial: [instruction('i64.const', 0), instruction('end')] });
    const total = module.globals.length - 1;
    module.exports.push({ name: siteDigest(site), kind: 3, index: total });
    for (const one of [...site.instructions].reverse()) digestBefore(module, site.functionIndex, one, digest, total);
  }
}

function digestBefore(
  module: WasmModule,
  functionIndex: number,
  { position, operands, region }: WipeInstruction,
  digest: number,
  total: number,
): void {
  const target = module.functions[functionIndex];
  if (target === undefined || region === null) return;
  const first = parameterCount(module, functionIndex) + target.locals.length;
  target.locals.push(...operands);
  const locals = operands.map((_, i) => first + i);
  const { offset, length } = region;
  target.body.splice(
    position,
    0,
    ...[...locals].reverse().map((local) => instruction('local.set', local)),
    instruction('local.get', first),
    instruction('i32.const', offset),
    instruction('i32.add'),
    length === 'third operand' ? instruction('local.get', first + 2) : instruction('i32.const', length),
    instruction('global.get', total),
    instruction('call', digest),
    instruction('global.set', total),
    ...locals.map((local) => instruction('local.get', local)),
  );
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
