// The managed auth screen with a script: the same pages, as a dialog over the list. What stands in them comes from the server,
// which alone knows how a sign-in stands; without this file every page works by itself.

import { Dialog } from './dialog.ts';
import { finish, tellHost } from './host.ts';
import { announce, polish } from './polish.ts';
import { Run } from './run.ts';
import { APIWindow, isInside, isPhone } from './window.ts';

const list = () => document.querySelector<HTMLElement>('.list');

/** Where the pages are shown: over the list, or where there is none in the page itself. */
const dialog = new Dialog({ closed: () => giveUp(), shown: (root) => begun(root) });
let run: Run | undefined;
let beside: APIWindow | undefined;
/** What had the focus before, as the card it belongs to. */
let card: string | undefined;
/** How many pages are on their way; what comes of them is newer than what events told meanwhile. */
let loading = 0;

start();

function start(): void {
  polish(document.body);
  if (document.querySelector('[data-closes]')) {
    // What was opened by a script may be closed by one; any other window stays, and says so.
    setTimeout(() => window.close(), 1000);
    return;
  }
  document.addEventListener('submit', (event) => void submitted(event));
  document.addEventListener('click', (event) => void clicked(event));
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      document.querySelector<HTMLDetailsElement>('.menu[open]')?.querySelector('summary')?.focus();
      closeMenus();
    }
  });
  const here = document.querySelector<HTMLElement>('.run');
  if (here) {
    follow(here);
  }
  if (list()) {
    tellHost('here');
    document.querySelectorAll<HTMLElement>('button[data-finish]').forEach((one) => (one.hidden = !document.body.dataset.host));
    aboutOne();
  }
}

/** Where an app's page opened the screen for one connector, that one is signed in to at once, and then it is over. */
function aboutOne(): void {
  const about = list()?.dataset.about;
  const found = about && document.querySelector<HTMLElement>(`.card[data-connector="${CSS.escape(about)}"]`);
  if (!found || !document.body.dataset.host) {
    return;
  }
  if ('ready' in found.dataset) {
    finish();
  } else if (location.search === '?begin') {
    // Once: who comes back from a failure is not sent into the next.
    history.replaceState(null, '', base());
    found.querySelector<HTMLFormElement>('form[data-begins]')?.requestSubmit();
  }
}

async function submitted(event: SubmitEvent): Promise<void> {
  const form = event.target as HTMLFormElement;
  if (!form.closest('.list, .run, dialog') || form.method !== 'post') {
    return;
  }
  event.preventDefault();
  const button = event.submitter instanceof HTMLButtonElement ? event.submitter : undefined;
  if (button?.ariaBusy === 'true') {
    return;
  }
  const action = button?.getAttribute('formaction') ?? form.action;
  card = form.closest<HTMLElement>('[data-connector]')?.dataset.connector ?? card;
  if ('opens' in form.dataset && !leavesHere()) {
    // Now, in the click: later, no browser opens a window.
    beside = new APIWindow(`${base()}/opening`, windowClosed);
  }
  if (button) {
    button.ariaBusy = 'true';
  }
  // No field is a file.
  const body = new URLSearchParams([...new FormData(form)] as [string, string][]);
  await load(action, body);
  if (button) {
    button.ariaBusy = null;
  }
}

async function clicked(event: MouseEvent): Promise<void> {
  const at = event.target as Element;
  const link = at.closest<HTMLElement>('[data-open], [data-again], [data-copy], [data-finish], [data-back], [data-reveals]');
  if (!at.closest('.menu')) {
    closeMenus();
  }
  if (!link) {
    return;
  }
  const { dataset } = link;
  if ('finish' in dataset) {
    if (finish(link.getAttribute('href') ?? undefined)) {
      event.preventDefault();
    }
  } else if ('back' in dataset && list()) {
    event.preventDefault();
    dialog.close();
  } else if ('open' in dataset && !leavesHere()) {
    event.preventDefault();
    openBeside();
  } else if ('again' in dataset) {
    openBeside();
  } else if (dataset.copy) {
    await navigator.clipboard.writeText(dataset.copy);
    announce(dataset.copied ?? '');
  } else if (dataset.reveals) {
    reveal(link as HTMLButtonElement, dataset.reveals);
  }
}

/** Loads a page of ours and shows it where it belongs. */
async function load(address: string, body?: URLSearchParams): Promise<void> {
  loading += 1;
  try {
    const reply = await fetch(address, body ? { method: 'POST', body } : {});
    const page = new DOMParser().parseFromString(await reply.text(), 'text/html');
    show(page);
  } catch {
    dialog.offline();
  } finally {
    loading -= 1;
  }
}

function show(page: Document): void {
  const next = page.querySelector<HTMLElement>('.list');
  if (next) {
    showList(next);
    return;
  }
  const found = page.querySelector<HTMLElement>('.run');
  dialog.show(page);
  if (found) {
    follow(dialog.root.querySelector<HTMLElement>('.run') ?? found);
  } else {
    stop();
  }
}

