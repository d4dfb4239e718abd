/**
 * A progress bar on standard error, for people at a terminal; nothing anywhere else.
 *
 * @module
 */
import type { CommandCall } from './command-call.js';

const barWidth = 24;
/** Milliseconds between two pictures. */
const interval = 100;
const megabyte = 1_000_000;
/** Back to the start of the line, and erase it (ECMA-48 EL). */
const startOver = '\r\u001b[K';

/** How far a command is with bytes of which it knows the number. */
export class ProgressBar {
  readonly #call: CommandCall;
  readonly #total: number;
  readonly #started = performance.now();
  #done = 0;
  #drawn = Number.NEGATIVE_INFINITY;

  /** @param total bytes in all */
  constructor(call: CommandCall, total: number) {
    this.#call = call;
    this.#total = total;
  }

  get #isShown(): boolean {
    return this.#call.io.stderr.isTerminal && !this.#call.json;
  }

  /** Some more bytes are done. */
  add(bytes: number): void {
    this.#done += bytes;
    const now = performance.now();
    if (!this.#isShown || now - this.#drawn < interval) return;
    this.#drawn = now;
    this.#write(startOver + this.#picture(now - this.#started));
  }

  /** Takes the bar away. */
  end(): void {
    if (this.#drawn > Number.NEGATIVE_INFINITY) this.#write(startOver);
  }

  #picture(milliseconds: number): string {
    // Files can grow while they are read.
    const share = this.#total === 0 ? 1 : Math.min(1, this.#done / this.#total);
    const filled = Math.floor(share * barWidth);
    const speed = milliseconds === 0 ? 0 : this.#done / megabyte / (milliseconds / 1000);
    return `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${Math.floor(share * 100)} % · ${speed.toFixed(0)} MB/s`;
  }

  /** Not awaited: whether a picture arrives does not matter. */
  #write(text: string): void {
    this.#call.io.stderr.write(text).catch(() => undefined);
  }
}
