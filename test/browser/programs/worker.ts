/** A dedicated worker that does what the page asks of it. */
import { type OperationName, perform } from './operations.js';

interface Request {
  readonly id: number;
  readonly name: OperationName;
  readonly args: readonly unknown[];
}

addEventListener('message', async ({ data: { id, name, args } }: MessageEvent<Request>) => {
  const outcome = await perform(name, args, (n) => postMessage({ report: n }));
  postMessage({ id, outcome });
});
