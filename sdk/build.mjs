// Builds the SDK: one file for `<script>` and one for `import`, into the folder that is named, where the server's build finds
// them; else the whole package, with its types, into `dist`. Fails where it outgrows its budget.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const BUDGET = 6 * 1024;
const here = (path) => resolve(import.meta.dirname, path);
const served = process.argv[2];
const folder = served ?? here('dist');

mkdirSync(folder, { recursive: true });
const common = { entryPoints: [here('src/index.ts')], bundle: true, minify: true, target: 'es2022', charset: 'utf8' };
const files = [
  { name: 'sdk.js', format: 'iife', globalName: 'Stepgate' },
  { name: 'sdk.mjs', format: 'esm' },
];
for (const { name, ...options } of files) {
  const path = resolve(folder, name);
  await build({ ...common, ...options, outfile: path });
  const bytes = readFileSync(path);
  const packed = gzipSync(bytes, { level: 9 });
  if (packed.length > BUDGET) {
    console.error(`${name}: ${packed.length} bytes gzipped, and ${BUDGET} are the most`);
    process.exitCode = 1;
  }
  if (served) {
    writeFileSync(`${path}.gz`, packed);
    writeFileSync(`${path}.br`, brotliCompressSync(bytes));
  } else {
    console.log(`${name}: ${packed.length} bytes gzipped of ${BUDGET}`);
  }
}
if (!served) {
  const tsc = here('node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', here('tsconfig.build.json'), '--outDir', folder], { stdio: 'inherit' });
}
