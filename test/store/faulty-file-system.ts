/** A file system that fails, or whose process ends, at a chosen one of the store's calls. */
import fs from 'node:fs';
import { vi } from 'vitest';

/** Every call through which the store reaches the file system. */
const CALLS = [
  'closeSync',
  'fstatSync',
  'fsyncSync',
  'ftruncateSync',
  'futimesSync',
  'linkSync',
  'openSync',
  'readFileSync',
  'readlinkSync',
  'realpathSync',
  'renameSync',
  'rmSync',
  'statSync',
  'unlinkSync',
  'writeFileSync',
] as const;

/**
 * What happens at the chosen call: an error instead of it, an error after half of a write, or the end of the process
 * before it, after it, or after half of a write. After its end nothing reaches the file system any more.
 */
export type Fault = 'ENOSPC' | 'EIO' | 'EROFS' | 'short-write' | 'end-before' | 'end-after' | 'end-halfway';

/** The process is supposed to have ended. */
class Ended extends Error {}

export class FaultyFileSystem {
  /** How many calls were made so far. */
  calls = 0;
  /** Whether the process is supposed to have ended. */
  ended = false;

  /** Replaces the calls of `fs` until {@link restore}. Without a fault it only counts. */
  constructor(at = -1, fault?: Fault) {
    for (const name of CALLS) {
      const call = fs[name] as (...args: unknown[]) => unknown;
      vi.spyOn(fs, name).mockImplementation(((...args: unknown[]) => {
        if (this.ended) throw new Ended();
        return this.calls++ === at && fault !== undefined ? this.#fail(name, call, args, fault) : call(...args);
      }) as never);
    }
  }

  #fail(name: (typeof CALLS)[number], call: (...args: unknown[]) => unknown, args: unknown[], fault: Fault): unknown {
    if (name === 'writeFileSync' && (fault === 'short-write' || fault === 'end-halfway')) {
      const [target, content] = args as [number, Uint8Array | string];
      call(target, content.slice(0, content.length >> 1));
    }
    this.ended = fault.startsWith('end-');
    if (fault === 'end-after') call(...args);
    if (this.ended) throw new Ended();
    const code = fault === 'short-write' ? 'ENOSPC' : fault;
    throw Object.assign(new Error(`${code}: ${name} was made to fail`), { code });
  }

  restore(): void {
    vi.restoreAllMocks();
  }
}
