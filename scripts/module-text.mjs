// @ts-check
/**
 * Writes a WebAssembly module as text, to be embedded in a source file; `src/crypto/module-text.ts` reads it.
 */
import { writeFileSync } from 'node:fs';

/**
 * The bytes as printable ASCII: one character for each byte below 86, two for the others. Since a byte always begins
 * with a character, gzip finds the repetitions of the module in the text: it comes out 3 % larger than the compressed
 * module itself, where base64, which blurs the bytes' limits, costs 34 %.
 *
 * @param {Uint8Array} bytes
 */
function asText(bytes) {
  const character = (/** @type {number} */ index) => String.fromCharCode(40 + index);
  let text = '';
  for (const byte of bytes) {
    if (byte < 86) text += character(byte);
    else if (byte < 171) text += `!${character(byte - 86)}`;
    else text += `#${character(byte - 171)}`;
  }
  return text;
}

/**
 * @param {URL} file the source file to write
 * @param {{ header: string, name: string, about: string, bytes: Uint8Array }} content `about` describes the constant
 */
export function writeModuleText(file, { header, name, about, bytes }) {
  const text = JSON.stringify(asText(bytes));
  writeFileSync(file, `${header}\n\n/** ${about} */\nexport const ${name} =\n  ${text};\n`);
}
