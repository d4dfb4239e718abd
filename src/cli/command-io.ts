/**
 * What a command sees of the world outside: three streams, the environment, the platform. Commands reach for nothing
 * else, so that a test can run the whole command line in its own process.
 *
 * @module
 */

/** Standard input. */
export interface InputStream {
  /** Whether a person types here. */
  readonly isTerminal: boolean;
  /** The bytes, chunk by chunk, to the end. */
  chunks(): AsyncIterable<Uint8Array>;
}

/** Standard output or standard error. */
export interface OutputStream {
  /** Whether a person reads here. */
  readonly isTerminal: boolean;
  /** Width of the terminal in columns, where it is known. */
  readonly columns: number | undefined;
  /** Resolves once the bytes are handed over, or when nobody reads any more; rejects when they cannot be written. */
  write(data: string | Uint8Array): Promise<void>;
}

/** The world outside, as one run of the command line sees it. */
export interface CommandIo {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Asks a person at the terminal, whatever the streams are, without echo; null where there is no terminal. */
  askSecret(prompt: string): Promise<string | null>;
  /** Aborts when the user wants a command to end that goes on by itself: Ctrl-C, or the system's request to end. */
  readonly interruption: () => AbortSignal;
  /** Environment variables. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** As in `process.platform`: `linux`, `darwin`, `win32`, … */
  readonly platform: string;
  /** The user's home folder. */
  readonly homeFolder: string;
}
