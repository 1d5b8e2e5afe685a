// Boots the app: preferences, language, address, and the first view.

import { effect } from "@preact/signals";
import { render } from "preact";
import { startBrowser } from "./browser.ts";
import type { Language } from "./i18n/index.ts";
import { chooseLanguage, language, useLanguage } from "./i18n/index.ts";
import { preference } from "./kept.ts";
import { startRouting } from "./route.ts";
import { App } from "./views/app.tsx";
import { applyTheme } from "./views/theme.tsx";

/** Without texts there is nothing to show: try until they come. */
async function insist(load: () => Promise<void>): Promise<void> {
  for (let wait = 500; ; wait = Math.min(wait * 2, 20_000)) {
    try {
      return await load();
    } catch {
      await new Promise((resume) => setTimeout(resume, wait));
    }
  }
}

async function boot(): Promise<void> {
  applyTheme();
  startRouting(); // first of all: secrets leave the address bar
  const wanted = preference("language") as Language | undefined;
  await insist(() => useLanguage(chooseLanguage(wanted ? [wanted] : navigator.languages)));
  effect(() => {
    document.documentElement.lang = language.value;
  });
  startBrowser();
  const place = document.getElementById("app");
  if (place) render(<App />, place);
}

void boot();
