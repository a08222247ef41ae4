// What the specs of the managed auth screen run against: the real binary with a data folder of its own, stub APIs behind it,
// and an app that publishes them.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuthorizationServer, FormSite } from './upstreams.ts';

const target = process.env.CARGO_TARGET_DIR ?? join(homedir(), '.cache/stepgate/target');
const binary = process.env.STEPGATE ?? join(target, 'debug/stepgate');

/** While the page is worked on, it is served as it was built last, without a new binary. */
const page = process.env.STEPGATE_WEB === undefined ? [] : ['--web', process.env.STEPGATE_WEB];

/** What a world has that differs between specs. */
export interface Settings {
  /** Origins of the app's pages. */
  origins?: string[];
  /** Where the screen leads back to. */
  returnTo?: string[];
  /** The connectors of the app; left out: all. */
  connectors?: string[];
}

/** The server, an app called `shop`, and the APIs. */
export class World {
  private constructor(
    readonly site: FormSite,
    readonly drive: AuthorizationServer,
    readonly url: string,
    readonly key: string,
    readonly data: string,
    readonly process: ChildProcess,
    readonly log: string[],
  ) {}

  static async start(settings: Settings = {}): Promise<World> {
    const [site, drive] = await Promise.all([FormSite.start(), AuthorizationServer.start()]);
    const folder = mkdtempSync(join(tmpdir(), 'stepgate-screen-'));
    const connectors = join(folder, 'connectors');
    mkdirSync(connectors);
    const all = definitions(site.upstream.origin, drive.upstream.origin);
    for (const [name, text] of Object.entries(all)) {
      writeFileSync(join(connectors, `${name}.yaml`), text);
    }
    const common = ['--data-dir', folder, '--allow-private', '127.0.0.0/8'];
    const app = [
      ...['--connectors', (settings.connectors ?? Object.keys(all)).join(',')],
      ...(settings.origins ?? []).flatMap((origin) => ['--origin', origin]),
      ...(settings.returnTo ?? []).flatMap((address) => ['--return-to', address]),
    ];
    const key = execFileSync(binary, ['app', 'create', 'shop', ...app, ...common], { encoding: 'utf8' }).trim();
    const line = ['serve', '--listen', '127.0.0.1:0', '--connectors', connectors, ...page, ...common];
    const process = spawn(binary, line, { stdio: ['ignore', 'pipe', 'pipe'] });
    const log: string[] = [];
    const url = await new Promise<string>((resolve, reject) => {
      process.stdout.on('data', (data: Buffer) => {
        const found = /http:\/\/\S+/.exec(data.toString());
        if (found) {
          resolve(found[0].replace(/\/$/, ''));
        }
      });
      process.stderr.on('data', (data: Buffer) => log.push(data.toString()));
      process.on('exit', () => reject(new Error(`the server ended\n${log.join('')}`)));
    });
    return new World(site, drive, url, key, folder, process, log);
  }

