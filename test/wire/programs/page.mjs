// @ts-check
/** A peer in a web page, which the test tells what to do through `perform`. */
import { perform } from '../processes/peer-commands.mjs';

Object.assign(globalThis, { perform });
