// The real services of e2e/services, for tests in a browser: each on a free port with a folder of its own, started and
// stopped by its own scripts. One that cannot be started fails the test.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const SERVICES = resolve(import.meta.dirname, '../../../e2e/services');

/** How long the first start may take, in milliseconds: it installs what the service needs. */
export const FIRST_START = 600_000;

/** How long a way through the whole of it may take on a busy machine, in milliseconds. */
export const LONG = 1_800_000;

/** A service that runs. */
export class Service {
  private constructor(
    readonly name: string,
    readonly port: number,
    private readonly home: string,
  ) {}

  /** Starts one; the settings are its environment, such as `SESSION_SECONDS`. */
  static async start(name: string, settings: Record<string, string> = {}): Promise<Service> {
    const service = new Service(name, await freePort(), mkdtempSync(join(tmpdir(), 'stepgate-service-')));
    await service.script('start.sh', settings);
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** All that it has logged since its start. */
  log(): string {
    const path = join(this.state, 'log');
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  /** How often something stands in its log. */
  logged(what: string): number {
    return this.log().split(what).length - 1;
  }

  /** Changes one of its SQLite databases, as an administrator of the service does. */
  async change(database: string, ...statements: string[]): Promise<void> {
    const program = `import sqlite3, sys
database = sqlite3.connect(sys.argv[1], timeout=30)
for statement in sys.argv[2:]:
    database.execute(statement)
database.commit()`;
    await ended('python3', ['-c', program, join(this.state, database), ...statements], {});
  }

  async stop(): Promise<void> {
    await this.script('stop.sh', {});
    rmSync(this.home, { recursive: true, force: true });
  }

  private get state(): string {
    return join(this.home, this.name);
  }

  private script(script: string, settings: Record<string, string>): Promise<void> {
    return ended(join(SERVICES, this.name, script), [], { SERVICES_HOME: this.home, PORT: String(this.port), ...settings });
  }
}

/** Runs a program to its end; one that fails is an error with what it said. */
async function ended(program: string, line: string[], settings: Record<string, string>): Promise<void> {
  // Who runs the tests asks for colours, which would stand in the logs too.
  const child = spawn(program, line, { env: { ...process.env, FORCE_COLOR: '0', ...settings }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (status !== 0) throw new Error(`${program} ended with ${status}\n${said}`);
}

/** Known before anything listens on it: a service names its own address. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === 'object' && address ? address.port : 0;
}
