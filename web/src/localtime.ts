// Times as a clock on the visitor's wall shows them, for `<input type=datetime-local>`.

/** A time for `<input type=datetime-local>`, in the visitor's zone. */
export function localValue(at: number): string {
  const date = new Date(at);
  return new Date(at - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The moments that a clock on the wall shows so: none where it leaps forward, two where it goes back. */
export function instantsOf(local: string): number[] {
  const at = instantOf(local);
  if (Number.isNaN(at)) return [];
  const near = [at - 3_600_000, at - 1_800_000, at, at + 1_800_000, at + 3_600_000];
  return near.filter((other) => localValue(other) === local.slice(0, 16));
}

export const instantOf = (local: string) => new Date(local).getTime();
