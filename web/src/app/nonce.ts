// The nonce under which the server's policy lets components add styles while they run.

/** The nonce of this answer. */
export function nonce(): string {
  const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');
  return meta?.nonce ?? '';
}
