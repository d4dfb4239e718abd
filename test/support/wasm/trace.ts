/**
 * Makes a module report what an observer of its timing could see: every condition of a branch or `select`, every target of an indirect call, every
 * address that is read or written, every length of a bulk operation, and both operands of every division. The reports are folded into
 * a running 64-bit hash inside the module, which costs little; where two runs differ, the place is found by stopping the hash earlier.
 *
 * @module
 */
import {
  encodeModule,
  I32,
  I64,
  type Instruction,
  instruction,
  parameterCount,
  V128,
  type ValueType,
  type WasmModule,
} from './module.js';

/** Where a report comes from. */
interface TraceSite {
  readonly function: string;
  readonly position: number;
  readonly instruction: string;
}

/** An instrumented module: its bytes and what the site numbers stand for. */
export interface TracedModule {
  readonly binary: Uint8Array<ArrayBuffer>;
  readonly sites: readonly TraceSite[];
}

/** Exports that the instrumentation adds; the globals are 64-bit. */
export const TRACE_EXPORT = {
  hash: 'trace.hash',
  count: 'trace.count',
  limit: 'trace.limit',
  site: 'trace.site',
  value: 'trace.value',
} as const;

const MIX_SITE = 0x9e3779b97f4a7c15n;
const MIX_STEP = 0xd6e8feb86659fd93n;
const signed = (value: bigint) => BigInt.asIntN(64, value);

/**
 * The operands of an instruction from the bottom of the stack to the top, and which of them an observer may learn; null where there is
 * nothing to report. A letter is one operand: `r` reported and `-` not, of the given types.
 */
function observation(name: string): { types: ValueType[]; reported: boolean[] } | null {
  const of = (types: ValueType[], marks: string) => ({ types, reported: [...marks].map((mark) => mark === 'r') });
  if (/^(if|br_if|br_table|select|call_indirect)$/.test(name)) return of([I32], 'r');
  if (name === 'memory.fill') return of([I32, I32, I32], 'r-r');
  if (name === 'memory.copy' || name === 'memory.init') return of([I32, I32, I32], 'rrr');
  if (/^i32\.(div|rem)/.test(name)) return of([I32, I32], 'rr');
  if (/^i64\.(div|rem)/.test(name)) return of([I64, I64], 'rr');
  if (/^[fF]/.test(name)) throw new Error(`floating point in the core: ${name}`);
  if (/^v128\.load\d+_lane|^v128\.store/.test(name)) return of([I32, V128], 'r-');
  if (/^i32\.store/.test(name)) return of([I32, I32], 'r-');
  if (/^i64\.store/.test(name)) return of([I32, I64], 'r-');
  if (/\.load/.test(name)) return of([I32], 'r');
  return null;
}

/** Temporary locals of one function, made as needed and used again at every site. */
class Temporaries {
  readonly #first: number;
  readonly #types: ValueType[];
  readonly #byOperand = new Map<string, number>();

  constructor(first: number, types: ValueType[]) {
    this.#first = first;
    this.#types = types;
  }

  for(operand: number, type: ValueType): number {
    const key = `${operand}:${type}`;
    const known = this.#byOperand.get(key);
    if (known !== undefined) return known;
    const index = this.#first + this.#types.length;
    this.#types.push(type);
    this.#byOperand.set(key, index);
    return index;
  }
}

function traceBody(module: WasmModule, index: number, record: number, sites: TraceSite[]): void {
  const target = module.functions[index];
  if (target === undefined) return;
  const temporaries = new Temporaries(parameterCount(module, index), target.locals);
  const body: Instruction[] = [];
  target.body.forEach((original, position) => {
    const seen = observation(original.name);
    if (seen !== null) {
      const { types, reported } = seen;
      const locals = types.map((type, operand) => temporaries.for(operand, type));
      for (const local of [...locals].reverse()) body.push(instruction('local.set', local));
      locals.forEach((local, operand) => {
        if (!reported[operand]) return;
        body.push(instruction('i64.const', sites.length), instruction('local.get', local));
        if (types[operand] === I32) body.push(instruction('i64.extend_i32_u'));
        body.push(instruction('call', record));
        sites.push({ function: module.names[index] ?? `#${index}`, position, instruction: original.name });
      });
      for (const local of locals) body.push(instruction('local.get', local));
    }
    body.push(original);
  });
  target.body = body;
}

