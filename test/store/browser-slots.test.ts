import { beforeEach, describe, expect, test } from 'vitest';
import { equalBytes } from '../../src/bytes.js';
import { BLOCK_BYTES } from '../../src/store/browser/blocks.js';
import { type SlotFiles, SlotStore } from '../../src/store/browser/slot-store.js';
import { FaultyDisk } from './faulty-disk.js';

/** An image of a number of blocks, each filled with a number. */
const imageOf = (n: number, blocks = 4, tail = 0) => new Uint8Array(blocks * BLOCK_BYTES + tail).fill(n);

const NOTHING = new Uint8Array(0);

let disk: FaultyDisk;

function open(): SlotStore {
  const files: SlotFiles = {
    slots: [disk.open('a'), disk.open('b')],
    mark: disk.open('closed'),
    journal: disk.open('journal'),
  };
  return new SlotStore('the database', files);
}

const imageIn = (store: SlotStore) => store.read()?.image ?? null;

/** What the image is, and after it what its journal holds that begins with the image's number. */
function stateOf(store: SlotStore): string | null {
  const stored = store.read();
  if (stored === null) return null;
  const { image, journal } = stored;
  const entries = [...(journal ?? NOTHING)].join('').match(new RegExp(`^(?:${image[0]}7)*`))?.[0] ?? '';
  return `${contentOf(image)}${'+'.repeat(entries.length / 2)}`;
}

const contentOf = (image: Uint8Array | null) => (image === null ? null : `${image[0]} × ${image.length}`);

beforeEach(() => {
  disk = new FaultyDisk();
});

/** An entry of the journal of an image: the image's number and seven. */
const entryOf = (n: number) => Uint8Array.of(n, 7);

describe('a database in two slots', () => {
  test('is found again as it was written last', () => {
    const first = open();
    expect(first.read()).toBeNull();
    for (const image of [imageOf(1), imageOf(2, 6), imageOf(3, 2, 512), imageOf(4, 9)]) {
      first.write(image);
      expect(stateOf(open())).toBe(contentOf(image));
    }
  });

  test('keeps its token, which no other one has', () => {
    const store = open();
    store.write(imageOf(1));
    store.write(imageOf(2));
    expect(open().token).toEqual(store.token);
    disk = new FaultyDisk();
    expect(open().token).not.toEqual(store.token);
  });

  test('writes only what changed, once both slots are known', () => {
    const store = open();
    const image = imageOf(1, 64);
    store.write(image);
    store.write(image.slice().fill(2, 0, 1));
    disk.writtenBytes = 0;
    const next = image.slice().fill(3, 5 * BLOCK_BYTES, 5 * BLOCK_BYTES + 1);
    store.write(next);
    expect(disk.writtenBytes).toBeLessThan(3 * BLOCK_BYTES);
    expect(equalBytes(imageIn(open()) ?? NOTHING, next)).toBe(true);
  });

  test('is marked as closed until it is opened, and only in the state in which it was closed', () => {
    const store = open();
    store.write(imageOf(1));
    expect(open().takeMark()).toBe(false);
    store.markClosed();
    expect(open().takeMark()).toBe(true);
    expect(open().takeMark()).toBe(false);
    store.markClosed();
    const mark = disk.content('closed');
    const second = open();
    second.takeMark();
    second.write(imageOf(2));
    disk.put('closed', mark);
    expect(open().takeMark()).toBe(false);
  });

  test('is refused if the later image is damaged, rather than silently taken back to the one before', () => {
    const store = open();
    store.write(imageOf(1));
    store.write(imageOf(2));
    const later = ['a', 'b'].find((name) => disk.content(name)[5_000] === 2) ?? '';
    const bytes = disk.content(later);
    bytes[bytes.length - 1] = 7;
    disk.put(later, bytes);
    expect(open).toThrow(expect.objectContaining({ code: 'corrupt-database' }));
  });

  test('is found where only the image before is damaged', () => {
    const store = open();
    store.write(imageOf(1));
    store.write(imageOf(2));
    const before = ['a', 'b'].find((name) => disk.content(name)[5_000] === 1) ?? '';
    disk.put(before, disk.content(before).fill(9, 5_000));
    expect(stateOf(open())).toBe(contentOf(imageOf(2)));
  });

  test.each([
    ['damaged', (bytes: Uint8Array) => bytes.fill(9, 6_000, 6_001)],
    ['foreign', (bytes: Uint8Array) => bytes.fill(9, 0, 1)],
    ['cut short', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 1)],
  ])('is refused and left as it is if both images are %s', (_, damage) => {
    open().write(imageOf(1));
    for (const name of ['a', 'b']) disk.put(name, damage(disk.content(name)));
    const calls = disk.calls;
    expect(open).toThrow(expect.objectContaining({ code: 'corrupt-database' }));
    expect(disk.calls).toBe(calls);
  });

  test('is not written to once it is no longer as it was left', () => {
    const store = open();
    const other = open();
    store.write(imageOf(1));
    const late = open();
    store.write(imageOf(2));
    store.write(imageOf(3));
    expect(() => late.write(imageOf(4))).toThrow(expect.objectContaining({ code: 'file-changed' }));
    expect(stateOf(open())).toBe(contentOf(imageOf(3)));
    expect(other.read()).toBeNull();
  });
});

