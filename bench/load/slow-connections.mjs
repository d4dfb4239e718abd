/**
 * A process that holds slow connections to a server: half of them send the head of a request byte by byte; the others have a
 * body in a member's name, 256 KiB at once and then byte by byte. What the server closes is opened anew.
 * `FOLDER PORT CONNECTIONS`; ends with its input. Says how many are open, twice a second.
 *
 * @module
 */
import { connect as connectTcp } from 'node:net';
import { connect } from 'node:tls';
import { readMembers } from './files.mjs';

/** Addresses of loopback, since a server takes 64 connections of each. */
const ADDRESSES = 4;
const BODY_BYTES = 262_144;
const DRIP_MS = 200;
const HEAD = 'POST /mesh/v1/sync HTTP/1.1\r\nhost: peer\r\ncontent-type: application/cbor\r\n';
const [folder = '', port = '', connections = ''] = process.argv.slice(2);
const [member] = readMembers(`${folder}/members.json`);
if (member === undefined) throw new Error('nobody to speak for');

/** The beginning of a request's frame in the member's name, and what could be the rest. */
const body = new Uint8Array(BODY_BYTES);
body.set([0x85, 0x01, 0x67, ...new TextEncoder().encode('request'), 0x58, 32, ...member.mid]);

let open = 0;
let closed = 0;

/** @param {number} number */
function hold(number) {
  const carrier = connectTcp({
    host: '127.0.0.1',
    port: Number(port),
    localAddress: `127.0.0.${2 + (number % ADDRESSES)}`,
  });
  carrier.on('error', () => undefined);
  const socket = connect({ socket: carrier, rejectUnauthorized: false });
  socket.on('error', () => undefined);
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let drip;
  socket.once('secureConnect', () => {
    open++;
    const hasBody = (number / ADDRESSES) & 1;
    if (hasBody) {
      socket.write(`${HEAD}content-length: 1000000\r\n\r\n`);
      socket.write(body);
    }
    let at = 0;
    drip = setInterval(() => socket.write(hasBody ? '\0' : (HEAD[at++] ?? 'x')), DRIP_MS);
    socket.once('close', () => {
      open--;
      closed++;
    });
  });
  socket.once('close', () => {
    clearInterval(drip);
    setTimeout(hold, DRIP_MS, number);
  });
}

for (let number = 0; number < Number(connections); number++) hold(number);
setInterval(() => process.stdout.write(`${JSON.stringify({ open, closed })}\n`), 500);
process.stdin.resume();
process.stdin.once('end', () => process.exit());
