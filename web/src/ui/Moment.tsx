// A point in time: near ones as a distance, all of them in full on hover.

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** A time, as the API writes it (RFC 3339). */
export function Moment({ at }: { at: string }) {
  const date = new Date(at);
  return (
    <time dateTime={at} title={date.toLocaleString()}>
      {near(date, new Date())}
    </time>
  );
}

/** The distance within a week, else the date. */
export function near(date: Date, now: Date): string {
  const seconds = Math.round((date.getTime() - now.getTime()) / 1000);
  if (Math.abs(seconds) > 7 * 86_400) return date.toLocaleDateString(undefined, { dateStyle: 'medium' });
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) {
      return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(Math.trunc(seconds / length), unit);
    }
  }
  return 'just now';
}
