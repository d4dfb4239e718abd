/** The built program at a terminal: `script` gives it one, with a person who answers each question. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/index.js';
import { PASSPHRASE, protect } from '../store/passphrases.js';
import { temporaryFolder } from '../store/temporary-folder.js';
import { program } from './command-line.js';
import { found, type Peer } from './peer.js';

const hasTerminals = process.platform === 'linux' && existsSync('/usr/bin/script');

/** Runs a shell command at a terminal, and gives what the terminal showed. */
function atTerminal(command: string, { file }: Peer, answers: readonly [RegExp, string][]): Promise<string> {
  return new Promise((resolve, reject) => {
    const environment = { ...process.env, ARBORIST_DB: file, NODE: process.execPath, PROGRAM: program };
    const child = spawn('/usr/bin/script', ['-qec', command, '/dev/null'], { env: environment });
    const left = [...answers];
    let shown = '';
    let since = '';
    child.stdout.on('data', (chunk: Uint8Array) => {
      const text = new TextDecoder().decode(chunk);
      shown += text;
      since += text;
      const [next] = left;
      if (next?.[0].test(since) !== true) return;
      left.shift();
      since = '';
      child.stdin.write(next[1]);
    });
    child.on('error', reject);
    child.on('close', () => resolve(shown));
  });
}

async function foundProtected(): Promise<Peer> {
  const ada = await found(temporaryFolder(), 'ada');
  const db = await openDatabase({ file: ada.file });
  await protect(db, PASSPHRASE);
  db.close();
  return ada;
}

describe.runIf(hasTerminals)('At a terminal', () => {
  it('the passphrase is asked for without echo, also where streams are pipes, and the echo comes back', async () => {
    const ada = await foundProtected();
    const command = 'echo hello | "$NODE" "$PROGRAM" mesh seal | wc -l; stty -a | grep -o " -*echo "';
    const shown = await atTerminal(command, ada, [[/Passphrase of .*: $/, `${PASSPHRASE}\r`]]);
    expect(shown).toMatch(/^Passphrase of [^\n]*ada\.db: \r\n1\r\n echo \r\n$/);
  });

  it('a line can be corrected, and what was pasted beyond it answers the next question', async () => {
    const ada = await foundProtected();
    // Ctrl-U clears the line; the delete key takes back one character, however many bytes it has.
    const typed = `wrong\u0015${PASSPHRASE}x\u00e9\u007f\u007f\rnew\rnew\r`;
    const shown = await atTerminal('"$NODE" "$PROGRAM" mesh passphrase change', ada, [[/: $/, typed]]);
    expect(shown).toMatch(/: \r\nNew passphrase: \r\nOnce more: \r\nThe secrets are sealed under the new/);
    expect(shown).not.toMatch(/oak|wrong|new\r/);
    const db = await openDatabase({ file: ada.file, passphrase: 'new' });
    db.close();
  });

  it('Ctrl-C ends the program, and the echo comes back', async () => {
    const ada = await foundProtected();
    const command = '"$NODE" "$PROGRAM" mesh rotate; echo "code $?"; stty -a | grep -o " -*echo "';
    expect(await atTerminal(command, ada, [[/: $/, 'an o\u0003']])).toMatch(/: \r\ncode 130\r\n echo \r\n$/);
  });
});
