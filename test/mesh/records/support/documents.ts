/** Documents to ingest. */

const LINES = ['The oak is sound.', 'Der Ahorn ist gefällt.', '樹は健やかです。', 'Ясень стоит.', ''];

/** A text of so many bytes in UTF-8, in several scripts and without repetition. */
export function sampleText(length: number): string {
  let text = '';
  for (let line = 0; text.length < length; line++) text += `${line} ${LINES[line % LINES.length]}\n`;
  const encoded = new TextEncoder().encode(text).subarray(0, length);
  // A character that was cut in the middle gives way to spaces.
  const whole = new TextDecoder().decode(encoded, { stream: true });
  return whole + ' '.repeat(length - new TextEncoder().encode(whole).length);
}
