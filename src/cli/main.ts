#!/usr/bin/env node
/**
 * The program `arborist`.
 *
 * @module
 */
import process from 'node:process';
import { processIo } from './process-io.js';
import { run } from './program.js';

// Not `process.exit`: output that is still on its way shall arrive.
process.exitCode = await run(process.argv.slice(2), processIo());
