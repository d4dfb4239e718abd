// @ts-check
/**
 * The story of three peers over the network: three processes, TLS 1.3 on loopback, and nobody hands anything from one to the
 * other but an invite.
 */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./wire-peer.mjs', import.meta.url));

/** A peer in a process. */
class Peer {
  /** @param {string} name @param {string} folder */
  constructor(name, folder) {
    this.name = name;
    this.file = join(folder, `${name}.db`);
    // Byte arrays cross as such.
    this.child = fork(program, { serialization: 'advanced' });
  }

  /** @param {string} name @param {...unknown} args @returns {Promise<any>} */
  call(name, ...args) {
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error(`${this.name} ended during ${name}`));
      this.child.once('exit', ended);
      this.child.once('message', (/** @type {any} */ { result, error }) => {
        this.child.off('exit', ended);
        if (error === undefined) resolve(result);
        else reject(new Error(`${this.name}, ${name}: ${error}`));
      });
      this.child.send([name, ...args]);
    });
  }
}

/** Asks until the answer is as wanted, or a quarter of a minute is over. @template T @param {() => Promise<T>} ask @param {(answer: T) => boolean} isWanted */
async function until(ask, isWanted) {
  for (let attempt = 0; attempt < 150; attempt++) {
    const answer = await ask();
    if (isWanted(answer)) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

/**
 * A step whose expectations are told after its title.
 *
 * @template T
 * @param {import('./narrator.mjs').Narrator} narrator
 * @param {string} title
 * @param {(note: (line: string) => void, expect: (sentence: string, holds: boolean) => void) => Promise<T>} work
 */
async function step(narrator, title, work) {
  /** @type {[string, boolean][]} */
  const expectations = [];
  const result = await narrator.step(title, (note) =>
    work(note, (sentence, holds) => expectations.push([sentence, holds])),
  );
  for (const [sentence, holds] of expectations) narrator.expect(sentence, holds);
  return result;
}

/** @param {{ folder: string, narrator: import('./narrator.mjs').Narrator, document: Uint8Array }} stage */
export async function tellWireStory({ folder, narrator, document }) {
  const [ada, ben, cleo] = /** @type {[Peer, Peer, Peer]} */ (
    ['ada', 'ben', 'cleo'].map((name) => new Peer(name, folder))
  );
  const everybody = [ada, ben, cleo];
  const url = await step(narrator, 'Ada founds the group and listens', async (note) => {
    for (const peer of everybody) await peer.call('open', peer.file);
    await ada.call('found', 'ada');
    const at = await ada.call('serve');
    note(`${at}, with a certificate of her own`);
    return at;
  });
  const pin = await ada.call('pin');
  await step(narrator, 'Ben and Cleo join with nothing but an invite', async (note) => {
    for (const peer of [ben, cleo]) {
      const epoch = await peer.call('join', await ada.call('invite'), peer.name);
      note(`${peer.name} is a member from epoch ${epoch}, and listens on ${await peer.call('serve')}`);
    }
  });
  await step(narrator, 'Ben says something, and everybody hears it', async (_, expect) => {
    expect('Ben has heard that Cleo joined', await agree(everybody, 2));
    const message = await ben.call('say', 'the oak is sound');
    for (const peer of [ada, cleo]) {
      const text = await peer.call('tryToRead', message);
      expect(`${peer.name} reads it`, text === 'the oak is sound');
    }
  });
  await step(narrator, 'Ada publishes a document, Cleo fetches it chunk by chunk', async (_, expect) => {
    await ada.call('publish', 'urn:orchard:document', document);
    const fetch = () => cleo.call('fetch', 'urn:orchard:document', url, pin);
    let content = null;
    await until(fetch, (bytes) => {
      content = bytes;
      return bytes !== null;
    });
    expect('the record was true', content !== null);
  });
  await step(narrator, 'Nothing is new: one small exchange', async (note, expect) => {
    let idle = { bytes: 0, exchanges: 0 };
    await until(
      () => ben.call('sync', url, pin),
      (report) => {
        idle = report;
        return report.exchanges === 1;
      },
    );
    note(`${idle.bytes} bytes`);
    expect('one exchange of less than a kibibyte', idle.exchanges === 1 && idle.bytes < 1_024);
  });
  await step(narrator, 'Ada kicks Ben', async (_, expect) => {
    await ada.call('kick', 'ben');
    expect('Cleo follows', await agree([ada, cleo], 3));
    const message = await ada.call('say', 'Ben does not read this');
    expect('Cleo reads on', (await cleo.call('tryToRead', message)) !== null);
    expect('Ben does not', (await ben.call('tryToRead', message)) === null);
    expect('Ben is shut out', (await ben.call('sync', url, pin)).refused === 'unknown-caller');
  });
  await step(narrator, 'Everybody verifies the history', async (_, expect) => {
    for (const peer of everybody) {
      expect(`${peer.name} finds no fault`, (await peer.call('verify')) === 0);
      await peer.call('close');
    }
  });
}

/** Whether peers come to be in an epoch. @param {Peer[]} peers @param {number} epoch */
async function agree(peers, epoch) {
  return until(
    async () => Promise.all(peers.map((peer) => peer.call('status'))),
    (states) => states.every((state) => state.epoch === epoch),
  );
}
