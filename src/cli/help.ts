/**
 * The parts of a help text that every command has: examples, the rule for bytes, the fields of `--json`.
 *
 * @module
 */

/** What stands below a command's options in its help. */
export interface HelpSections {
  /** Paragraphs between the options and the examples. */
  readonly notes?: readonly string[];
  /** Command lines that can be copied, each with a word on what it does. */
  readonly examples: readonly (readonly [commandLine: string, meaning: string])[];
  /** The fields of the JSON document, in its order, with their meaning. */
  readonly json: Readonly<Record<string, string>>;
}

/** Columns of a help text; the parser wraps its own parts at the same width where the terminal does not say. */
export const helpWidth = 80;

/** How an argument that stands for bytes is read; `name` as in the usage line. */
export function bytesArgumentNote(name: string): string {
  return (
    `${name} is - for standard input, else the name of an existing file, else base64url text. Files and standard input ` +
    'may hold the raw bytes or base64url text; raw bytes are told by the first one, which is never a character.'
  );
}

/** The sections as text for `addHelpText('after', …)`. */
export function helpSections({ notes = [], examples, json }: HelpSections): string {
  const commandWidth = Math.max(...examples.map(([commandLine]) => commandLine.length));
  const fieldWidth = Math.max(...Object.keys(json).map((field) => field.length));
  const parts = [
    ...notes.map((note) => wrap(note, helpWidth)),
    ['Examples:', ...examples.map(([line, meaning]) => `  $ ${line.padEnd(commandWidth)}  # ${meaning}`)].join('\n'),
    [
      'With --json:',
      ...Object.entries(json).map(
        ([field, meaning]) => `  ${field.padEnd(fieldWidth)}  ${hang(meaning, fieldWidth + 4)}`,
      ),
    ].join('\n'),
  ];
  return `\n${parts.join('\n\n')}`;
}

/** Wraps text that begins at a column, its further lines below its first. */
function hang(text: string, column: number): string {
  return wrap(text, helpWidth - column).replaceAll('\n', `\n${' '.repeat(column)}`);
}

function wrap(paragraph: string, width: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join('\n');
}
