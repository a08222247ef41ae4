// What only a script can do for a page: times by the reader's clock, passwords to be shown, and what is said aloud.

/** Does it, below a root. */
export function polish(root: ParentNode): void {
  const { lang } = document.documentElement;
  for (const time of root.querySelectorAll('time')) {
    const moment = new Date(time.dateTime);
    const today = moment.toDateString() === new Date().toDateString();
    time.textContent = today
      ? moment.toLocaleTimeString(lang, { timeStyle: 'short' })
      : moment.toLocaleString(lang, { dateStyle: 'medium', timeStyle: 'short' });
  }
  for (const button of root.querySelectorAll<HTMLElement>('[data-reveals]')) {
    button.hidden = false;
    button.ariaPressed = 'false';
  }
}

/** Says it to who cannot see it, without taking the focus. */
export function announce(words: string): void {
  const live = document.querySelector('#live');
  if (live) {
    live.textContent = words;
  }
}
