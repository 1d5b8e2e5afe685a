// A mail in a frame of its own, as a mail program shows it: nothing in it runs, loads or leads anywhere.

import { useEffect, useRef } from "preact/hooks";

/** Browsers that know Trusted Types take a text for HTML from a policy alone. */
interface Policies {
  createPolicy: (name: string, rules: { createHTML: (text: string) => string }) => { createHTML: (text: string) => string };
}

const EMPTY = "<!doctype html><title></title>"; // without a doctype browsers lay out as in the last century

const policy = (globalThis as { trustedTypes?: Policies }).trustedTypes?.createPolicy("letter", { createHTML: (text) => text });

/**
 * The text is parsed into a document that is nowhere shown: it cannot act there either. Our content policy holds there
 * too and would report each style attribute, so they have another name. What people wrote has no quotes in this text.
 */
function parse(html: string): { letter: Document; styles: string } {
  let styles = "";
  const bare = html.replace(/<style>([^<]*)<\/style>/g, (_, sheet: string) => {
    styles += sheet;
    return "";
  }).replaceAll(' style="', ' data-style="');
  return { letter: new DOMParser().parseFromString(policy?.createHTML(bare) ?? bare, "text/html"), styles };
}

/**
 * The frame has no address, so it has our content policy, and `sandbox` forbids scripts, forms and new windows.
 * `allow-same-origin` lets us write into it. Styles come through the CSSOM, which the policy allows where it refuses
 * style attributes.
 */
export function Letter({ html, title }: { html: string; title: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  useEffect(() => {
    if (frame.current) frame.current.srcdoc = (policy?.createHTML(EMPTY) ?? EMPTY) as string;
  }, []);
  useEffect(() => show(frame.current, html), [html]);
  return <iframe class="letter" ref={frame} sandbox="allow-same-origin" title={title} onLoad={() => show(frame.current, html)} />;
}

function show(frame: HTMLIFrameElement | null, html: string): void {
  const within = frame?.contentDocument;
  const view = frame?.contentWindow as (Window & typeof globalThis) | null;
  if (!within || !view) return;
  const { letter, styles } = parse(html);
  const sheet = new view.CSSStyleSheet();
  sheet.replaceSync(styles);
  for (const element of letter.querySelectorAll("meta, base, link, script, style")) element.remove();
  for (const link of letter.querySelectorAll("a")) link.removeAttribute("href");
  within.replaceChild(within.importNode(letter.documentElement, true), within.documentElement);
  within.adoptedStyleSheets = [sheet];
  for (const element of within.querySelectorAll<HTMLElement>("[data-style]")) element.style.cssText = element.dataset.style ?? "";
}
