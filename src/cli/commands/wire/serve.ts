/**
 * `serve`: answers other peers, and follows them, until it is interrupted.
 *
 * @module
 */
import { Command, InvalidArgumentError } from 'commander';
import {
  type GossipEvent,
  type RunningServer,
  serveMesh,
  startGossip,
  type WireLogEntry,
} from '../../../wire/index.js';
import { CommandCall } from '../../command-call.js';
import type { CommandIo } from '../../command-io.js';
import { count, displayText } from '../../format.js';
import { helpSections } from '../../help.js';
import { parseDuration } from '../../option-values.js';
import { formatPin } from './pin.js';

interface ServeCommandOptions {
  readonly host: string;
  readonly port: number;
  readonly advertise?: string | true;
  readonly plainHttp?: true;
  readonly metrics?: number;
  readonly interval: number;
  readonly log?: true;
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 65_536;
  if (port > 65_535) throw new InvalidArgumentError('Expected a port, from 0 to 65535.');
  return port;
}

/** `serve [--host ADDRESS] [--port PORT] [--advertise [URL]] …`. */
export function serveCommand(io: CommandIo): Command {
  return new Command('serve')
    .summary('answer other peers, and follow them, until interrupted')
    .description('Listens for other peers over TLS, and follows those that it knows, until it is interrupted.')
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--port <port>', 'on which port; 0 for any', parsePort, 0)
    .option('--advertise [url]', 'tell the group this URL, or the one that it listens on')
    .option('--plain-http', 'no TLS, as behind a proxy that ends it')
    .option('--metrics <port>', 'serve /metrics for Prometheus on 127.0.0.1', parsePort)
    .option('--interval <duration>', 'how often to follow a peer (default: 30s)', parseDuration, 30)
    .option('--log', 'a line on standard error for each request')
    .addHelpText(
      'after',
      helpSections({
        notes: [
          'The certificate is made on first use, and kept in the database. Others pin it: an invite made with `--url` carries its hash, and so does the record that --advertise spreads.',
          'The database belongs to this command while it runs. `arborist mesh approve`, `invite --url`, `seal` and `kick` hand their work to it.',
        ],
        examples: [
          ['arborist mesh serve', 'on this machine'],
          ['arborist mesh serve --host 0.0.0.0 --port 4433', 'for others'],
        ],
        json: {
          url: 'where it listens',
          certPin: 'SHA-256 of its certificate, base64url; null for plain HTTP',
          metricsUrl: 'where the metrics are; null if nowhere',
        },
      }),
    )
    .action(async (options: ServeCommandOptions, command: Command) => {
      const call = new CommandCall(io, command);
      const signal = io.interruption();
      await call.withDatabase('write', async (db) => {
        const server = await serveMesh(db, serveOptions(call, options));
        const gossip = startGossip(db, { interval: options.interval * 1_000, signal });
        try {
          await tellAddress(call, server);
          for await (const event of gossip) await call.remark(...eventLines(event));
          await gossip.done;
        } finally {
          await gossip.stop();
          await server.close();
        }
      });
    });
}

function serveOptions(call: CommandCall, { host, port, advertise, plainHttp, metrics, log }: ServeCommandOptions) {
  return {
    host,
    port,
    ...(advertise !== undefined && { advertise }),
    ...(plainHttp === true && { tls: false as const, allowPlainHttp: true }),
    ...(metrics !== undefined && { metrics: { port: metrics } }),
    ...(log === true && { log: (entry: WireLogEntry) => void call.remark(logLine(entry)) }),
  };
}

async function tellAddress(call: CommandCall, { url, certPin, metricsUrl }: RunningServer): Promise<void> {
  await call.answer({ url, certPin, metricsUrl }, () => [
    `Listening on ${url}`,
    ...(certPin === null ? [] : [`Certificate pin ${formatPin(certPin)}`]),
    ...(metricsUrl === null ? [] : [`Metrics on ${metricsUrl}`]),
  ]);
}

function logLine(entry: WireLogEntry): string {
  const who = entry.member === null ? (entry.address ?? '-') : displayText(entry.member);
  const outcome = entry.refusal ?? 'ok';
  return `${entry.path} ${outcome} ${who} in=${entry.bytesIn} out=${entry.bytesOut} ${entry.milliseconds.toFixed(1)}ms`;
}

/** What people want to know of what happens. */
function eventLines(event: GossipEvent): string[] {
  switch (event.kind) {
    case 'synced': {
      const { events, messages } = event.report.received;
      if (events + messages + event.report.delivered === 0) return [];
      return [
        `${displayText(event.report.memberId)}: ${count(events, 'event')}, ${count(messages, 'message')} received, ${event.report.delivered} delivered`,
      ];
    }
    case 'failed':
      return [`${event.peer}: ${displayText(event.error.message)}`];
    case 'head':
      return [`epoch ${event.epoch}`];
    case 'messages':
      return [count(event.count, 'new message')];
    case 'pushed':
      return [];
  }
}
