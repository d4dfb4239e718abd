/**
 * Asking a person for something that must not be seen: on the terminal itself, since standard input and output may be
 * pipes, and without echo.
 *
 * @module
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import process from 'node:process';
import { ReadStream } from 'node:tty';

const Key = { interrupt: 3, end: 4, backspace: 8, lineFeed: 10, carriageReturn: 13, clear: 21, delete: 127 } as const;

interface Terminal {
  readonly input: ReadStream;
  show(text: string): void;
  close(): void;
}

/** The terminal that this process belongs to; null where there is none. */
function openTerminal(): Terminal | null {
  if (process.platform === 'win32') {
    const { stdin, stderr } = process;
    if (!stdin.isTTY || !stderr.isTTY) return null;
    return { input: stdin, show: (text) => stderr.write(text), close: () => stdin.pause() };
  }
  let descriptor: number;
  try {
    descriptor = openSync('/dev/tty', 'r+');
  } catch {
    return null;
  }
  try {
    const input = new ReadStream(descriptor);
    return { input, show: (text) => writeSync(descriptor, text), close: () => input.destroy() };
  } catch {
    closeSync(descriptor);
    return null;
  }
}

/** One line, as it is typed. */
class LineEditor {
  readonly #bytes: number[] = [];

  /** @returns whether the line has ended */
  take(byte: number): boolean {
    if (byte === Key.lineFeed || byte === Key.carriageReturn) return true;
    if (byte === Key.end) return true;
    if (byte === Key.clear) this.#bytes.length = 0;
    else if (byte === Key.backspace || byte === Key.delete) this.#dropCharacter();
    else this.#bytes.push(byte);
    return false;
  }

  /** Continuation bytes of UTF-8 belong to the character before them. */
  #dropCharacter(): void {
    let dropped = this.#bytes.pop();
    while (dropped !== undefined && (dropped & 0xc0) === 0x80) dropped = this.#bytes.pop();
  }

  get text(): string {
    return new TextDecoder().decode(new Uint8Array(this.#bytes));
  }
}

/** What was typed, or pasted, beyond the line that was asked for: the beginning of the next answer. */
let typedAhead: readonly number[] = [];

/** Asks for a line, and reads it without echo. Ctrl-C ends the program, as it would anywhere else. */
function askLine({ input, show, close }: Terminal, prompt: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const line = new LineEditor();
    // The echo is off before anyone is asked to type.
    input.setRawMode(true);
    show(prompt);
    const finish = () => {
      input.removeAllListeners();
      input.setRawMode(false);
      show('\n');
      close();
    };
    const take = (bytes: readonly number[]) => {
      for (const [at, byte] of bytes.entries()) {
        if (byte === Key.interrupt) {
          finish();
          process.kill(process.pid, 'SIGINT');
          return;
        }
        if (!line.take(byte)) continue;
        typedAhead = bytes.slice(at + 1);
        finish();
        resolve(line.text);
        return;
      }
      typedAhead = [];
    };
    input.on('error', (error) => {
      finish();
      reject(error);
    });
    input.on('data', (chunk: Uint8Array) => take([...chunk]));
    take(typedAhead);
  });
}

/** Asks on the terminal, without echo; null where there is no terminal. */
export async function askSecretOnTerminal(prompt: string): Promise<string | null> {
  const terminal = openTerminal();
  if (terminal === null) return null;
  return askLine(terminal, prompt);
}
