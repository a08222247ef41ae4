// Makes the API's types from the server's own description, which its tests keep as a snapshot; `--check` only compares.

import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';

const root = resolve(import.meta.dirname, '..');
const snapshot = resolve(root, '../crates/server/tests/api/snapshots/main__api__document__openapi.snap');
const target = resolve(root, 'src/api/schema.ts');

const [, , document] = readFileSync(snapshot, 'utf8').split(/^---$/m);
const types = astToString(await openapiTS(JSON.parse(document)));
const text = `// What the API takes and gives, made from its description by \`npm run schema\`.\n\n${types}`;

if (!process.argv.includes('--check')) {
  writeFileSync(target, text);
} else if (readFileSync(target, 'utf8') !== text) {
  console.error('web/src/api/schema.ts is not what the API describes: run `npm run schema` in web/');
  process.exit(1);
}
