// @ts-check
/** Tells the story on a terminal: numbered steps with times, facts, expectations, one table. */

const colours = process.stdout.isTTY && !process.env.NO_COLOR;
/** @param {number} code @param {string} text */
const paint = (code, text) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);
/** @param {string} text */
export const bold = (text) => paint(1, text);
/** @param {string} text */
const dim = (text) => paint(2, text);
/** @param {string} text */
const green = (text) => paint(32, text);
/** @param {string} text */
const red = (text) => paint(31, text);

const STEP_WIDTH = 66;

/** What a cell of the table says about one peer and one epoch. @typedef {'reads' | 'refused' | 'wrong'} Access */

export class Narrator {
  #step = 0;
  #held = 0;
  #failed = 0;

  /** @param {string} line */
  say(line = '') {
    process.stdout.write(`${line}\n`);
  }

  /**
   * Runs one step of the story and prints its title with the time that it took, then what it found out.
   *
   * @template T
   * @param {string} title
   * @param {(note: (line: string) => void) => T | Promise<T>} work notes are printed under the title
   * @returns {Promise<T>}
   */
  async step(title, work) {
    this.#step += 1;
    /** @type {string[]} */
    const notes = [];
    const started = performance.now();
    const result = await work((line) => notes.push(line));
    const took = `${(performance.now() - started).toFixed(1)} ms`;
    this.say();
    this.say(`${dim(String(this.#step).padStart(2))}  ${bold(title.padEnd(STEP_WIDTH))}${dim(took.padStart(10))}`);
    for (const note of notes) this.say(`    ${note}`);
    return result;
  }

  /**
   * Prints whether something that must be true is true, and remembers it for {@link Narrator.verdict}.
   *
   * @param {string} sentence
   * @param {boolean} holds
   */
  expect(sentence, holds) {
    if (holds) this.#held += 1;
    else this.#failed += 1;
    this.say(`    ${holds ? green('✓') : red('✗')} ${sentence}`);
  }

  /**
   * Prints who could read what.
   *
   * @param {string[]} columns one a message
   * @param {{ peer: string, cells: Access[] }[]} rows
   */
  table(columns, rows) {
    const first = Math.max(...rows.map((row) => row.peer.length)) + 2;
    const width = Math.max(...columns.map((column) => column.length)) + 2;
    const mark = { reads: green('●'), refused: dim('·'), wrong: red('✗') };
    this.say(`    ${' '.repeat(first)}${columns.map((column) => dim(column.padStart(width))).join('')}`);
    for (const { peer, cells } of rows) {
      const line = cells.map((cell) => ' '.repeat(width - 1) + mark[cell]).join('');
      this.say(`    ${peer.padEnd(first)}${line}`);
    }
    this.say(dim(`    ● reads   · cannot`));
  }

  /** Prints the sum of all expectations. @returns {boolean} whether every one holds */
  verdict() {
    const all = this.#held + this.#failed;
    this.say();
    this.say(
      this.#failed === 0
        ? green(`All ${all} expectations hold.`)
        : red(`${this.#failed} of ${all} expectations failed.`),
    );
    return this.#failed === 0;
  }
}
