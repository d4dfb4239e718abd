/** Writes the vectors of `test/vectors/` that are ours anew; the bytes are the same every time. Run from the repository: `npm run vectors`. */
import { writeFileSync } from 'node:fs';
import { membershipVectors } from '../../support/membership/vectors.js';
import { protocolVectors } from '../../support/protocol/vectors.js';
import { recordFrameVectors } from '../../support/records/frame-vectors.js';
import { recordVectors } from '../../support/records/vectors.js';

const folders = {
  membership: await membershipVectors(),
  protocol: await protocolVectors(),
  records: { ...recordVectors(), ...recordFrameVectors() },
};
for (const [folder, files] of Object.entries(folders)) {
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(`test/vectors/${folder}/${name}`, `${JSON.stringify(content, null, 1)}\n`);
  }
}
