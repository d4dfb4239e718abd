/** The page: offers `perform` to the test, which runs an operation here or in a dedicated worker. */
import { type OperationName, type Outcome, perform } from './operations.js';

type Reply = { readonly report: number } | { readonly id: number; readonly outcome: Outcome };

const report = (n: number) => (globalThis as unknown as { report(text: string): void }).report(String(n));
const waiting = new Map<number, (outcome: Outcome) => void>();
let worker: Worker | undefined;
let lastId = 0;

function startWorker(): Worker {
  const started = new Worker('/worker.js', { type: 'module' });
  started.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
    if ('report' in data) report(data.report);
    else waiting.get(data.id)?.(data.outcome);
  });
  return started;
}

function performInWorker(name: OperationName, args: readonly unknown[]): Promise<Outcome> {
  worker ??= startWorker();
  const id = ++lastId;
  const done = new Promise<Outcome>((resolve) => waiting.set(id, resolve));
  worker.postMessage({ id, name, args });
  return done;
}

/** Runs what the address asks for, for a browser that nobody drives, and posts what became of each. */
async function performScript(script: readonly (readonly ['page' | 'worker', OperationName, unknown[]])[]) {
  const outcomes: Outcome[] = [];
  for (const [place, name, args] of script) {
    outcomes.push(await (place === 'page' ? perform(name, args, report) : performInWorker(name, args)));
  }
  await fetch('/outcomes', { method: 'POST', body: JSON.stringify(outcomes) });
}

const script = new URLSearchParams(location.search).get('script');
if (script !== null) void performScript(JSON.parse(script));

Object.assign(globalThis, {
  perform: ([place, name, args]: ['page' | 'worker', OperationName, unknown[]]) =>
    place === 'page' ? perform(name, args, report) : performInWorker(name, args),
  endWorker() {
    worker?.terminate();
    worker = undefined;
  },
});
