// The one thing that the SDK shows by itself: a small dialog, where a window may only open at a click.

import type { Ask } from './types.ts';

const TEXTS = {
  en: {
    sign_in: (title: string) => `Sign in to ${title} to go on.`,
    blocked: () => 'Your browser blocked the sign-in window.',
    closed: () => 'Window closed? If you have finished there, this goes on in a moment.',
    yes: { sign_in: 'Sign in', blocked: 'Open window', closed: 'Open again' },
    no: 'Cancel',
  },
  de: {
    sign_in: (title: string) => `Melde dich bei ${title} an, um weiterzumachen.`,
    blocked: () => 'Dein Browser hat das Anmeldefenster blockiert.',
    closed: () => 'Fenster geschlossen? Wenn du dort fertig bist, geht es gleich weiter.',
    yes: { sign_in: 'Anmelden', blocked: 'Fenster öffnen', closed: 'Noch einmal öffnen' },
    no: 'Abbrechen',
  },
};

/** Asks; true at the click of who goes on. */
export function prompt(ask: Ask, language = document.documentElement.lang || navigator.language): Promise<boolean> {
  const texts = language.startsWith('de') ? TEXTS.de : TEXTS.en;
  return new Promise((resolve) => {
    const { dialog, add } = modal(texts[ask.why](ask.title ?? location.host));
    // By the style's own interface: a page's policy may refuse inline styles.
    dialog.style.maxWidth = '24rem';
    const close = (answer: boolean) => {
      dialog.close();
      dialog.remove();
      resolve(answer);
    };
    const button = (words: string, answer: boolean) => {
      const made = add('button', words);
      made.type = 'button';
      made.style.margin = '1rem 0.5rem 0 0';
      made.style.padding = '0.6rem 1rem';
      made.addEventListener('click', () => close(answer));
      return made;
    };
    const yes = button(texts.yes[ask.why], true);
    button(texts.no, false);
    dialog.addEventListener('cancel', (event) => {
      event.preventDefault();
      close(false);
    });
    ask.signal.addEventListener('abort', () => dialog.isConnected && close(false));
    if (ask.signal.aborted) {
      close(false);
    } else {
      dialog.showModal();
      yes.focus();
    }
  });
}

/** An open dialog on the page, and what adds to it. */
export function modal(title: string): {
  dialog: HTMLDialogElement;
  add: <K extends keyof HTMLElementTagNameMap>(name: K, text?: string) => HTMLElementTagNameMap[K];
} {
  const dialog = document.createElement('dialog');
  dialog.dataset['stepgate'] = '';
  const add = <K extends keyof HTMLElementTagNameMap>(name: K, text = '') => {
    const made = document.createElement(name);
    made.textContent = text;
    dialog.append(made);
    return made;
  };
  dialog.setAttribute('aria-label', title);
  if (title) {
    add('p', title).style.margin = '0';
  }
  document.body.append(dialog);
  return { dialog, add };
}
