/**
 * The world outside of a real process, under Node, Deno and Bun.
 *
 * @module
 */
import { homedir } from 'node:os';
import process from 'node:process';
import type { CommandIo, InputStream, OutputStream } from './command-io.js';
import { CommandFailure, ioFailure } from './failure.js';
import { askSecretOnTerminal } from './terminal.js';

/** The streams and the environment of this process. */
export function processIo(): CommandIo {
  return {
    stdin: processInput(process.stdin),
    stdout: processOutput('standard output', process.stdout),
    stderr: processOutput('standard error', process.stderr),
    askSecret: askSecretOnTerminal,
    interruption,
    environment: process.env,
    platform: process.platform,
    homeFolder: homedir(),
  };
}

/** From the first call on, a signal ends the command and not the process; a second one ends the process as usual. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => controller.abort(new CommandFailure('interrupted', `interrupted by ${name}`)));
  }
  return controller.signal;
}

function processInput(stream: NodeJS.ReadStream): InputStream {
  return { isTerminal: stream.isTTY === true, chunks: () => stream };
}

function processOutput(name: string, stream: NodeJS.WriteStream): OutputStream {
  // Without a listener a broken pipe would end the process with a stack trace; the callback of `write` reports the rest.
  stream.on('error', () => {});
  return {
    isTerminal: stream.isTTY === true,
    columns: stream.isTTY === true ? stream.columns : undefined,
    write: (data) =>
      new Promise((resolve, reject) => {
        if (data.length === 0) {
          resolve();
          return;
        }
        stream.write(data, (error) => {
          if (error && !isBrokenPipe(error)) reject(ioFailure(name, error));
          else resolve();
        });
      }),
  };
}

/** Whoever read our output has left, as in `arborist mesh history | head -1`: nothing to report. */
function isBrokenPipe(error: Error): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED';
}
