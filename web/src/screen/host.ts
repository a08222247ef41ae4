// What the app's page is told that opened the screen: that something changed, never what. To its exact origin alone, which
// the server has held against the app's.

export type Kind = 'here' | 'away' | 'changed' | 'finished';

/** Tells it, where there is one. */
export function tellHost(kind: Kind): void {
  const host = document.body.dataset.host;
  const page: Window | null = window.parent === window ? (window.opener as Window | null) : window.parent;
  if (host !== undefined && page) {
    page.postMessage({ stepgate: 1, kind }, host);
  }
}

/** Goes back to the app's page; false where the link itself leads there. */
export function finish(link?: string): boolean {
  const host = document.body.dataset.host;
  if (host === undefined) {
    return false;
  }
  if (window.parent !== window || window.opener !== null) {
    tellHost('finished');
    window.close();
    return true;
  }
  const list = document.querySelector<HTMLElement>('.list');
  const back = link ?? document.querySelector('a[data-finish]')?.getAttribute('href');
  if (list && back && !back.includes('#')) {
    const about = list.dataset.about;
    const done = about === undefined
      ? list.dataset.ready === list.dataset.all
      : list.querySelector(`[data-connector="${CSS.escape(about)}"][data-ready]`) !== null;
    location.assign(`${back}#stepgate=${done ? 'done' : 'closed'}`);
    return true;
  }
  return false;
}
