/**
 * A process that counts the bytes of an idle synchronization, as TCP carries them: `FILE PORT PIN`. Prints JSON.
 *
 * @module
 */
import { openDatabase } from '../../dist/index.js';
import { syncWith } from '../../dist/wire/index.js';
import { openTransport } from '../../dist/wire/node/transport.node.js';
import { bytesOf } from './files.mjs';
import { openRelay } from './relay.mjs';

const [file = '', port = '', pin] = process.argv.slice(2);
const db = await openDatabase({ file });
const relay = await openRelay(Number(port));
const peer = { url: `https://127.0.0.1:${relay.port}`, certPin: bytesOf(pin) };
const sum = () => relay.bytes().up + relay.bytes().down;

/** One connection for all, kept open: what a peer that synchronizes again and again could do. */
const transport = openTransport({ url: new URL(peer.url), certPins: [peer.certPin], allowPrivate: true });
const kept = { transport: () => ({ ...transport, close: () => undefined }) };
const first = await syncWith(db, peer, kept);
const start = sum();
const { exchanges, bytesSent, bytesReceived } = await syncWith(db, peer, kept);
const onOpenConnection = sum() - start;
transport.close();
const before = sum();
await syncWith(db, peer);
process.stdout.write(
  JSON.stringify({
    firstExchanges: first.exchanges,
    exchanges,
    bodies: bytesSent + bytesReceived,
    onOpenConnection,
    withHandshake: sum() - before,
  }),
);
process.exit();
