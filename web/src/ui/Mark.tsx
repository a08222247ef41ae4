// The mark of Stepgate: a gate of steps.

/** The mark; the name stands beside it. */
export function Mark({ size = 26 }: { size?: number }) {
  return <img src="/icon.svg" width={size} height={size} alt="" />;
}
