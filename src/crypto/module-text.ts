/**
 * Reads a WebAssembly module from the text that the package carries, so that importing it needs no file access.
 *
 * @module
 */

/**
 * The module that decodes, since a loop in JavaScript that runs once, before anything is optimized, takes most of the
 * time of a first call: five milliseconds for the core and a hundred for SQLite. It works in place, as what is written
 * never gets ahead of what is read. In AssemblyScript, compiled with `-O3z --runtime stub --importMemory --use abort=`:
 *
 *     export function decode(end: usize): usize {
 *       let out: usize = 0;
 *       for (let at: usize = 0; at < end; at++) {
 *         let code: u32 = load<u8>(at);
 *         if (code < 40) code = <u32>load<u8>(++at) + (code == 33 ? 86 : 171);
 *         store<u8>(out++, code - 40);
 *       }
 *       return out;
 *     }
 */
const DECODER = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 127, 1, 127, 2, 15, 1, 3, 101, 110, 118, 6, 109, 101, 109, 111, 114, 121,
  2, 0, 0, 3, 2, 1, 0, 7, 19, 2, 6, 100, 101, 99, 111, 100, 101, 0, 0, 6, 109, 101, 109, 111, 114, 121, 2, 0, 10, 84, 1,
  82, 1, 3, 127, 3, 64, 32, 0, 32, 3, 75, 4, 64, 32, 2, 34, 1, 65, 1, 106, 33, 2, 32, 1, 32, 3, 45, 0, 0, 34, 1, 65, 40,
  73, 4, 127, 32, 3, 65, 1, 106, 34, 3, 45, 0, 0, 65, 214, 0, 65, 171, 1, 32, 1, 65, 33, 70, 27, 106, 5, 32, 1, 11, 65,
  40, 107, 58, 0, 0, 32, 3, 65, 1, 106, 33, 3, 12, 1, 11, 11, 32, 2, 11,
]);

const PAGE = 65536;

/** Decodes a module; `asText` in `scripts/module-text.mjs` is the inverse: `!` adds 86 and `#` adds 171. */
export function decodeModuleText(text: string): Uint8Array<ArrayBuffer> {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(text.length / PAGE) });
  const bytes = new Uint8Array(memory.buffer);
  new TextEncoder().encodeInto(text, bytes);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(DECODER), { env: { memory } });
  const decode = exports.decode as (end: number) => number;
  return bytes.subarray(0, decode(text.length));
}