/** A first image, and then changes, growth and shrinking, with entries in the journals between. */
const steps: readonly ((store: SlotStore) => void)[] = [
  (store) => store.write(imageOf(1, 2)),
  (store) => store.append(entryOf(1)),
  (store) => store.append(entryOf(1)),
  (store) => store.write(imageOf(2, 2)),
  (store) => store.write(imageOf(3, 4)),
  (store) => store.append(entryOf(3)),
  (store) => store.write(imageOf(4, 1, 512)),
  (store) => store.append(entryOf(4)),
  (store) => store.append(entryOf(4)),
  (store) => store.write(imageOf(5, 3)),
];
const states = [
  contentOf(imageOf(1, 2)),
  `${contentOf(imageOf(1, 2))}+`,
  `${contentOf(imageOf(1, 2))}++`,
  contentOf(imageOf(2, 2)),
  contentOf(imageOf(3, 4)),
  `${contentOf(imageOf(3, 4))}+`,
  contentOf(imageOf(4, 1, 512)),
  `${contentOf(imageOf(4, 1, 512))}+`,
  `${contentOf(imageOf(4, 1, 512))}++`,
  contentOf(imageOf(5, 3)),
];

/** Takes one step after the other and gives the states that were reported as reached. */
function workload(): { done: (string | null)[]; error: unknown } {
  const done: (string | null)[] = [null];
  try {
    const store = open();
    for (const [i, step] of steps.entries()) {
      step(store);
      done.push(states[i] ?? null);
    }
    store.markClosed();
  } catch (error) {
    return { done, error };
  }
  return { done, error: undefined };
}

function countCalls(): number {
  disk = new FaultyDisk();
  workload();
  return disk.calls;
}

const callCount = countCalls();
const everyCall = Array.from({ length: callCount }, (_, call) => call);

describe('whatever happens at any call', () => {
  test('a crash leaves the state that was reported last, or the one after it', () => {
    for (const call of everyCall) {
      for (let chance = 0; chance < 3; chance++) {
        disk = new FaultyDisk();
        disk.crashAt(call, chance);
        const { done } = workload();
        disk.restart();
        const last = done.length - 1;
        const allowed = [done[last], states[last] ?? null];
        expect(allowed).toContain(stateOf(open()));
        const resumed = open();
        resumed.write(imageOf(9));
        expect(stateOf(open())).toBe(contentOf(imageOf(9)));
      }
    }
  });

  test.each(['quota', 'short'] as const)(
    'a refused write (%s) leaves the state before, and later ones succeed',
    (kind) => {
      for (const call of everyCall) {
        disk = new FaultyDisk();
        disk.failAt(call, kind);
        const { done, error } = workload();
        if (error === undefined) continue;
        expect(error).toMatchObject({ code: expect.stringMatching(/^(quota-exceeded|publish-failed)$/) });
        expect(stateOf(open())).toBe(done.at(-1));
        const resumed = open();
        resumed.write(imageOf(9, 8));
        expect(stateOf(open())).toBe(contentOf(imageOf(9, 8)));
      }
    },
  );

  test('a store that cannot be told to hold the state before or after lets nothing through', () => {
    const store = open();
    store.write(imageOf(1));
    disk.failFrom(disk.calls + 2, 'quota');
    expect(() => store.write(imageOf(2))).toThrow(expect.objectContaining({ code: 'publish-uncertain' }));
    disk.restart();
    expect(() => store.read()).toThrow(expect.objectContaining({ code: 'publish-uncertain' }));
    expect(() => store.write(imageOf(3))).toThrow(expect.objectContaining({ code: 'publish-uncertain' }));
    expect([contentOf(imageOf(1)), contentOf(imageOf(2))]).toContain(stateOf(open()));
  });
});
