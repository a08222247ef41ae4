// What browser a session is in, in words that people know, from what it calls itself.

const BROWSERS: readonly [RegExp, string][] = [
  [/Edg(?:e|A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
  [/curl\//, 'curl'],
];

const SYSTEMS: readonly [RegExp, string][] = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

/** Such as `Firefox on Windows`; what is not known is told as it is. */
export function browser(agent: string): string {
  if (agent === '') return 'Does not say';
  const named = (list: typeof BROWSERS) => list.find(([pattern]) => pattern.test(agent))?.[1];
  const program = named(BROWSERS);
  const system = named(SYSTEMS);
  if (program === undefined) return agent;
  return system === undefined ? program : `${program} on ${system}`;
}