function showList(next: HTMLElement): void {
  stop();
  const old = list();
  if (!old) {
    // The sign-in had the page to itself.
    location.replace(base());
    return;
  }
  const before = readyOnes(old);
  polish(next);
  old.replaceWith(document.adoptNode(next));
  next.querySelectorAll<HTMLElement>('button[data-finish]').forEach((one) => (one.hidden = !document.body.dataset.host));
  dialog.close(false);
  tellHost('changed');
  const done = [...readyOnes(next)].find((name) => !before.has(name));
  focusAfter(next, done);
  announce(next.querySelector('.summary')?.textContent ?? '');
  if (done !== undefined && done === next.dataset.about && document.body.dataset.host) {
    finish();
  }
}

/** To the next that something is to be done at, else to the way on; after no success back to where it came from. */
function focusAfter(next: HTMLElement, done: string | undefined): void {
  const waiting = [...next.querySelectorAll<HTMLElement>('.card:not([data-ready])')];
  const same = card === undefined ? null : next.querySelector<HTMLElement>(`[data-connector="${CSS.escape(card)}"]`);
  const to = done === undefined ? same : (waiting[0] ?? next.querySelector<HTMLElement>('[data-finish]'));
  (to?.matches('.card') ? to.querySelector<HTMLElement>('h2') : to)?.focus();
  to?.scrollIntoView({ block: 'nearest' });
}

function readyOnes(of: HTMLElement): Set<string> {
  const ready = [...of.querySelectorAll<HTMLElement>('.card[data-ready]')];
  return new Set(ready.map((one) => one.dataset.connector ?? ''));
}

/** Keeps a sign-in's page as the server has it. */
function follow(root: HTMLElement): void {
  if (run?.id !== root.dataset.run) {
    run?.stop();
    run = new Run(root, (at) => void (loading === 0 && load(at)));
  }
  run?.shows(root);
  begun(root);
}

/** What follows from the state that is shown now. */
function begun(root: HTMLElement): void {
  if (root.dataset.state !== 'open') {
    // It goes on here. What went wrong is left to be read there, too.
    if (['form', 'show', 'confirm'].includes(root.dataset.state ?? '')) {
      beside?.close();
      beside = undefined;
    }
    return;
  }
  const address = root.querySelector<HTMLAnchorElement>('[data-open]')?.href;
  if (address === undefined) {
    return;
  }
  if (isInside()) {
    pane('inside');
  } else if (beside) {
    pane(beside.go(`${address}&window=1`) ? 'opened' : 'blocked');
  } else if (leavesHere() && !root.querySelector('[role=alert]:not([hidden] *)') && list()) {
    // A popup of the app's, or a phone: this tab goes there and comes back.
    tellHost('away');
    location.assign(address);
  }
}

function openBeside(): void {
  const address = document.querySelector<HTMLAnchorElement>('[data-open]')?.href;
  if (address !== undefined) {
    beside?.close();
    beside = new APIWindow(`${address}&window=1`, windowClosed);
    pane(beside.isOpen ? 'opened' : 'blocked');
  }
}

/** That a window is gone says nothing of the sign-in: it is asked for, and offered once more. */
function windowClosed(): void {
  if (document.querySelector<HTMLElement>('.run')?.dataset.state === 'open') {
    pane('closed');
    run?.look();
  }
}

/** Shows what is so of a window beside the screen. */
function pane(which: 'opened' | 'closed' | 'blocked' | 'inside'): void {
  document.querySelectorAll<HTMLElement>('[data-window]').forEach((one) => (one.hidden = one.dataset.window !== which));
  const shown = document.querySelector<HTMLElement>(`[data-window="${which}"]`);
  announce(shown?.querySelector('p')?.textContent ?? '');
  if (which !== 'opened') {
    shown?.querySelector<HTMLElement>('button, a')?.focus();
  }
}

function giveUp(): void {
  const cancel = dialog.root.querySelector<HTMLFormElement>('form[action$="/cancel"]');
  const token = dialog.root.querySelector<HTMLInputElement>('[name=form_token]')?.value;
  const at = run?.at;
  stop();
  if (at !== undefined && token !== undefined && dialog.root.querySelector('[data-run]')?.matches('[data-state=form], [data-state=open], [data-state=show], [data-state=confirm], [data-state=working]')) {
    void load(cancel?.action ?? `${at}/cancel`, new URLSearchParams({ form_token: token }));
  } else {
    const here = list();
    if (here) {
      focusAfter(here, undefined);
    }
  }
}

function stop(): void {
  run?.stop();
  run = undefined;
  beside?.close();
  beside = undefined;
}

function reveal(button: HTMLButtonElement, id: string): void {
  const input = document.getElementById(id) as HTMLInputElement;
  const words = button.textContent;
  input.type = input.type === 'password' ? 'text' : 'password';
  button.textContent = button.dataset.hide ?? '';
  button.dataset.hide = words;
  button.ariaPressed = String(input.type === 'text');
}

/** Whether an API's page takes this tab: on phones, and in a window that the app's page opened. */
function leavesHere(): boolean {
  return isPhone() || (window.opener !== null && document.body.dataset.host !== undefined);
}

function closeMenus(): void {
  document.querySelectorAll<HTMLDetailsElement>('.menu[open]').forEach((menu) => (menu.open = false));
}

function base(): string {
  return location.pathname.split('/').slice(0, 3).join('/');
}
