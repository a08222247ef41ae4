// The dialog over the list: one page of ours at a time, labelled by its heading, with the focus where it is needed.

import { announce, polish } from './polish.ts';

interface Events {
  /** The person gave it up. */
  closed: () => void;
  /** It shows another page. */
  shown: (root: HTMLElement) => void;
}

export class Dialog {
  readonly #element = document.querySelector<HTMLDialogElement>('#modal');
  readonly #events: Events;

  constructor(events: Events) {
    this.#events = events;
    const element = this.#element;
    element?.addEventListener('cancel', (event) => {
      event.preventDefault();
      this.#leave();
    });
    element?.querySelector('.shut')?.addEventListener('click', () => this.#leave());
    element?.querySelector('[data-discard]')?.addEventListener('click', () => this.close());
    element?.querySelector('[data-keep]')?.addEventListener('click', () => this.#ask(false));
  }

  /** Where a page's body is: here, or in the page itself where there is no list to stand over. */
  get root(): HTMLElement {
    const inside = this.#element?.querySelector<HTMLElement>('#modal-body');
    return document.querySelector('.list') && inside ? inside : (document.querySelector('main') ?? document.body);
  }

  /** Shows what stands below a page's heading. */
  show(page: Document): void {
    const title = page.querySelector('h1')?.textContent ?? '';
    const main = page.querySelector('main');
    main?.querySelectorAll('h1, .app').forEach((one) => one.remove());
    const parts = [...(main?.childNodes ?? [])].map((one) => document.adoptNode(one));
    const element = this.#element;
    const { root } = this;
    if (!element || root === document.querySelector('main')) {
      const heading = document.querySelector('h1');
      if (heading) {
        heading.textContent = title;
      }
      root.replaceChildren(...root.querySelectorAll('h1, .app'), ...parts);
    } else {
      const heading = element.querySelector('#modal-title');
      if (heading) {
        heading.textContent = title;
      }
      root.replaceChildren(...parts);
      this.#ask(false);
      if (!element.open) {
        element.showModal();
      }
    }
    polish(root);
    this.#focus(root);
  }

  /** Says that nobody answered, in what is shown now. */
  offline(): void {
    const words = this.#element?.dataset.offline ?? '';
    const told = document.createElement('p');
    told.className = 'bad';
    told.role = 'alert';
    told.textContent = words;
    this.root.querySelector('[data-offline]')?.remove();
    told.dataset.offline = '';
    this.root.prepend(told);
    if (!this.#element?.open) {
      announce(words);
    }
  }

  /** Closes it; by the person, where nothing else is said. */
  close(byPerson = true): void {
    if (!this.#element?.open) {
      return;
    }
    this.#element.close();
    if (byPerson) {
      this.#events.closed();
    }
    this.root.querySelectorAll('input').forEach((input) => (input.value = ''));
    this.#element.querySelector('#modal-body')?.replaceChildren();
  }

  /** Where something was typed, it is asked once. */
  #leave(): void {
    const typed = [...this.root.querySelectorAll<HTMLInputElement>('input:not([type=hidden])')];
    const asks = this.#element?.querySelector<HTMLElement>('#modal-ask');
    if (asks?.hidden && typed.some((input) => input.value !== input.defaultValue)) {
      this.#ask(true);
    } else {
      this.close();
    }
  }

  #ask(asks: boolean): void {
    const element = this.#element?.querySelector<HTMLElement>('#modal-ask');
    if (element?.hidden === asks) {
      element.hidden = !asks;
      (asks ? element.querySelector<HTMLElement>('[data-keep]') : this.root.querySelector<HTMLElement>('input:not([type=hidden])'))?.focus();
    }
  }

  /** To the field that waits, the one thing to do, or the heading. */
  #focus(root: HTMLElement): void {
    const first =
      root.querySelector<HTMLElement>('[autofocus]') ??
      root.querySelector<HTMLElement>('.main:not([hidden] *)') ??
      (this.#element?.open ? this.#element.querySelector<HTMLElement>('#modal-title') : document.querySelector('h1'));
    first?.focus();
    const shown = root.querySelector<HTMLElement>('.run');
    if (shown) {
      this.#events.shown(shown);
    }
  }
}
