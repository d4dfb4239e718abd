/**
 * A world outside whose streams are in memory, for running commands in the test's own process.
 */
import { concatBytes } from '../../src/bytes.js';
import type { CommandIo, OutputStream } from '../../src/cli/command-io.js';

/** What a command finds besides its arguments. */
export interface Circumstances {
  /** What standard input holds. */
  readonly stdin?: string | Uint8Array;
  /** Environment variables. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether all three streams are a terminal. */
  readonly terminal?: boolean;
  /** As `process.platform`. */
  readonly platform?: string;
  /** What a person at the terminal answers, one after the other; no terminal where absent. */
  readonly answers?: readonly string[];
  /** The user's home. */
  readonly homeFolder?: string;
  /** When the user has had enough of a command that goes on by itself; never where absent. */
  readonly interruption?: AbortSignal;
}

/** A world whose output streams remember what was written. */
export interface MemoryIo extends CommandIo {
  readonly stdout: MemoryStream;
  readonly stderr: MemoryStream;
}

/** Makes such a world. */
export function memoryIo(circumstances: Circumstances = {}): MemoryIo {
  const {
    stdin = '',
    environment = {},
    answers,
    terminal = false,
    platform = 'linux',
    homeFolder = '/nonexistent',
    interruption,
  } = circumstances;
  return {
    stdin: { isTerminal: terminal, chunks: () => chunks(stdin) },
    stdout: new MemoryStream(terminal),
    stderr: new MemoryStream(terminal),
    askSecret: secretly(answers),
    interruption: () => interruption ?? new AbortController().signal,
    environment,
    platform,
    homeFolder,
  };
}

/** A person who answers what was laid out, and is at a loss for more. */
function secretly(answers: readonly string[] | undefined): CommandIo['askSecret'] {
  const rest = answers?.slice();
  return async (prompt) => {
    const answer = rest === undefined ? null : rest.shift();
    if (answer === undefined) throw new Error(`nobody expected to be asked: ${prompt}`);
    return answer;
  };
}

async function* chunks(content: string | Uint8Array): AsyncGenerator<Uint8Array> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  // In two pieces, as a pipe may deliver it.
  yield bytes.subarray(0, bytes.length >> 1);
  yield bytes.subarray(bytes.length >> 1);
}

class MemoryStream implements OutputStream {
  readonly isTerminal: boolean;
  readonly columns = undefined;
  readonly #chunks: Uint8Array[] = [];

  constructor(isTerminal: boolean) {
    this.isTerminal = isTerminal;
  }

  async write(data: string | Uint8Array): Promise<void> {
    this.#chunks.push(typeof data === 'string' ? new TextEncoder().encode(data) : data.slice());
  }

  /** All that was written. */
  get bytes(): Uint8Array {
    return concatBytes(...this.#chunks);
  }

  /** The same as text. */
  get text(): string {
    return new TextDecoder().decode(this.bytes);
  }
}
