/**
 * A WebAssembly binary taken apart into what the proofs look at: signatures, function bodies as lists of instructions, globals, exports
 * and data. Whatever is only appended leaves every index valid, so that {@link encodeModule} needs no rewriting.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { BinaryReader, signedLeb, unsignedLeb } from './leb128.js';
import { immediateKind, instructionName, opcodeBytes } from './opcodes.js';

/** A value type as its byte: 0x7f i32, 0x7e i64, 0x7d f32, 0x7c f64, 0x7b v128. */
export type ValueType = number;
export const I32 = 0x7f;
export const I64 = 0x7e;
export const V128 = 0x7b;

/** One instruction with its immediates (for `v128.const` and shuffles: 16 bytes) and its bytes in the binary. */
export interface Instruction {
  readonly name: string;
  readonly immediates: readonly number[];
  /** The value of `i32.const` and `i64.const`. */
  readonly constant?: bigint;
  readonly bytes: readonly number[] | Uint8Array;
}

export interface Signature {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

interface WasmFunction {
  readonly type: number;
  /** Types of the locals behind the parameters. */
  locals: ValueType[];
  body: Instruction[];
}

interface Export {
  readonly name: string;
  readonly kind: number;
  readonly index: number;
}

interface Global {
  readonly type: ValueType;
  readonly mutable: boolean;
  readonly initial: readonly Instruction[];
}

export interface WasmModule {
  readonly types: Signature[];
  readonly functions: WasmFunction[];
  readonly globals: Global[];
  readonly exports: Export[];
  /** Names of the functions for people, by index. */
  readonly names: string[];
  /** The other sections, as they are. */
  readonly rest: ReadonlyMap<number, Uint8Array>;
}

/** Section numbers (§5.5.2). */
const SECTION = { type: 1, import: 2, function: 3, memory: 5, global: 6, export: 7, code: 10, data: 11, custom: 0 };

function readImmediates(reader: BinaryReader, name: string): { immediates: number[]; constant?: bigint } {
  switch (immediateKind(name)) {
    case 'none':
      return { immediates: [] };
    case 'block':
      return { immediates: [Number(reader.signed())] };
    case 'index':
      return { immediates: [reader.unsigned()] };
    case 'twoIndices':
    case 'memory':
      return { immediates: [reader.unsigned(), reader.unsigned()] };
    case 'memoryLane':
      return { immediates: [reader.unsigned(), reader.unsigned(), reader.byte()] };
    case 'table':
      return { immediates: [...reader.vector(() => reader.unsigned()), reader.unsigned()] };
    case 'lane':
      return { immediates: [reader.byte()] };
    case 'i32':
    case 'i64':
      return { immediates: [], constant: reader.signed() };
    case 'f32':
      return { immediates: [...reader.take(4)] };
    case 'f64':
      return { immediates: [...reader.take(8)] };
    case 'bytes16':
      return { immediates: [...reader.take(16)] };
  }
}

/** Reads instructions up to the `end` that closes the expression, which is part of the result. */
function readExpression(reader: BinaryReader): Instruction[] {
  const body: Instruction[] = [];
  for (let depth = 1; depth > 0; ) {
    const start = reader.position;
    const name = instructionName(reader.byte(), () => reader.unsigned());
    const immediates = readImmediates(reader, name);
    body.push({ name, ...immediates, bytes: reader.bytes.subarray(start, reader.position) });
    if (immediateKind(name) === 'block') depth++;
    if (name === 'end') depth--;
  }
  return body;
}

function readText(reader: BinaryReader): string {
  return new TextDecoder().decode(reader.take(reader.unsigned()));
}

function readSections(binary: Uint8Array): Map<number, Uint8Array> {
  const reader = new BinaryReader(binary);
  reader.take(8);
  const sections = new Map<number, Uint8Array>();
  while (!reader.done) {
    const id = reader.byte();
    const content = reader.take(reader.unsigned());
    if (id !== SECTION.custom) sections.set(id, content);
  }
  if (sections.has(SECTION.import)) throw new Error('a core without imports was expected');
  return sections;
}

function readFunction(reader: BinaryReader, type: number): WasmFunction {
  reader.unsigned();
  const locals = reader.vector(() => ({ count: reader.unsigned(), type: reader.byte() }));
  return {
    type,
    locals: locals.flatMap(({ count, type: one }) => Array(count).fill(one)),
    body: readExpression(reader),
  };
}

/** Takes a binary apart. */
function decodeModule(binary: Uint8Array): WasmModule {
  const sections = readSections(binary);
  const read = <Element>(id: number, element: (reader: BinaryReader, index: number) => Element): Element[] => {
    const content = sections.get(id);
    sections.delete(id);
    if (content === undefined) return [];
    const reader = new BinaryReader(content);
    let index = 0;
    return reader.vector(() => element(reader, index++));
  };
  const types = read(SECTION.type, (reader) => {
    reader.byte();
    return { parameters: reader.vector(() => reader.byte()), results: reader.vector(() => reader.byte()) };
  });
  const functionTypes = read(SECTION.function, (reader) => reader.unsigned());
  const functions = read(SECTION.code, (reader, i) => readFunction(reader, functionTypes[i] ?? 0));
  const globals = read(SECTION.global, (reader) => {
    return { type: reader.byte(), mutable: reader.byte() === 1, initial: readExpression(reader) };
  });
  const exports = read(SECTION.export, (reader) => {
    return { name: readText(reader), kind: reader.byte(), index: reader.unsigned() };
  });
  const names = functions.map((_, i) => exports.find(({ kind, index }) => kind === 0 && index === i)?.name ?? `#${i}`);
  return { types, functions, globals, exports, names, rest: sections };
}

function vectorBytes(elements: readonly (readonly number[])[]): number[] {
  return [...unsignedLeb(elements.length), ...elements.flat()];
}

function expressionBytes(body: readonly Instruction[]): number[] {
  const bytes: number[] = [];
  for (const instruction of body) bytes.push(...instruction.bytes);
  return bytes;
}

function functionBytes({ locals, body }: WasmFunction): number[] {
  const content = [...vectorBytes(locals.map((type) => [1, type])), ...expressionBytes(body)];
  return [...unsignedLeb(content.length), ...content];
}

/** Puts a module together again. */
export function encodeModule(module: WasmModule): Uint8Array<ArrayBuffer> {
  const text = (name: string) => vectorBytes([...new TextEncoder().encode(name)].map((byte) => [byte]));
  const written = new Map<number, ArrayLike<number>>(module.rest);
  const { types, functions, globals, exports } = module;
  written.set(
    SECTION.type,
    vectorBytes(
      types.map(({ parameters, results }) => [
        0x60,
        ...vectorBytes(parameters.map((t) => [t])),
        ...vectorBytes(results.map((t) => [t])),
      ]),
    ),
  );
  written.set(SECTION.function, vectorBytes(functions.map(({ type }) => unsignedLeb(type))));
  written.set(SECTION.code, vectorBytes(functions.map(functionBytes)));
  written.set(
    SECTION.global,
    vectorBytes(globals.map(({ type, mutable, initial }) => [type, mutable ? 1 : 0, ...expressionBytes(initial)])),
  );
  written.set(
    SECTION.export,
    vectorBytes(exports.map(({ name, kind, index }) => [...text(name), kind, ...unsignedLeb(index)])),
  );
  const parts: ArrayLike<number>[] = [[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]];
  for (let id = 1; id <= 12; id++) {
    // The data count section (12) stands before the code section (10).
    const section = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11][id - 1] ?? 0;
    const content = written.get(section);
    if (content !== undefined) parts.push([section, ...unsignedLeb(content.length)], content);
  }
  const binary = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    binary.set(part, offset);
    offset += part.length;
  }
  return binary;
}

