// A name for an app, from what people call it.

/** Lower-case letters, digits and hyphens, beginning with a letter; empty where nothing of the title is such. */
export function nameOf(title: string): string {
  return title
    .normalize('NFD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 63);
}
