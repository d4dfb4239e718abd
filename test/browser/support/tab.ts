/**
 * A tab with the page of `programs/page.ts`: operations on databases run in the page or in its worker.
 *
 * @module
 */
import type { OperationName, Outcome } from '../programs/operations.js';
import type { DevtoolsEvent, DevtoolsPipe } from './devtools-pipe.js';

/** Where an operation runs. */
export type Place = 'page' | 'worker';

/** One tab of a browser. */
export class Tab {
  /** What the page or its worker reported, in order. */
  readonly reports: number[] = [];
  readonly #pipe: DevtoolsPipe;
  readonly #targetId: string;
  readonly #sessionId: string;

  constructor(pipe: DevtoolsPipe, targetId: string, sessionId: string) {
    this.#pipe = pipe;
    this.#targetId = targetId;
    this.#sessionId = sessionId;
    pipe.listen((event) => {
      if (event.sessionId === sessionId && event.method === 'Runtime.bindingCalled') {
        this.reports.push(Number(event.params.payload));
      }
    });
  }

  /** Sends a command of the DevTools protocol to this tab. */
  send(method: string, params: object = {}): Promise<Readonly<Record<string, unknown>>> {
    return this.#pipe.send(method, params, this.#sessionId);
  }

  /** Loads a page and waits until its script has started. */
  async go(address: string): Promise<void> {
    await this.send('Page.enable');
    await this.send('Runtime.enable');
    await this.send('Runtime.addBinding', { name: 'report' });
    await this.#loading(() => this.send('Page.navigate', { url: address }));
  }

  /** Loads the same page anew. */
  async reload(): Promise<void> {
    await this.#loading(() => this.send('Page.reload'));
  }

  async #loading(load: () => Promise<unknown>): Promise<void> {
    const loaded = this.#next('Page.loadEventFired');
    await load();
    await loaded;
  }

  #next(method: string): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.#pipe.listen((event: DevtoolsEvent) => {
        if (event.sessionId !== this.#sessionId || event.method !== method) return;
        stop();
        resolve();
      });
    });
  }

  /**
   * Runs an operation and gives what it returned.
   *
   * @throws an error with the `code` and message of the one that it threw there
   */
  async call(place: Place, operation: OperationName, ...args: unknown[]): Promise<unknown> {
    const { value, error } = await this.outcome(place, operation, ...args);
    if (error !== undefined) throw Object.assign(new Error(error.message), error);
    return value;
  }

  /** Runs an operation and gives what it returned or threw. */
  async outcome(place: Place, operation: OperationName, ...args: unknown[]): Promise<Outcome> {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', {
      expression: `perform(${JSON.stringify([place, operation, args])})`,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { value: Outcome }).value;
  }

  /** Closes the tab, without asking the page. */
  async close(): Promise<void> {
    await this.#pipe.send('Target.closeTarget', { targetId: this.#targetId });
  }

  /** Ends the process of the page at once; the dead tab stays. */
  async crash(): Promise<void> {
    const crashed = this.#next('Inspector.targetCrashed');
    await this.send('Inspector.enable');
    void this.send('Page.crash').catch(() => undefined);
    await crashed;
  }
}