  /** Asks as the app's backend. */
  async ask(method: string, path: string, body?: unknown, user?: string): Promise<{ status: number; body: unknown }> {
    const reply = await fetch(this.url + path, {
      method,
      headers: {
        'stepgate-key': this.key,
        ...(user === undefined ? {} : { 'stepgate-user': user }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    return { status: reply.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  /** A fresh link to the screen for a user. */
  async link(user: string, more: Record<string, string> = {}): Promise<string> {
    const made = await this.ask('POST', '/api/auth-links', { user, ...more });
    if (made.status !== 201) {
      throw new Error(JSON.stringify(made));
    }
    return (made.body as { url: string }).url;
  }

  /** How the connectors stand for a user. */
  async standing(user: string): Promise<Record<string, boolean>> {
    const { body } = await this.ask('GET', '/api/screen', undefined, user);
    const { connectors } = body as { connectors: { connector: string; ready: boolean }[] };
    return Object.fromEntries(connectors.map(({ connector, ready }) => [connector, ready]));
  }

  /** Signs a user in behind the screen's back. */
  async signIn(connector: string, user: string, fields: Record<string, string>): Promise<void> {
    const run = (await this.ask('POST', '/api/runs', { connector }, user)).body as { id: string };
    const done = await this.ask('POST', `/api/runs/${run.id}/answers`, { form1: fields }, user);
    if ((done.body as { state: string }).state !== 'signed_in') {
      throw new Error(JSON.stringify(done));
    }
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGTERM');
    await ended;
    await Promise.all([this.site.upstream.stop(), this.drive.upstream.stop()]);
    rmSync(this.data, { recursive: true, force: true });
  }
}

function definitions(site: string, drive: string): Record<string, string> {
  const form = (name: string, title: string, more: string) => `
stepgate: 1
connector: ${name}
title: ${title}
base_url: ${site}
connection: { ${more} identity: "{{login.body.user.id}}", label: "{{login.body.user.name}}" }
auth_flow:
  steps:
    - id: form1
      kind: form
      title: Sign in to the wiki
      text: Use the account that you have on the intranet.
      fields:
        - { key: username, type: text, label: User name }
        - { key: password, type: password, label: Password }
    - { id: start, kind: api_request, request: { method: GET, url: "{{base_url}}/login" }, extract: { csrf: { css: "input[name=csrf]", attribute: value } } }
    - id: login
      kind: api_request
      request: { method: POST, url: "{{base_url}}/login", form: { user: "{{form1.username}}", pass: "{{form1.password}}", csrf: "{{start.csrf}}" } }
      expect: { value: "{{login.body.result}}", equals: Success, else: "The wiki did not accept this name and password. Type the password again." }
      on_fail: { back_to: form1, attempts: 3 }
    - { id: code, kind: form, when: { value: "{{login.body.mfa}}", equals: true }, title: Enter the code, fields: [ { key: otp, type: otp, label: Code from your app } ] }
    - id: verify
      kind: api_request
      when: { value: "{{login.body.mfa}}", equals: true }
      request: { method: POST, url: "{{base_url}}/code", form: { otp: "{{code.otp}}", half: "{{login.body.half}}" } }
      expect: { value: "{{verify.body.result}}", equals: Success, else: This code is not the one. }
      on_fail: { back_to: code, attempts: 3 }
    - id: shape
      kind: js_code
      parameters: { plain: "{{login.body.token | default('')}}", second: "{{verify.body.token | default('')}}" }
      code: "return { token: plain || second }"
logout_flow: { steps: [ { id: bye, kind: api_request, request: { method: POST, url: "{{base_url}}/logout" } } ] }
request_parameters: [ { in: header, name: Authorization, value: "Bearer {{shape.token}}" } ]
test_api: { name: Who am I, request: { method: GET, url: "{{base_url}}/api/me" } }
endpoints:
  - name: notes
    request: { method: GET, url: "{{base_url}}/api/notes", query: { n: "{{parameters.n}}" } }
    parameters: { n: { type: integer, default: 1 } }
`;
  return {
    wiki: form('wiki', 'Team wiki', ''),
    drive: `
stepgate: 1
connector: drive
title: Drive
base_url: ${drive}
connection: { identity: "{{who.body.user}}", label: "{{who.body.user}}" }
auth_flow:
  steps:
    - { id: oauth, kind: oauth2_pkce, authorization_url: "${drive}/authorize", token_url: "${drive}/token", client_id: client-1, client_auth: none }
    - { id: who, kind: api_request, request: { method: GET, url: "{{base_url}}/api/me", headers: { Authorization: "Bearer {{oauth.access_token}}" } } }
request_parameters: [ { in: header, name: Authorization, value: "Bearer {{oauth.access_token}}" } ]
test_api: { name: Who am I, request: { method: GET, url: "{{base_url}}/api/me" } }
endpoints:
  - { name: me, request: { method: GET, url: "{{base_url}}/api/me" } }
`,
    news: form('news', 'Company news', 'owner: shared,'),
  };
}
