// A password to begin with, which its owner changes.

/** Letters and digits without those that look alike. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** A password of 20 letters, some 115 bits, in groups of five that can be read out. */
export function firstPassword(random: (bytes: Uint8Array) => void = (bytes) => void crypto.getRandomValues(bytes)): string {
  const picked: string[] = [];
  const byte = new Uint8Array(1);
  // What lies above the last whole multiple is thrown away, so that no letter is likelier than another.
  const most = 256 - (256 % LETTERS.length);
  while (picked.length < 20) {
    random(byte);
    const value = byte[0] ?? 0;
    if (value < most) picked.push(LETTERS.charAt(value % LETTERS.length));
  }
  return [0, 5, 10, 15].map((at) => picked.slice(at, at + 5).join('')).join('-');
}
