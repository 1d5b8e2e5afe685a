// Which page an address stands for, and going there without a reload.

import { signal } from "@preact/signals";

export type Route =
  | { page: "home" }
  | { page: "signin"; secret?: string; next: string; provider?: string }
  | { page: "setup"; secret?: string }
  | { page: "account" }
  | { page: "rooms" }
  | { page: "new" }
  | { page: "manage"; room: string; edit: boolean }
  | { page: "site"; tab: string }
  | { page: "open"; invitation: string; secret: string }
  | { page: "guest"; link: string; secret: string }
  | { page: "room"; room: string }
  | { page: "lost" };

/** Only our own paths: `//host` and `https:` would lead elsewhere. */
export function ownPath(path: string | null): string {
  return path?.startsWith("/") && !/^\/[/\\]/.test(path) ? path : "/rooms";
}

export function routeOf(url: URL): Route {
  const [first, second, ...rest] = url.pathname.split("/").filter(Boolean).map(decode);
  const secret = url.hash.slice(1);
  if (rest.length > 0) return { page: "lost" };
  if (!first) return { page: "home" };
  if (first === "signin" && !second) {
    return { page: "signin", secret: secret || undefined, next: ownPath(url.searchParams.get("next")), provider: url.searchParams.get("provider") ?? undefined };
  }
  if (first === "setup" && !second) return { page: "setup", secret: secret || undefined };
  if (first === "account" && !second) return { page: "account" };
  if (first === "rooms" && !second) return { page: "rooms" };
  if (first === "rooms" && second === "new") return { page: "new" };
  if (first === "rooms" && second) return { page: "manage", room: second, edit: url.searchParams.has("edit") };
  if (first === "site") return { page: "site", tab: second ?? "" };
  if (first === "i" && second) return { page: "open", invitation: second, secret };
  if (first === "g" && second) return { page: "guest", link: second, secret };
  if (first === "r" && second) return { page: "room", room: second };
  return { page: "lost" };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const route = signal<Route>({ page: "home" });

export function startRouting(): void {
  read();
  addEventListener("popstate", read); // going back, and a link pasted over its own cut-off half: only the secret differs
}

/** Reads the address; secrets leave the address bar and the history before anything else happens. */
function read(): void {
  route.value = routeOf(new URL(location.href));
  if (location.hash && "secret" in route.value) history.replaceState(null, "", location.pathname + location.search);
}

/** Whether we came here without a reload: then the page itself must say where one is. */
export let moved = false;

export function go(path: string, how: "push" | "replace" = "push"): void {
  if (how === "push") history.pushState(null, "", path);
  else history.replaceState(null, "", path);
  moved = true;
  route.value = routeOf(new URL(location.href));
}
