// What a screen reader hears: one polite and one assertive region, each text once (DESIGN, section 6).

const CLEAR_AFTER = 5_000;

const timers = new Map<string, ReturnType<typeof setTimeout>>();

function put(region: "say" | "say-now", text: string): void {
  const place = document.getElementById(region);
  if (!place) return;
  clearTimeout(timers.get(region));
  const earlier = place.textContent ?? "";
  // Two texts in a short time: the second joins the first, or it would be lost. The same again is news again.
  place.textContent = earlier && earlier !== text ? `${earlier}\n${text}` : text;
  timers.set(region, setTimeout(() => {
    place.textContent = "";
  }, CLEAR_AFTER));
}

/** Forgets what was said politely. */
export function hush(): void {
  const place = document.getElementById("say");
  if (place) place.textContent = "";
}

export const say = (text: string) => put("say", text);
export const sayNow = (text: string) => put("say-now", text);
