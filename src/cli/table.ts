/**
 * Columns and labelled lists for a terminal.
 *
 * @module
 */
import type { Style } from './format.js';

const gap = '  ';

/** Lines of a table: a bold heading, then the rows, each column as wide as its widest cell. */
export function formatTable(headings: readonly string[], rows: readonly (readonly string[])[], style: Style): string[] {
  const widths = headings.map((heading, column) =>
    Math.max(displayWidth(heading), ...rows.map((row) => displayWidth(row[column] ?? ''))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => pad(cell, widths[column] ?? 0))
      .join(gap)
      .trimEnd();
  return [style.bold(line(headings)), ...rows.map(line)];
}

/** Lines of a list `label  value`, the values aligned; entries without a value are left out. */
export function formatFields(fields: readonly (readonly [string, string | null])[], style: Style): string[] {
  const width = Math.max(...fields.map(([label]) => displayWidth(label)));
  return fields.flatMap(([label, value]) => (value === null ? [] : [`${style.bold(pad(label, width))}${gap}${value}`]));
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

const attributes = /\p{Cc}\[\d+m/gu;
const combining = /\p{M}/u;
const wide =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\uff01-\uff60]/u;

/** Columns that a text takes: marks none, East Asian characters and emoji two. Attributes of {@link Style} count nothing. */
function displayWidth(text: string): number {
  let width = 0;
  for (const character of text.replace(attributes, '')) {
    if (!combining.test(character)) width += wide.test(character) ? 2 : 1;
  }
  return width;
}
