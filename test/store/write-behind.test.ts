import { describe, expect, test } from 'vitest';
import { WriteBehind } from '../../src/store/browser/write-behind.js';

/** A place that is written behind: each write takes the state of that moment, and ends when it is told to. */
function place() {
  const log: string[] = [];
  const failures: unknown[] = [];
  const open: { end(): void; fail(): void }[] = [];
  let state = 'nothing';
  const take = () =>
    new Promise<void>((resolve, reject) => {
      const taken = state;
      open.push({
        end: () => {
          log.push(taken);
          resolve();
        },
        fail: () => reject(new Error(`no room for ${taken}`)),
      });
    });
  const writes = new WriteBehind({ write: take, onFailure: (error) => failures.push(error) });
  const mutate = (next: string) => {
    state = next;
    writes.request();
  };
  /** The write that was begun last. */
  const present = async () => {
    await turn();
    return open.at(-1) ?? { end: () => undefined, fail: () => undefined };
  };
  return { log, failures, open, writes, mutate, take, present };
}

const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

async function outcomeOf(promise: Promise<void>): Promise<string> {
  const settled = promise.then(
    () => 'done',
    (error: Error) => error.message,
  );
  return Promise.race([settled, turn().then(() => 'waiting')]);
}

describe('writing behind', () => {
  test('takes mutations of one turn in one write, and those that come during it in one more', async () => {
    const { log, open, writes, mutate, present } = place();
    for (const state of ['a', 'b', 'c']) mutate(state);
    const first = await present();
    for (const state of ['d', 'e', 'f']) mutate(state);
    await turn();
    expect(open).toHaveLength(1);
    first.end();
    (await present()).end();
    await turn();
    expect(log).toEqual(['c', 'f']);
    expect(writes.behind).toBe(false);
  });

  test('is settled when all that was requested before is written, whatever comes afterwards', async () => {
    const { writes, mutate, present } = place();
    expect(await outcomeOf(writes.settled())).toBe('done');
    mutate('a');
    const settled = writes.settled();
    const first = await present();
    mutate('b');
    const later = writes.settled();
    expect(await outcomeOf(settled)).toBe('waiting');
    first.end();
    expect(await outcomeOf(settled)).toBe('done');
    expect(await outcomeOf(later)).toBe('waiting');
    (await present()).end();
    expect(await outcomeOf(later)).toBe('done');
  });

  test('tells of a failure, and tries again with the next mutation or when somebody asks', async () => {
    const { log, failures, open, writes, mutate, present } = place();
    mutate('a');
    const settled = writes.settled();
    (await present()).fail();
    expect(await outcomeOf(settled)).toBe('no room for a');
    expect(failures).toHaveLength(1);
    expect(writes.behind).toBe(true);
    await turn();
    expect(open).toHaveLength(1);

    const asked = writes.settled();
    (await present()).fail();
    expect(await outcomeOf(asked)).toBe('no room for a');
    mutate('b');
    const mended = writes.settled();
    (await present()).end();
    expect(await outcomeOf(mended)).toBe('done');
    expect(log).toEqual(['b']);
    expect(writes.behind).toBe(false);
  });

  test('makes one last write after the present one, which settles what was requested', async () => {
    const { log, open, writes, mutate, take, present } = place();
    mutate('a');
    const first = await present();
    mutate('b');
    const settled = writes.settled();
    const finished = writes.finish(take);
    await turn();
    expect(open).toHaveLength(1);
    first.fail();
    (await present()).end();
    expect(await outcomeOf(finished)).toBe('done');
    expect(await outcomeOf(settled)).toBe('done');
    mutate('c');
    await turn();
    expect(log).toEqual(['b']);
    expect(open).toHaveLength(2);
  });

  test('reports the failure of the last write to whoever waits', async () => {
    const { failures, writes, mutate, take, present } = place();
    mutate('a');
    const settled = writes.settled();
    const finished = writes.finish(take);
    (await present()).fail();
    expect(await outcomeOf(finished)).toBe('no room for a');
    expect(await outcomeOf(settled)).toBe('no room for a');
    expect(failures).toHaveLength(1);
  });
});
