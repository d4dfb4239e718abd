/** Writes `test/vectors/membership/*.json` anew; the bytes are the same every time. Run from the repository: `npm run vectors`. */
import { writeFileSync } from 'node:fs';
import { membershipVectors } from '../../support/membership/vectors.js';

for (const [name, content] of Object.entries(await membershipVectors())) {
  writeFileSync(`test/vectors/membership/${name}`, `${JSON.stringify(content, null, 1)}\n`);
}
