// @ts-check
/**
 * The suite in a service worker, which is kept alive until it has reported.
 *
 * @module
 */
import { runConformance } from 'arborist-mesh/conformance';
import { postProgress, postReport } from './post-report.mjs';

self.addEventListener('message', (event) => {
  const message = /** @type {MessageEvent & { waitUntil(work: Promise<void>): void }} */ (event);
  message.waitUntil(postReport(() => runConformance({ onProgress: postProgress })));
});
