// @ts-check
/**
 * A page that leaves the suite to a service worker, `service-worker.mjs`.
 *
 * @module
 */
import { postReport } from './post-report.mjs';

async function start() {
  await navigator.serviceWorker.register('./service-worker.js', { type: 'module' });
  const { active } = await navigator.serviceWorker.ready;
  if (active === null) throw new Error('the service worker is not active');
  active.postMessage('run');
}

start().catch((error) => postReport(() => Promise.reject(error)));
