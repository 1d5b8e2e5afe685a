// Who works by keyboard and presses a button that goes with the press does not begin anew at the top of the page:
// focus moves on to what stands in its place by then.

const reachable = "a[href], button, input, select, textarea, summary, [tabindex='0']";

const reachableIn = (place: Element) => [...place.querySelectorAll<HTMLElement>(reachable)].filter((one) => one.checkVisibility());

/** Where focus was last by keyboard, and as which of what can be reached in each place around it. */
let last: { element: HTMLElement; places: [Element, number][] } | undefined;

const note = (element: EventTarget | null) => {
  last = element instanceof HTMLElement && element.matches(":focus-visible") ? { element, places: [...placesOf(element)] } : undefined;
};

/** Whether a look is due already, however much changes on the page meanwhile. */
let asked = false;

note(document.activeElement);
addEventListener("focusin", ({ target }) => note(target));

new MutationObserver(() => {
  if (asked || !last || last.element.isConnected) return;
  asked = true;
  requestAnimationFrame(() => requestAnimationFrame(moveOn)); // who knows better goes first
}).observe(document.body, { childList: true, subtree: true });

/** The way up ends with the panel, and before the page: where these go as a whole, focus goes to a tab, to a heading. */
function* placesOf(element: HTMLElement): Generator<[Element, number]> {
  for (let place = element.parentElement; place && place.localName !== "main"; place = place.parentElement) {
    yield [place, reachableIn(place).indexOf(element)];
    if (place.classList.contains("pane")) return;
  }
}

function moveOn(): void {
  asked = false;
  if (!last || last.element.isConnected || document.activeElement !== document.body) return;
  for (const [place, index] of last.places) {
    const heirs = place.isConnected ? reachableIn(place) : [];
    const heir = heirs[Math.min(Math.max(index, 0), heirs.length - 1)];
    if (heir) return heir.focus();
  }
}

export {};
