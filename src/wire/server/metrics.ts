/**
 * The counters as Prometheus reads them: text exposition format 0.0.4.
 *
 * @module
 */
import { meshStatus } from '../../mesh/status.js';
import type { MeshDatabase } from '../../store/database.js';
import { wireStats } from '../stats.js';

/** The content type of the text. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

type Sample = readonly [labels: string, value: number];

function family(name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]): string {
  const lines = samples.map(([labels, value]) => `arborist_mesh_${name}${labels} ${value}`);
  return `# HELP arborist_mesh_${name} ${help}\n# TYPE arborist_mesh_${name} ${type}\n${lines.join('\n')}\n`;
}

const labelled = (label: string, counts: Readonly<Record<string, number>>): Sample[] =>
  Object.entries(counts).map(([key, value]) => [`{${label}="${key}"}`, value] as const);

/** All counters of a database, and the state of its group. */
export function metricsText(db: MeshDatabase): string {
  const stats = wireStats(db);
  const { group } = meshStatus(db);
  const one = (value: number): Sample[] => [['', value]];
  return [
    family('requests_served_total', 'counter', 'Requests answered.', labelled('path', stats.served)),
    family('requests_refused_total', 'counter', 'Requests refused.', labelled('reason', stats.refused)),
    family('body_bytes_received_total', 'counter', 'Bytes of request bodies.', one(stats.bytesIn)),
    family('body_bytes_sent_total', 'counter', 'Bytes of answers.', one(stats.bytesOut)),
    family('items_taken_total', 'counter', 'Delivered items that were new.', one(stats.itemsTaken)),
    family('items_refused_total', 'counter', 'Delivered items that were refused.', one(stats.itemsRefused)),
    family('syncs_total', 'counter', 'Synchronizations as a client.', [
      ['{outcome="done"}', stats.syncs],
      ['{outcome="failed"}', stats.syncsFailed],
    ]),
    family('epoch', 'gauge', 'The present epoch.', one(group?.epoch ?? 0)),
    family('members', 'gauge', 'Members of the group.', one(group?.members ?? 0)),
    family('events', 'gauge', 'Membership events.', one(group?.events ?? 0)),
    family('orphans', 'gauge', 'Events that wait for another one.', one(group?.orphans ?? 0)),
    family('messages', 'gauge', 'Gossip messages kept.', one(group?.messages ?? 0)),
  ].join('');
}
