/**
 * A database as the synchronization sees it.
 *
 * @module
 */
import { encodeCbor } from '../../codec/cbor.js';
import { labelHash } from '../../codec/labels.js';
import { MeshError } from '../../errors.js';
import { applyEvents } from '../../mesh/apply-events.js';
import { endpoints, takeEndpoint } from '../../mesh/endpoint.js';
import { endpointsDigest } from '../../mesh/endpoint-digest.js';
import {
  bundlesOf,
  eventLocator,
  eventsDigest,
  eventsPage,
  knowsEvent,
  missingEnvelopes,
} from '../../mesh/event-exchange.js';
import type { EventResult } from '../../mesh/event-intake.js';
import { applyFault, faultsOf } from '../../mesh/fault.js';
import { messagesAt, takeMessages } from '../../mesh/gossip-exchange.js';
import { hasMessage } from '../../mesh/gossip-store.js';
import { gossipVectors, vectorDigest } from '../../mesh/gossip-vectors.js';
import { requireGroup } from '../../mesh/group.js';
import type { MeshDatabase } from '../../store/database.js';
import { randomSome } from '../client/pause.js';
import { MAX_ITEMS } from '../limits.js';
import type { Refused, Replica, Taken } from './replica.js';

function refusedEvent({ eventId, outcome, rule, reason, envelope, fault }: EventResult): Refused[] {
  const about = { id: eventId, reason: reason ?? '' };
  if (outcome === 'refused') return [{ what: 'event', code: rule ?? 'encoding', ...about }];
  return envelope === 'refused' ? [{ what: 'envelope', code: fault ?? 'slots', ...about }] : [];
}

function takeBundles(db: MeshDatabase, bundles: readonly Uint8Array[]): Taken {
  const { results, adopted } = applyEvents(db, bundles);
  const all = [...results, ...adopted];
  const isFresh = ({ outcome, envelope }: EventResult) => outcome === 'applied' || envelope === 'stored';
  return { fresh: all.filter(isFresh).length, refused: all.flatMap(refusedEvent) };
}

/** An error of this library as the reason of a refusal; any other one goes on. */
function refusal(what: Refused['what'], error: unknown): Refused {
  if (!(error instanceof MeshError)) throw error;
  return { what, id: null, code: error.code, reason: error.message };
}

/** These say that a message is old news, and are no reproach. */
const EXPECTED = new Set(['no-epoch-secret', 'pruned']);

function takeGossip(db: MeshDatabase, messages: readonly Uint8Array[]): Taken {
  const results = takeMessages(db, messages);
  return {
    fresh: results.filter(({ message }) => message?.duplicate === false).length,
    refused: results.flatMap(({ error }) =>
      error === null || EXPECTED.has(error.code) ? [] : [refusal('message', error)],
    ),
  };
}

function takeFaults(db: MeshDatabase, faults: readonly Uint8Array[]): Taken {
  const known = countFaults(db);
  const refused: Refused[] = [];
  for (const fault of faults) {
    try {
      applyFault(db, fault);
    } catch (error) {
      refused.push(refusal('fault', error));
    }
  }
  return { fresh: countFaults(db) - known, refused };
}

const countFaults = (db: MeshDatabase) => db.sql.get('SELECT count(*) AS count FROM mesh_fault')?.count as number;

function takeEndpoints(db: MeshDatabase, frames: readonly Uint8Array[]): Taken {
  let fresh = 0;
  const refused: Refused[] = [];
  db.transaction(() => {
    for (const frame of frames) {
      try {
        if (takeEndpoint(db, frame).fresh) fresh++;
      } catch (error) {
        refused.push(refusal('endpoint', error));
      }
    }
  });
  return { fresh, refused };
}

/** The records in an order of chance: where they are more than an answer holds, the next one has others. */
function presentEndpoints(db: MeshDatabase): Uint8Array[] {
  const frames = endpoints(db).map(({ frame }) => frame);
  return frames.length <= MAX_ITEMS ? frames : randomSome(frames, frames.length);
}

const presentFaults = (db: MeshDatabase) => faultsOf(db, requireGroup(db).head.id).map(({ frame }) => frame);

/** The replica of a database whose mesh is enabled and which belongs to a group. */
export function databaseReplica(db: MeshDatabase): Replica {
  return {
    eventsDigest: () => eventsDigest(db),
    gossipDigest: () => vectorDigest(gossipVectors(db).bucketDigests()),
    faultsDigest: () => labelHash('arborist-mesh/1 faults', encodeCbor(presentFaults(db))),
    endpointsDigest: () => endpointsDigest(db),
    locator: () => eventLocator(db),
    knowsEvent: (id) => knowsEvent(db, id),
    eventsPage: (have, after, room) => eventsPage(db, have, after, room),
    bundles: (ids, room) => bundlesOf(db, ids, room),
    missingEnvelopes: (max) => missingEnvelopes(db, max),
    bucketDigests: () => gossipVectors(db).bucketDigests(),
    bucket: (number) => gossipVectors(db).bucket(number),
    messages: (spans, room, firstEpoch) => messagesAt(db, spans, room, firstEpoch),
    hasMessage: (id) => hasMessage(db, id),
    faults: () => presentFaults(db),
    endpoints: () => presentEndpoints(db),
    takeBundles: (bundles) => takeBundles(db, bundles),
    takeMessages: (messages) => takeGossip(db, messages),
    takeFaults: (faults) => takeFaults(db, faults),
    takeEndpoints: (frames) => takeEndpoints(db, frames),
  };
}
