/**
 * The tree of events as lines of text: the head path straight down, each branch that lost indented beside the event it
 * left from.
 *
 * @module
 */
import { base64urlEncode } from '../codec/base64url.js';
import type { HistoryEvent } from '../index.js';

/** One event and what stands to the left of it. */
export interface GraphLine {
  /** Lines and marks: `●` on the head path, `○` on a branch that lost, `★` for the head. */
  readonly graph: string;
  readonly event: HistoryEvent;
}

/** An event that is still to be drawn. `before` is the drawing to the left; `leaves` marks the first of a branch. */
interface Task {
  readonly event: HistoryEvent;
  readonly before: string;
  readonly leaves: boolean;
}

const key = (id: Uint8Array) => base64urlEncode(id);

function childrenById(events: readonly HistoryEvent[]): Map<string, HistoryEvent[]> {
  const children = new Map<string, HistoryEvent[]>();
  for (const event of events) {
    if (event.parent === null) continue;
    const siblings = children.get(key(event.parent));
    if (siblings === undefined) children.set(key(event.parent), [event]);
    else siblings.push(event);
  }
  return children;
}

/** The child with which the line of an event goes on: towards the head, or else the first one. */
function continuationOf(children: readonly HistoryEvent[]): HistoryEvent | undefined {
  return children.find(({ onHeadPath }) => onHeadPath) ?? children[0];
}

/**
 * Draws a history, parents above children.
 *
 * @param events all events, parents first
 */
export function drawHistory(events: readonly HistoryEvent[]): GraphLine[] {
  const children = childrenById(events);
  const head = events.findLast(({ onHeadPath }) => onHeadPath);
  const mark = (event: HistoryEvent) => (event === head ? '★' : event.onHeadPath ? '●' : '○');
  const lines: GraphLine[] = [];
  // A stack of its own: a history may be deeper than the program's.
  const tasks: Task[] = events.slice(0, 1).map((event) => ({ event, before: '', leaves: false }));
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    const { event, before, leaves } = task;
    lines.push({ graph: `${before}${leaves ? '├─' : ''}${mark(event)}`, event });
    const own = children.get(key(event.eventId)) ?? [];
    const next = continuationOf(own);
    const inner = leaves ? `${before}│ ` : before;
    if (next !== undefined) tasks.push({ event: next, before: inner, leaves: false });
    const branches = own.filter((child) => child !== next).reverse();
    for (const branch of branches) tasks.push({ event: branch, before: inner, leaves: true });
  }
  return lines;
}
