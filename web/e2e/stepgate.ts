// The real binary for a test: started on a free port with a data folder of its own, stopped and removed at the end.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

const target = process.env.CARGO_TARGET_DIR ?? join(homedir(), '.cache/stepgate/target');
const binary = process.env.STEPGATE ?? join(target, 'debug/stepgate');

/** While the page is worked on, it is served as it was built last, without a new binary. */
const page = process.env.STEPGATE_WEB === undefined ? [] : ['--web', process.env.STEPGATE_WEB];

/** The account that `signedIn` makes. */
export const ADMIN = { login: 'ada', password: 'correct horse battery' } as const;

/** A server that serves. */
export interface Stepgate {
  /** Where, without a slash at the end. */
  url: string;
  /** The link of the log that makes the first admin. */
  setUpLink: string;
  stop(): Promise<void>;
}

/** Starts a server; further arguments are those of `stepgate serve`. */
export async function serve(...further: string[]): Promise<Stepgate> {
  const folder = mkdtempSync(join(tmpdir(), 'stepgate-page-'));
  const child = spawn(
    binary,
    ['serve', '--listen', '127.0.0.1:0', '--data-dir', folder, '--allow-private', '127.0.0.0/8', ...page, ...further],
    // A port of a run before would not be free.
    { env: { PATH: process.env.PATH, HOME: folder, STEPGATE_PUBLIC_URL: undefined }, stdio: 'pipe' },
  );
  const url = await said(child, /serves at (http:\/\/\S+)/);
  const setUpLink = await said(child, /(http:\/\/\S+\/setup\?ticket=[\w-]+)/);
  return {
    url,
    setUpLink,
    async stop() {
      const ended = child.exitCode !== null ? Promise.resolve() : once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const output = new WeakMap<ChildProcess, { text: string }>();

/** Waits until the process has printed this, on either stream. */
function said(child: ChildProcess, pattern: RegExp): Promise<string> {
  const kept = output.get(child) ?? { text: '' };
  if (!output.has(child)) {
    output.set(child, kept);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (kept.text += text));
    }
  }
  return new Promise((resolve, reject) => {
    const look = () => {
      const found = pattern.exec(kept.text)?.[1];
      if (found !== undefined) resolve(found);
    };
    look();
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.once('exit', () => reject(new Error(`the server ended:\n${kept.text}`)));
  });
}
