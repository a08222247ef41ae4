// Copies a text, also where the page is not served by https: there, browsers keep the newer way to the clipboard from it.

/** Whether it is in the clipboard now. Only for a click: elsewhere, browsers refuse. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedAsEvent(text);
  }
}

function copiedAsEvent(text: string): boolean {
  let isCopied = false;
  const onCopy = (event: ClipboardEvent) => {
    if (!event.clipboardData) return;
    event.clipboardData.setData('text/plain', text);
    event.preventDefault();
    isCopied = true;
  };
  document.addEventListener('copy', onCopy, { once: true });
  // Out of use everywhere but here: it is the one way without https.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  document.execCommand('copy');
  document.removeEventListener('copy', onCopy);
  return isCopied;
}
