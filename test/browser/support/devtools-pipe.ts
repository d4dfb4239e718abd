/**
 * The Chrome DevTools Protocol over a pipe: messages of JSON, each ended by a zero byte.
 *
 * @module
 */
import type { Readable, Writable } from 'node:stream';

/** What an event of the protocol carries. */
export interface DevtoolsEvent {
  readonly method: string;
  readonly sessionId?: string;
  readonly params: Readonly<Record<string, unknown>>;
}

interface Answer {
  readonly id?: number;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** Sends commands and hears events. */
export class DevtoolsPipe {
  readonly #into: Writable;
  readonly #waiting = new Map<number, { resolve(result: Answer['result']): void; reject(error: Error): void }>();
  readonly #listeners = new Set<(event: DevtoolsEvent) => void>();
  #lastId = 0;

  constructor(into: Writable, from: Readable) {
    this.#into = into;
    // A browser that was killed reads no more.
    into.on('error', () => undefined);
    let rest = '';
    from.setEncoding('utf8').on('data', (text: string) => {
      const messages = (rest + text).split('\0');
      rest = messages.pop() ?? '';
      for (const message of messages) this.#hear(JSON.parse(message) as Answer & DevtoolsEvent);
    });
  }

  #hear(message: Answer & DevtoolsEvent): void {
    if (message.id === undefined) {
      for (const listener of this.#listeners) listener(message);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.error !== undefined) waiting?.reject(new Error(message.error.message));
    else waiting?.resolve(message.result);
  }

  /** Hears every event until the returned function is called. */
  listen(listener: (event: DevtoolsEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Sends a command and gives its result. */
  async send(method: string, params: object = {}, sessionId?: string): Promise<Readonly<Record<string, unknown>>> {
    const id = ++this.#lastId;
    const answered = new Promise<Answer['result']>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#into.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return (await answered) ?? {};
  }
}