/** An instruction to insert. For `i32.const` and `i64.const` the number is the constant, otherwise an index. */
export function instruction(name: string, ...immediates: (number | bigint)[]): Instruction {
  const isConstant = name === 'i32.const' || name === 'i64.const';
  const encoded = immediates.flatMap((value) => (isConstant ? signedLeb(BigInt(value)) : unsignedLeb(Number(value))));
  const bytes = [...opcodeBytes(name), ...encoded];
  return isConstant
    ? { name, immediates: [], constant: BigInt(immediates[0] ?? 0), bytes }
    : { name, immediates: immediates.map(Number), bytes };
}

/** Number of parameters of a function, which come before its locals. */
export function parameterCount(module: WasmModule, index: number): number {
  return signatureOf(module, index).parameters.length;
}

/** The signature of a function. */
export function signatureOf(module: WasmModule, index: number): Signature {
  const signature = module.types[module.functions[index]?.type ?? -1];
  if (signature === undefined) throw new Error(`no function ${index}`);
  return signature;
}

/** The index of an exported function. */
export function exportedFunction(module: WasmModule, name: string): number {
  const found = module.exports.find((one) => one.kind === 0 && one.name === name);
  if (found === undefined) throw new Error(`the module exports no function ${name}`);
  return found.index;
}

/** The files that a build leaves, read once: all tests of a file speak of the same build. */
let built: { binary: Uint8Array; text: string } | undefined;

/**
 * The built core. Its functions get the names that `build/core.wat` gives them, in the same order.
 *
 * @throws Error if that text does not belong to these bytes, as after a compilation by other means than `npm run build:core`
 */
export function readBuiltCore(): WasmModule {
  const folder = new URL('../../../build/', import.meta.url);
  built ??= {
    binary: readFileSync(new URL('core.wasm', folder)),
    text: readFileSync(new URL('core.wat', folder), 'utf8'),
  };
  const module = decodeModule(built.binary);
  const names = [...built.text.matchAll(/^ \(func \$(?:\S*assembly\/)?(\S+)/gm)].map(([, name]) => name ?? '');
  if (names.length !== module.functions.length) throw new Error('build/core.wat is not the text of build/core.wasm');
  module.names.splice(0, names.length, ...names);
  return module;
}
