/** The drawing of the tree of events. */
import { describe, expect, it } from 'vitest';
import { drawHistory } from '../../src/cli/history-graph.js';
import type { HistoryEvent } from '../../src/index.js';

/** A tree from lines such as `b<a` (b builds on a); those in capitals are on the head path. */
function tree(...links: string[]): HistoryEvent[] {
  const id = (name: string) => new Uint8Array(32).fill(name.toLowerCase().charCodeAt(0));
  const epochs = new Map<string, number>();
  return links.map((link) => {
    const [name = '', parent] = link.split('<');
    const epoch = parent === undefined ? 0 : (epochs.get(parent.toLowerCase()) ?? 0) + 1;
    epochs.set(name.toLowerCase(), epoch);
    return {
      eventId: id(name),
      parent: parent === undefined ? null : id(parent),
      epoch,
      kind: 'rotate',
      actor: name,
      subject: null,
      createdAt: 0,
      onHeadPath: name === name.toUpperCase(),
      hasSecret: true,
    };
  });
}

const draw = (events: HistoryEvent[]) => drawHistory(events).map(({ graph, event }) => `${graph} ${event.actor}`);

describe('the graph of the history', () => {
  it('is one line straight down where nothing forked', () => {
    expect(draw(tree('A', 'B<A', 'C<B'))).toEqual(['● A', '● B', '★ C']);
  });

  it('sets a branch that lost beside the event it left from', () => {
    expect(draw(tree('A', 'B<A', 'x<A', 'C<B', 'y<x'))).toEqual(['● A', '├─○ x', '│ ○ y', '● B', '★ C']);
  });

  it('sets branches of branches further in, and several one below the other', () => {
    const events = tree('A', 'B<A', 'w<A', 'x<A', 'y<x', 'z<x');
    expect(draw(events)).toEqual(['● A', '├─○ w', '├─○ x', '│ ├─○ z', '│ ○ y', '★ B']);
  });

  it('draws a chain of 10,000 events', () => {
    const chain = Array.from({ length: 10_000 }, (_, epoch) => {
      const id = (n: number) => new Uint8Array(new Uint32Array([n, 0, 0, 0, 0, 0, 0, 0]).buffer);
      const [event] = tree('A');
      return { ...(event as HistoryEvent), eventId: id(epoch), parent: epoch === 0 ? null : id(epoch - 1), epoch };
    });
    expect(drawHistory(chain).at(-1)?.graph).toBe('★');
  });
});
