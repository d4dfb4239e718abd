// @ts-check
/**
 * A page that leaves the suite to a module worker, `page.mjs`.
 *
 * @module
 */
import { postReport } from './post-report.mjs';

const worker = new Worker('./page.js', { type: 'module' });
worker.addEventListener('error', (event) => {
  postReport(() => Promise.reject(new Error(`the worker failed to start: ${event.message}`)));
});
