/**
 * Reads a WebAssembly module from the text that the package carries, so that importing it needs no file access.
 *
 * @module
 */

/**
 * Decodes a module; `asText` in `scripts/module-text.mjs` is the inverse: `!` adds 86 and `#` adds 171. It runs once,
 * before anything is optimized, and reading bytes takes half the time of reading characters then.
 */
export function decodeModuleText(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(text);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const code = bytes[i] as number;
    // In place: what is written never gets ahead of what is read.
    if (code >= 40) bytes[length++] = code - 40;
    else bytes[length++] = (bytes[++i] as number) + (code === 33 ? 46 : 131);
  }
  return bytes.slice(0, length);
}
