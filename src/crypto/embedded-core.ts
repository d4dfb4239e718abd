/**
 * The bytes of `core.wasm` from the text that the package carries, so that importing it needs no file access.
 *
 * @module
 */
import { CORE_MODULE_TEXT } from './core-module.generated.js';

/** Decodes the module; `asText` in `scripts/build-core.mjs` is the inverse: `!` adds 86 and `#` adds 171. */
export function embeddedCore(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(CORE_MODULE_TEXT.length);
  let length = 0;
  for (let i = 0; i < CORE_MODULE_TEXT.length; i++) {
    let code = CORE_MODULE_TEXT.charCodeAt(i);
    if (code < 40) code = CORE_MODULE_TEXT.charCodeAt(++i) + (code === 33 ? 86 : 171);
    bytes[length++] = code - 40;
  }
  return bytes.slice(0, length);
}