/** `record(site, value)`: counts the report and, up to the limit, folds it into the hash and remembers it. */
function recordBody(first: number): Instruction[] {
  const [hash, count, limit, site, value] = [first, first + 1, first + 2, first + 3, first + 4];
  return [
    instruction('global.get', count),
    instruction('i64.const', 1),
    instruction('i64.add'),
    instruction('global.set', count),
    instruction('global.get', count),
    instruction('global.get', limit),
    instruction('i64.gt_u'),
    { name: 'if', immediates: [-64], bytes: [0x04, 0x40] },
    instruction('return'),
    instruction('end'),
    instruction('local.get', 0),
    instruction('global.set', site),
    instruction('local.get', 1),
    instruction('global.set', value),
    instruction('global.get', hash),
    instruction('local.get', 0),
    instruction('i64.const', signed(MIX_SITE)),
    instruction('i64.mul'),
    instruction('i64.xor'),
    instruction('i64.const', 29),
    instruction('i64.rotl'),
    instruction('i64.const', signed(MIX_STEP)),
    instruction('i64.mul'),
    instruction('local.get', 1),
    instruction('i64.add'),
    instruction('i64.const', 31),
    instruction('i64.rotl'),
    instruction('i64.const', signed(MIX_STEP)),
    instruction('i64.mul'),
    instruction('global.set', hash),
    instruction('end'),
  ];
}

/** Adds a 64-bit global under this export name; its index. */
function addGlobal(module: WasmModule, name: string): number {
  module.globals.push({ type: I64, mutable: true, initial: [instruction('i64.const', 0), instruction('end')] });
  module.exports.push({ name, kind: 3, index: module.globals.length - 1 });
  return module.globals.length - 1;
}

/** Counts the calls of every exported function in a global of its own. */
function countCalls(module: WasmModule): void {
  for (const { name, index } of module.exports.filter(({ kind }) => kind === 0)) {
    const counter = addGlobal(module, callCounter(name));
    const counting = [
      instruction('global.get', counter),
      instruction('i64.const', 1),
      instruction('i64.add'),
      instruction('global.set', counter),
    ];
    module.functions[index]?.body.unshift(...counting);
  }
}

/** The name of the global that counts the calls of an exported function. */
export function callCounter(name: string): string {
  return `trace.calls.${name}`;
}

/** Adds the reports to every function of the module (which is changed) and encodes it. */
export function traceModule(module: WasmModule): TracedModule {
  const sites: TraceSite[] = [];
  const record = module.functions.length;
  const firstGlobal = module.globals.length;
  for (let index = 0; index < record; index++) traceBody(module, index, record, sites);
  module.types.push({ parameters: [I64, I64], results: [] });
  module.functions.push({ type: module.types.length - 1, locals: [], body: recordBody(firstGlobal) });
  for (const name of Object.values(TRACE_EXPORT)) addGlobal(module, name);
  countCalls(module);
  return { binary: encodeModule(module), sites };
}

/** A run's trace: how many reports, and their hash. */
export interface Trace {
  readonly count: bigint;
  readonly hash: bigint;
}

/** Records the traces of calls into an instance of a {@link TracedModule}. */
export class TraceRecorder {
  readonly #global: (name: keyof typeof TRACE_EXPORT) => WebAssembly.Global<'i64'>;
  readonly #sites: readonly TraceSite[];

  constructor(exports: WebAssembly.Exports, sites: readonly TraceSite[]) {
    this.#sites = sites;
    this.#global = (name) => exports[TRACE_EXPORT[name]] as WebAssembly.Global<'i64'>;
  }

  /** The trace of what `action` runs inside the module, up to `limit` reports. */
  record(action: () => void, limit = 2n ** 62n): Trace {
    this.#global('hash').value = 0n;
    this.#global('count').value = 0n;
    this.#global('limit').value = limit;
    action();
    return { count: this.#global('count').value, hash: BigInt.asUintN(64, this.#global('hash').value) };
  }

  /** Describes the first report in which two actions differ. */
  firstDifference(one: () => void, other: () => void): string {
    let equal = 0n;
    let different = this.record(one).count + 1n;
    while (different - equal > 1n) {
      const middle = (equal + different) / 2n;
      if (this.record(one, middle).hash === this.record(other, middle).hash) equal = middle;
      else different = middle;
    }
    const describe = (action: () => void) => {
      this.record(action, different);
      const site = this.#sites[Number(this.#global('site').value)];
      return `${site?.instruction} at ${site?.function}+${site?.position} = ${this.#global('value').value}`;
    };
    return `report ${different}: ${describe(one)} / ${describe(other)}`;
  }
}
