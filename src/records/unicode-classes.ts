/**
 * The classes of characters that `text-nfc-lf/1` tells apart, of Unicode 15.0.
 *
 * @module
 */
import { CLASS_RUNS } from './unicode-15.js';

/** Canonical combining class 0, NFC_Quick_Check=Yes: text may be cut before it and normalized by parts. */
export const STABLE_STARTER = 0;

/** NFC_Quick_Check=No or Maybe: NFC may change it, or compose it with one before. */
export const MAY_CHANGE = 254;

/** General category Cn, or a surrogate: reserved in Unicode 15.0, or a noncharacter. */
export const UNASSIGNED = 255;

const CODE_POINTS = 0x110000;

let table: Uint8Array | undefined;

/**
 * The class of each code point: one of the above, or the canonical combining class, from 1 to 240, of a character with
 * NFC_Quick_Check=Yes. A byte for each, 1.1 MB: the fastest to look up, unpacked in a millisecond.
 */
export function characterClasses(): Uint8Array {
  if (table === undefined) {
    const classes = new Uint8Array(CODE_POINTS);
    let start = 0;
    for (const run of CLASS_RUNS.trimEnd().split(' ')) {
      const [length, kind = '0'] = run.split('.');
      const end = start + Number.parseInt(String(length), 36);
      classes.fill(Number.parseInt(kind, 36), start, end);
      start = end;
    }
    table = classes;
  }
  return table;
}
