/**
 * Positive controls for the proof of constant time: code that lets one byte of a key act on branches, addresses, lengths or divisions, put at
 * the start of an exported function whose first parameter is the address of the key.
 *
 * @module
 */
import { type Instruction, instruction } from './module.js';

/** The first byte of the key. */
const KEY_BYTE: readonly Instruction[] = [instruction('local.get', 0), instruction('i32.load8_u', 0, 0)];
/** An address where a byte may be read and written back: that of the key itself. */
const KEY_ADDRESS = instruction('local.get', 0);
const constant = (value: number) => instruction('i32.const', value);
const voidBlock = (name: 'if' | 'block'): Instruction => ({
  name,
  immediates: [-64],
  bytes: [name === 'if' ? 0x04 : 0x02, 0x40],
});

/** Leaks by name. Nothing is left on the stack. */
export const LEAKING_CODE: readonly (readonly [string, readonly Instruction[]])[] = [
  ['a branch on a key bit', [...KEY_BYTE, constant(1), instruction('i32.and'), voidBlock('if'), instruction('end')]],
  [
    'a conditional jump on a key bit',
    [
      voidBlock('block'),
      ...KEY_BYTE,
      constant(128),
      instruction('i32.and'),
      instruction('br_if', 0),
      instruction('end'),
    ],
  ],
  [
    'a selection by a key bit',
    [
      constant(3),
      constant(5),
      ...KEY_BYTE,
      constant(1),
      instruction('i32.and'),
      instruction('select'),
      instruction('drop'),
    ],
  ],
  ['a table look-up at a key byte', [...KEY_BYTE, instruction('i32.load8_u', 0, 1024), instruction('drop')]],
  [
    'a vector load at a key byte',
    [...KEY_BYTE, constant(4), instruction('i32.shl'), instruction('v128.load', 0, 1024), instruction('drop')],
  ],
  [
    'a store at an address that depends on a key byte',
    // Reads and writes back the same byte, so that nothing but the address tells.
    [...KEY_BYTE, ...KEY_BYTE, instruction('i32.load8_u', 0, 1024), instruction('i32.store8', 0, 1024)],
  ],
  [
    'a copy whose length is a key byte',
    [KEY_ADDRESS, KEY_ADDRESS, ...KEY_BYTE, constant(31), instruction('i32.and'), instruction('memory.copy', 0, 0)],
  ],
  ['a division of a key byte', [...KEY_BYTE, constant(3), instruction('i32.div_u'), instruction('drop')]],
  [
    'a division by a key byte',
    [constant(1000), ...KEY_BYTE, constant(1), instruction('i32.or'), instruction('i32.rem_u'), instruction('drop')],
  ],
];

/** Uses the same byte without telling anything of it. */
export const HARMLESS_CODE: readonly Instruction[] = [
  ...KEY_BYTE,
  constant(3),
  instruction('i32.mul'),
  instruction('drop'),
];
