/**
 * Files with synchronous access, as a browser's origin private file system has them, on a disk that fails when it is told
 * to. What was not flushed may or may not survive a crash, each write for itself and in part.
 */
import type { SyncFile } from '../../src/store/browser/sync-file.js';

type Change = (content: Uint8Array) => Uint8Array;

interface StoredFile {
  /** What survives a crash. */
  safe: Uint8Array;
  /** What was done since, in order. */
  pending: { readonly whole: Change; readonly half: Change }[];
}

class Crash extends Error {}

function written(bytes: Uint8Array, at: number): Change {
  return (content) => {
    const grown = new Uint8Array(Math.max(content.length, at + bytes.length));
    grown.set(content);
    grown.set(bytes, at);
    return grown;
  };
}

function truncated(size: number): Change {
  return (content) => {
    const cut = new Uint8Array(size);
    cut.set(content.subarray(0, size));
    return cut;
  };
}

export class FaultyDisk {
  /** How many calls changed, or tried to change, something. */
  calls = 0;
  /** How many bytes were written. */
  writtenBytes = 0;
  readonly #files = new Map<string, StoredFile>();
  #fault: (call: number, name: string) => 'quota' | 'short' | undefined = () => undefined;
  #crashed = false;

  /** The power fails at a call; `chance` is the seed of what survives. */
  crashAt(call: number, chance: number): void {
    this.#fault = (present) => {
      if (present < call) return undefined;
      if (!this.#crashed) this.#settle(chance + call * 31);
      this.#crashed = true;
      throw new Crash('power cut');
    };
  }

  /** One call is refused, or writes less than it should. */
  failAt(call: number, kind: 'quota' | 'short'): void {
    this.#fault = (present) => (present === call ? kind : undefined);
  }

  /** Every call from one on is refused. */
  failFrom(call: number, kind: 'quota'): void {
    this.#fault = (present) => (present >= call ? kind : undefined);
  }

  /** Everything works again. */
  restart(): void {
    this.#fault = () => undefined;
  }

  /** Each pending change of each file survives whole, in half or not at all. */
  #settle(seed: number): void {
    let state = seed;
    const next = () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 16) % 3;
    };
    for (const file of this.#files.values()) {
      for (const { whole, half } of file.pending) {
        const outcome = next();
        if (outcome > 0) file.safe = (outcome === 1 ? whole : half)(file.safe);
      }
      file.pending = [];
    }
  }

  content(name: string): Uint8Array {
    return this.#present(this.#file(name)).slice();
  }

  put(name: string, bytes: Uint8Array): void {
    this.#files.set(name, { safe: bytes.slice(), pending: [] });
  }

  #file(name: string): StoredFile {
    const file = this.#files.get(name) ?? { safe: new Uint8Array(0), pending: [] };
    this.#files.set(name, file);
    return file;
  }

  #present(file: StoredFile): Uint8Array {
    return file.pending.reduce((content, { whole }) => whole(content), file.safe);
  }

  #call(name: string): 'short' | undefined {
    const fault = this.#fault(this.calls++, name);
    if (fault === 'quota') throw new DOMException('no space', 'QuotaExceededError');
    return fault;
  }

  open(name: string): SyncFile {
    const file = () => this.#file(name);
    return {
      read: (into, { at }) => {
        const found = this.#present(file()).subarray(at, at + into.length);
        into.set(found);
        return found.length;
      },
      write: (bytes, { at }) => {
        const short = this.#call(name) === 'short';
        const kept = short ? bytes.slice(0, bytes.length >> 1) : bytes.slice();
        this.writtenBytes += kept.length;
        file().pending.push({ whole: written(kept, at), half: written(kept.subarray(0, kept.length >> 1), at) });
        return kept.length;
      },
      truncate: (size) => {
        this.#call(name);
        file().pending.push({ whole: truncated(size), half: (content) => content });
      },
      flush: () => {
        this.#call(name);
        const flushed = file();
        flushed.safe = this.#present(flushed);
        flushed.pending = [];
      },
      getSize: () => this.#present(file()).length,
      close: () => undefined,
    };
  }
}
