// Copies a text, and says that it did, or why not.

import { copyText } from './copyText.ts';
import { useSay } from './LiveRegion.tsx';

/** What is said where the browser refuses. */
export const REFUSED = 'This browser does not let the page copy. Select the text and copy it by hand.';

/** Copies a text; once that is done, says the second. */
export function useCopy(): (text: string, said: string) => void {
  const say = useSay();
  return (text, said) => void copyText(text).then((isCopied) => say(isCopied ? said : REFUSED));
}
