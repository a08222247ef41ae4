// A window for an API's page. That it was closed is a hint and no more: the server knows how the sign-in stands.

const FEATURES = 'popup,width=560,height=720';
/** How often it is looked whether it is still there, in milliseconds. */
const LOOK = 500;

export class APIWindow {
  readonly #window: Window | null;
  #look: ReturnType<typeof setInterval> | undefined;

  /** Opens it; to be called in a click. */
  constructor(address: string, closed: () => void) {
    this.#window = window.open(address, '_blank', FEATURES);
    if (this.#window) {
      this.#look = setInterval(() => {
        if (this.#window?.closed) {
          clearInterval(this.#look);
          closed();
        }
      }, LOOK);
    }
  }

  get isOpen(): boolean {
    return this.#window !== null && !this.#window.closed;
  }

  /** Leads it on; false where the browser did not open it. */
  go(address: string): boolean {
    if (!this.#window || this.#window.closed) {
      return false;
    }
    // Where it is already on its way, another page of the API's would start over.
    try {
      if (this.#window.location.pathname.endsWith('/opening') || this.#window.location.href === 'about:blank') {
        this.#window.location.replace(address);
      }
    } catch {
      // It is at the API's page.
    }
    return true;
  }

  close(): void {
    clearInterval(this.#look);
    try {
      // What it ends with closes itself, once it was read.
      const at = this.#window?.location;
      if (at?.href === 'about:blank' || at?.pathname.endsWith('/opening')) {
        this.#window?.close();
      }
    } catch {
      this.#window?.close();
    }
  }
}

/** Phones have no windows beside each other. */
export function isPhone(): boolean {
  return /Android|iPhone|iPad|Mobile/.test(navigator.userAgent);
}

/** Whether an app shows the screen inside itself, where many sites refuse to sign people in. */
export function isInside(): boolean {
  return /; wv\)|FBAN|FBAV|Instagram|Line\//.test(navigator.userAgent) ||
    (/iPhone|iPad/.test(navigator.userAgent) && !navigator.userAgent.includes('Safari'));
}
