// Boots the app: preferences, language, address, and the first view.

import { effect } from "@preact/signals";
import { render } from "preact";
import { startBrowser } from "./browser.ts";
import type { Language } from "./i18n/index.ts";
import { chooseLanguage, language, useLanguage } from "./i18n/index.ts";
import { insist } from "./insist.ts";
import { preference } from "./kept.ts";
import { startRouting } from "./route.ts";
import { applyTheme } from "./theme.ts";
import { App } from "./views/app.tsx";

async function boot(): Promise<void> {
  applyTheme(preference("theme"));
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
