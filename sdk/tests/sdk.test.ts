// @vitest-environment jsdom
// What a host page relies on: one prompt for many calls, an end to every visit, and no word to or from another origin.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect, GateError, SignInError } from '../src/index.ts';
import { FakeGate, FakeWindow, GATE } from './world.ts';

let gate: FakeGate;

beforeEach(() => {
  gate = new FakeGate();
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const opened = () => vi.waitFor(() => expect(gate.window?.location.href).toContain('/auth/shop'));

describe('openAuthScreen', () => {
  it('opens its window before anything is waited for, and leads it to a fresh link', async () => {
    const ended = connect(gate.settings()).openAuthScreen({ mode: 'popup' });
    expect(gate.windows).toHaveLength(1);
    await opened();
    expect(gate.window?.location.href).toBe(`${GATE}/auth/shop?link=abc&host=${encodeURIComponent(location.origin)}`);
    expect(gate.links).toEqual([{ leaves: false }]);
    gate.ready.add('wiki').add('drive');
    gate.window?.says('finished');
    expect(await ended).toEqual({ outcome: 'done', reason: 'ready', changed: ['wiki', 'drive'] });
    expect(gate.window?.closed).toBe(true);
  });

  it('ends as closed where the person closes the screen, with what had changed by then', async () => {
    const ended = connect(gate.settings()).openAuthScreen({ mode: 'popup' });
    await opened();
    gate.window?.says('here');
    gate.ready.add('wiki');
    gate.window?.says('changed');
    gate.window?.close();
    expect(await ended).toEqual({ outcome: 'closed', reason: 'closed', changed: ['wiki'] });
  });

  it('asks the server where a window cannot be seen any more', async () => {
    const prompt = vi.fn(() => new Promise<boolean>(() => undefined));
    const ended = connect(gate.settings({ prompt })).openAuthScreen({ mode: 'popup' });
    await opened();
    gate.window?.says('away');
    gate.window?.close();
    await vi.waitFor(() => expect(prompt).toHaveBeenCalledWith(expect.objectContaining({ why: 'closed' })));
    gate.ready.add('wiki').add('drive');
    expect((await ended).outcome).toBe('done');
  });

  it('says so where the browser opens no window', async () => {
    gate.opens = false;
    const prompt = vi.fn(() => Promise.resolve(false));
    const ended = await connect(gate.settings({ prompt })).openAuthScreen({ mode: 'popup' });
    expect(ended).toEqual({ outcome: 'failed', reason: 'blocked', changed: [] });
  });

  it('is one at a time', async () => {
    const stepgate = connect(gate.settings());
    const both = [stepgate.openAuthScreen({ mode: 'popup' }), stepgate.openAuthScreen({ mode: 'popup' })];
    await opened();
    expect(gate.windows).toHaveLength(1);
    gate.window?.says('finished');
    expect((await Promise.all(both)).map((one) => one.reason)).toEqual(['given_up', 'given_up']);
  });

  it('fails where the link leads elsewhere', async () => {
    const link = () => Promise.resolve('https://evil.example/auth/shop?link=abc');
    const ended = await connect(gate.settings({ link })).openAuthScreen({ mode: 'popup' });
    expect(ended.outcome).toBe('failed');
    expect(gate.window?.location.href).toBe('');
    expect(gate.window?.closed).toBe(true);
  });

  it('attack 16: believes no other origin and no other window', async () => {
    const ended = connect(gate.settings()).openAuthScreen({ mode: 'popup' });
    await opened();
    gate.window?.says('finished', 'https://evil.example');
    gate.window?.says('finished', `${GATE}.evil.example`);
    gate.window?.says('finished', GATE, new FakeWindow());
    const over = vi.fn();
    void ended.then(over);
    vi.useFakeTimers();
    await vi.advanceTimersByTimeAsync(60_000);
    vi.useRealTimers();
    expect(over).not.toHaveBeenCalled();
    gate.window?.says('finished');
    expect((await ended).outcome).toBe('closed');
  });
});

describe('call', () => {
  it('gives the answer of an API as it is, its own refusal too', async () => {
    gate.ready.add('wiki');
    const stepgate = connect(gate.settings());
    const reply = await stepgate.call('wiki', 'notes', { n: 1 });
    expect(await reply.json()).toEqual({ told: '{"parameters":{"n":1}}' });
    const rude = await stepgate.call('rude', 'notes');
    expect([rude.status, gate.windows.length]).toEqual([409, 0]);
    expect(gate.tokens).toBe(1);
  });

  it('waits for one sign-in, however many call, and none fails', async () => {
    const prompt = vi.fn(() => Promise.resolve(true));
    const stepgate = connect(gate.settings({ prompt }));
    const calls = Array.from({ length: 10 }, () => stepgate.call('wiki', 'notes'));
    await opened();
    gate.ready.add('wiki');
    gate.window?.says('finished');
    const replies = await Promise.all(calls);
    expect(replies.map((reply) => reply.status)).toEqual(Array(10).fill(200));
    expect([prompt.mock.calls.length, gate.windows.length]).toEqual([1, 1]);
    expect(gate.links).toEqual([{ connector: 'wiki', leaves: false }]);
  });

  it('tells all who wait where the person declines, and asks again the next time', async () => {
    const prompt = vi.fn(() => Promise.resolve(false));
    const stepgate = connect(gate.settings({ prompt }));
    const calls = [stepgate.call('wiki', 'notes'), stepgate.call('wiki', 'notes')];
    for (const call of calls) {
      await expect(call).rejects.toThrow(SignInError);
    }
    expect(prompt).toHaveBeenCalledTimes(1);
    await expect(stepgate.ensureSignedIn('wiki')).rejects.toMatchObject({ connector: 'wiki', reason: 'closed' });
    expect(prompt).toHaveBeenCalledTimes(2);
  });

  it('asks for one connector after the other', async () => {
    let open = 0;
    const prompt = vi.fn(async () => {
      open += 1;
      expect(open).toBe(1);
      await Promise.resolve();
      open -= 1;
      return false;
    });
    const stepgate = connect(gate.settings({ prompt }));
    await Promise.allSettled([stepgate.ensureSignedIn('wiki'), stepgate.ensureSignedIn('drive')]);
    expect(prompt).toHaveBeenCalledTimes(2);
  });

  it('takes a fresh token where the one before is over, once', async () => {
    gate.ready.add('wiki');
    gate.only = 2;
    const stepgate = connect(gate.settings());
    expect((await stepgate.call('wiki', 'notes')).status).toBe(200);
    expect(gate.tokens).toBe(2);
    gate.only = 9;
    await expect(stepgate.screen()).rejects.toThrow(GateError);
    expect(gate.tokens).toBe(3);
  });
});

describe('the rest', () => {
  it('forgets all connections to a connector, and tells of it', async () => {
    const stepgate = connect(gate.settings());
    const heard = vi.fn();
    const stop = stepgate.on('change', heard);
    await stepgate.clear('wiki');
    expect(gate.asked).toEqual(['GET /api/connections?connector=wiki', 'POST /api/connections/c_1/clear', 'POST /api/connections/c_2/clear']);
    expect(heard).toHaveBeenCalledWith({ connectors: ['wiki'] });
    stop();
    await stepgate.clear('wiki');
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it('opens the screen at the start only where the app says so and something is left to do', async () => {
    const stepgate = connect(gate.settings());
    expect(await stepgate.start({ mode: 'popup' })).toBeUndefined();
    gate.screenAtStart = true;
    const ended = stepgate.start({ mode: 'popup' });
    await opened();
    gate.window?.says('finished');
    expect((await ended)?.outcome).toBe('closed');
    gate.ready.add('wiki').add('drive');
    expect(await stepgate.start({ mode: 'popup' })).toBeUndefined();
  });

  it('reads how the screen ended that the page was left for, and leaves no trace of it', () => {
    history.replaceState(null, '', '/page?a=b#stepgate=done');
    expect(connect(gate.settings()).returned?.outcome).toBe('done');
    expect(location.href).toMatch(/\/page\?a=b$/);
    expect(connect(gate.settings()).returned).toBeUndefined();
  });

  it('keeps nothing in the browser', async () => {
    gate.ready.add('wiki');
    await connect(gate.settings()).call('wiki', 'notes');
    expect([localStorage.length, sessionStorage.length, document.cookie]).toEqual([0, 0, '']);
  });
});
