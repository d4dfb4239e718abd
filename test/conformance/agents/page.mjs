// @ts-check
/**
 * The suite in a page, or in a module worker.
 *
 * @module
 */
import { runConformance } from 'arborist-mesh/conformance';
import { postProgress, postReport } from './post-report.mjs';

postReport(() => runConformance({ onProgress: postProgress }));
