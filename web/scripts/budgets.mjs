// Holds the built page to its budgets: what the first load costs, what the managed auth screen costs, compressed.

import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';

const target = process.env.CARGO_TARGET_DIR ?? resolve(homedir(), '.cache/stepgate/target');
const folder = process.env.STEPGATE_WEB ?? resolve(target, 'web');
const manifest = JSON.parse(readFileSync(resolve(folder, '.vite/manifest.json'), 'utf8'));

/** Entry, the most it may weigh in KiB gzipped, and what may not be in its first load. */
const BUDGETS = [
  { entry: 'index.html', most: 250, apart: /codemirror|editor/i },
  { entry: 'src/screen/main.ts', most: 80, apart: /codemirror|mantine|react/i },
];

let failed = false;
for (const { entry, most, apart } of BUDGETS) {
  if (!(entry in manifest)) continue;
  const files = new Set();
  const seen = new Set();
  const add = (key) => {
    if (seen.has(key)) return;
    seen.add(key);
    const { file, css = [], imports = [] } = manifest[key];
    [file, ...css].forEach((name) => files.add(name));
    imports.forEach(add);
  };
  add(entry);
  const bytes = [...files].reduce((sum, name) => sum + statSync(resolve(folder, `${name}.gz`)).size, 0);
  const kib = bytes / 1024;
  const wrong = [...files].filter((name) => apart.test(name));
  console.log(`${entry}: ${kib.toFixed(1)} KiB of ${most} in ${files.size} files`);
  if (kib > most || wrong.length > 0) {
    failed = true;
    console.error(`${entry} is too heavy, or loads what belongs apart: ${wrong.join(', ')}`);
  }
}
process.exit(failed ? 1 : 0);
