// The example host app as it runs: its page is where the SDK is tried in a browser.

import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { World } from './world.ts';

const program = resolve(import.meta.dirname, '../../../examples/host-app/server.mjs');

/** The host app, and the Stepgate that it belongs to. */
export class Host {
  private constructor(
    readonly world: World,
    readonly url: string,
    readonly process: ChildProcess,
  ) {}

  static async start(): Promise<Host> {
    const port = await freePort();
    const origin = `http://127.0.0.1:${port}`;
    const world = await World.start({ origins: [origin], returnTo: [`${origin}/`], connectors: ['wiki', 'drive'] });
    const environment = { PORT: String(port), STEPGATE_URL: world.url, STEPGATE_KEY: world.key, CONNECTOR: 'wiki', ENDPOINT: 'notes' };
    const child = spawn(process.execPath, [program], { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((said) => child.stdout.once('data', said));
    return new Host(world, origin, child);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill();
    await ended;
    await this.world.stop();
  }
}

/** Known before anything listens on it: the app names its origin first. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
