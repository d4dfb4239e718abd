/**
 * Runs functions of a WebAssembly module on {@link AbstractInteger}s: branches and addresses follow the sample run, values carry what holds in
 * every run. In constant-time code, where both never depend on secrets, that covers every input; elsewhere, every input that takes the
 * same way.
 *
 * @module
 */
import { I32, I64, type Instruction, signatureOf, type ValueType, type WasmModule } from '../wasm/module.js';
import { AbstractArithmetic, type AbstractInteger, type Overflow, type Width } from './abstract-integer.js';
import { AbstractMemory } from './abstract-memory.js';
import { type AbstractVector, constantVector, laneOf, lanesOf, vectorOf } from './lanes.js';
import { binaryOperation, scalarAccess, unaryOperation } from './scalar-instructions.js';
import { anyTrue, shuffle, splat, vectorBinary, vectorShift } from './vector-instructions.js';

type AbstractValue = AbstractInteger | AbstractVector;

/** An overflow and the function in which it was seen. */
export interface LocatedOverflow extends Overflow {
  readonly function: string;
  readonly position: number;
}

/** A block that is open: where a jump to it goes, and the height of the stack that it leaves. */
interface Label {
  readonly target: number;
  readonly isLoop: boolean;
  readonly height: number;
  readonly results: number;
}

/** One call of a function. */
interface Frame {
  readonly index: number;
  readonly body: readonly Instruction[];
  readonly locals: AbstractValue[];
  readonly stack: AbstractValue[];
  readonly labels: Label[];
  position: number;
}

/** The state that a module's functions share: memory and globals. */
export interface MachineState {
  readonly memory: Uint8Array;
  readonly globals: readonly bigint[];
  /** The argument window, whose bytes are inputs. */
  readonly window: { readonly start: number; readonly end: number };
}

/** Runs functions of one module; see the module's comment. */
export class AbstractInterpreter {
  readonly arithmetic: AbstractArithmetic;
  readonly memory: AbstractMemory;
  /** Everything that may overflow, as it was met. */
  readonly overflows: LocatedOverflow[] = [];
  /** The functions that have run, by name. */
  readonly executed = new Set<string>();
  readonly #module: WasmModule;
  readonly #globals: AbstractValue[];
  readonly #blockEnds: (ReadonlyMap<number, { end: number; otherwise: number | undefined }> | undefined)[] = [];
  readonly #frames: Frame[] = [];

  constructor(module: WasmModule, state: MachineState) {
    this.#module = module;
    this.arithmetic = new AbstractArithmetic((overflow) => this.#report(overflow));
    this.memory = new AbstractMemory(state.memory, this.arithmetic, state.window);
    this.#globals = state.globals.map((value, i) => this.#constantOf(module.globals[i]?.type ?? I32, value));
  }

  /** Runs a function on constant arguments and gives the sample run's result. */
  call(index: number, ...parameters: number[]): bigint | undefined {
    const types = signatureOf(this.#module, index).parameters;
    const values = parameters.map((value, i) => this.#constantOf(types[i] ?? I32, BigInt(value)));
    const [result] = this.#run(index, values);
    return result !== undefined && 'bits' in result ? result.bits : undefined;
  }

  #constantOf(type: ValueType, value: bigint): AbstractValue {
    if (type === I32) return this.arithmetic.constant(32, value);
    if (type === I64) return this.arithmetic.constant(64, value);
    return constantVector(this.arithmetic, value);
  }

  #report(overflow: Overflow): void {
    const frame = this.#frames.at(-1);
    const name = frame === undefined ? 'outside' : (this.#module.names[frame.index] ?? `#${frame.index}`);
    this.overflows.push({ ...overflow, function: name, position: frame?.position ?? 0 });
  }

  #run(index: number, parameters: readonly AbstractValue[]): AbstractValue[] {
    const target = this.#module.functions[index];
    if (target === undefined) throw new Error(`no function ${index}`);
    this.executed.add(this.#module.names[index] ?? `#${index}`);
    const { results } = signatureOf(this.#module, index);
    const locals = [...parameters, ...target.locals.map((type) => this.#constantOf(type, 0n))];
    const labels = [{ target: target.body.length, isLoop: false, height: 0, results: results.length }];
    const frame: Frame = { index, body: target.body, locals, stack: [], labels, position: 0 };
    this.#frames.push(frame);
    while (frame.position < frame.body.length) this.#step(frame);
    this.#frames.pop();
    return frame.stack.slice(frame.stack.length - results.length);
  }

  #step(frame: Frame): void {
    const current = frame.body[frame.position] as Instruction;
    const { name, immediates } = current;
    frame.position++;
    if (this.#control(frame, current) || this.#variable(frame, current) || this.#memoryAccess(frame, current)) return;
    const { arithmetic } = this;
    const { stack } = frame;
    const binary = binaryOperation(name);
    const unary = unaryOperation(name);
    if (binary !== undefined) {
      const [b, a] = [popInteger(stack), popInteger(stack)];
      stack.push(binary(arithmetic, a, b));
    } else if (unary !== undefined) stack.push(unary(arithmetic, popInteger(stack)));
    else if (name === 'i32.const') stack.push(arithmetic.constant(32, current.constant ?? 0n));
    else if (name === 'i64.const') stack.push(arithmetic.constant(64, current.constant ?? 0n));
    else if (name === 'v128.const') stack.push(constantVector(arithmetic, littleEndian(immediates)));
    else if (name === 'i8x16.shuffle') {
      const [b, a] = [popVector(stack), popVector(stack)];
      stack.push(shuffle(arithmetic, immediates, a, b));
    } else if (name.endsWith('.splat')) stack.push(splat(name, popInteger(stack), arithmetic));
    else if (name === 'v128.any_true') stack.push(anyTrue(arithmetic, popVector(stack)));
    else if (/\.extract_lane/.test(name)) {
      stack.push(laneOf(arithmetic, popVector(stack), name.startsWith('i64x2') ? 64 : 32, immediates[0] ?? 0));
    } else if (/\.replace_lane/.test(name)) this.#replaceLane(stack, name, immediates[0] ?? 0);
    else if (/x\d+\.sh[lr]/.test(name)) {
      const [count, a] = [popInteger(stack), popVector(stack)];
      stack.push(vectorShift(arithmetic, name, a, count));
    } else {
      const [b, a] = [popVector(stack), popVector(stack)];
      stack.push(vectorBinary(arithmetic, name, a, b));
    }
  }

  #replaceLane(stack: AbstractValue[], name: string, index: number): void {
    const width: Width = name.startsWith('i64x2') ? 64 : 32;
    const [lane, vector] = [popInteger(stack), popVector(stack)];
    stack.push(vectorOf(lanesOf(this.arithmetic, vector, width).with(index, lane)));
  }

  /** Control instructions; false if it is none. */
  #control(frame: Frame, { name, immediates }: Instruction): boolean {
    const { stack, labels } = frame;
    switch (name) {
      case 'block':
      case 'loop':
        this.#open(frame, immediates[0] ?? -64, name === 'loop');
        return true;
      case 'if': {
        const condition = popInteger(stack).bits;
        const { otherwise, end } = this.#blockAt(frame, frame.position - 1);
        this.#open(frame, immediates[0] ?? -64, false);
        if (condition === 0n) frame.position = otherwise === undefined ? end : otherwise + 1;
        return true;
      }
      case 'else':
        frame.position = (labels.at(-1)?.target ?? 0) - 1;
        return true;
      case 'end':
        labels.pop();
        return true;
      case 'br':
        jump(frame, immediates[0] ?? 0);
        return true;
      case 'br_if':
        if (popInteger(stack).bits !== 0n) jump(frame, immediates[0] ?? 0);
        return true;
      case 'br_table': {
        const choice = Number(popInteger(stack).bits);
        jump(frame, immediates[Math.min(choice, immediates.length - 1)] ?? 0);
        return true;
      }
      case 'return':
        jump(frame, labels.length - 1);
        return true;
      case 'call':
        this.#call(stack, immediates[0] ?? 0);
        return true;
      case 'nop':
        return true;
      case 'unreachable':
        throw new Error('the sample run reached an unreachable instruction');
      default:
        return false;
    }
  }

  #call(stack: AbstractValue[], index: number): void {
    const count = signatureOf(this.#module, index).parameters.length;
    stack.push(...this.#run(index, stack.splice(stack.length - count, count)));
  }

  /** Opens the block whose first instruction is the next one. */
  #open(frame: Frame, blockType: number, isLoop: boolean): void {
    const start = frame.position - 1;
    const signature = blockType >= 0 ? this.#module.types[blockType] : undefined;
    const results = signature?.results.length ?? (blockType === -64 ? 0 : 1);
    const parameters = signature?.parameters.length ?? 0;
    const height = frame.stack.length - parameters;
    const target = isLoop ? frame.position : this.#blockAt(frame, start).end + 1;
    frame.labels.push({ target, isLoop, height, results: isLoop ? parameters : results });
  }

  #blockAt(frame: Frame, start: number): { end: number; otherwise: number | undefined } {
    this.#blockEnds[frame.index] ??= matchBlocks(frame.body);
    const block = this.#blockEnds[frame.index]?.get(start);
    if (block === undefined) throw new Error(`no block starts at ${start}`);
    return block;
  }

  /** Locals, globals, and what only moves values; false for other instructions. */
  #variable({ stack, locals }: Frame, { name, immediates }: Instruction): boolean {
    const index = immediates[0] ?? 0;
    switch (name) {
      case 'local.get':
        stack.push(locals[index] as AbstractValue);
        return true;
      case 'local.set':
        locals[index] = pop(stack);
        return true;
      case 'local.tee':
        locals[index] = stack.at(-1) as AbstractValue;
        return true;
      case 'global.get':
        stack.push(this.#globals[index] as AbstractValue);
        return true;
      case 'global.set':
        this.#globals[index] = pop(stack);
        return true;
      case 'drop':
        pop(stack);
        return true;
      case 'select': {
        const [condition, otherwise, chosen] = [popInteger(stack), pop(stack), pop(stack)];
        stack.push(condition.bits === 0n ? otherwise : chosen);
        return true;
      }
      default:
        return false;
    }
  }

  /** Loads, stores, fills and copies; false for other instructions. */
  #memoryAccess({ stack }: Frame, { name, immediates }: Instruction): boolean {
    const offset = immediates[1] ?? 0;
    const popAddress = () => Number(popInteger(stack).bits);
    const scalar = scalarAccess(name);
    if (scalar?.isStore) {
      const value = this.arithmetic.lowPartIfNarrower(popInteger(stack), scalar.memory);
      this.memory.store(popAddress() + offset, value);
    } else if (scalar !== undefined) {
      const loaded = this.memory.load(popAddress() + offset, scalar.memory);
      const { value, isSigned } = scalar;
      stack.push(
        isSigned ? this.arithmetic.signExtended(loaded, value) : this.arithmetic.resized(loaded, value, 'load'),
      );
    } else if (name === 'memory.fill') {
      const [length, byte] = [popAddress(), popAddress()];
      this.memory.fill(popAddress(), byte, length);
    } else if (name === 'memory.copy') {
      const [length, source] = [popAddress(), popAddress()];
      this.memory.copy(popAddress(), source, length);
    } else if (name === 'v128.store') {
      const { width, lanes } = popVector(stack);
      const address = popAddress() + offset;
      for (const [i, lane] of lanes.entries()) this.memory.store(address + (i * width) / 8, lane);
    } else if (name.startsWith('v128.load')) stack.push(this.#loadVector(name, popAddress() + offset));
    else return false;
    return true;
  }

  #loadVector(name: string, address: number): AbstractVector {
    const { arithmetic, memory } = this;
    const zero = arithmetic.constant(32, 0n);
    const loadTwo = () => [memory.load(address, 32), memory.load(address + 4, 32)];
    switch (name) {
      case 'v128.load':
        if (memory.holds(address, 64)) return vectorOf([memory.load(address, 64), memory.load(address + 8, 64)]);
        return vectorOf([0, 4, 8, 12].map((start) => memory.load(address + start, 32)));
      case 'v128.load32_splat':
        return vectorOf(Array(4).fill(memory.load(address, 32)));
      case 'v128.load64_splat':
        return vectorOf([...loadTwo(), ...loadTwo()]);
      case 'v128.load32_zero':
        return vectorOf([memory.load(address, 32), zero, zero, zero]);
      case 'v128.load64_zero':
        return vectorOf([...loadTwo(), zero, zero]);
      default:
        throw new Error(`the proof does not know ${name}`);
    }
  }
}

function pop(stack: AbstractValue[]): AbstractValue {
  const value = stack.pop();
  if (value === undefined) throw new Error('the stack is empty');
  return value;
}

function popInteger(stack: AbstractValue[]): AbstractInteger {
  const value = pop(stack);
  if (!('bits' in value)) throw new Error('an integer was expected');
  return value;
}

function popVector(stack: AbstractValue[]): AbstractVector {
  const value = pop(stack);
  if ('bits' in value) throw new Error('a vector was expected');
  return value;
}

/** Leaves `depth` blocks and the one around them, or starts that one anew if it is a loop. */
function jump(frame: Frame, depth: number): void {
  const { labels, stack } = frame;
  const label = labels[labels.length - 1 - depth];
  if (label === undefined) throw new Error('a jump out of the function');
  const kept = stack.splice(stack.length - label.results, label.results);
  stack.length = label.height;
  stack.push(...kept);
  labels.length -= label.isLoop ? depth : depth + 1;
  frame.position = label.target;
}

function matchBlocks(body: readonly Instruction[]): Map<number, { end: number; otherwise: number | undefined }> {
  const blocks = new Map<number, { end: number; otherwise: number | undefined }>();
  const open: { start: number; otherwise: number | undefined }[] = [];
  body.forEach(({ name }, position) => {
    if (name === 'block' || name === 'loop' || name === 'if') open.push({ start: position, otherwise: undefined });
    const innermost = open.at(-1);
    if (name === 'else' && innermost !== undefined) innermost.otherwise = position;
    if (name !== 'end' || innermost === undefined) return;
    open.pop();
    blocks.set(innermost.start, { end: position, otherwise: innermost.otherwise });
  });
  return blocks;
}

function littleEndian(bytes: readonly number[]): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
