// Light, dark, or as the system says: an attribute on the root, kept for next time.

import { signal } from "@preact/signals";
import { t } from "../i18n/index.ts";
import { prefer, preference } from "../kept.ts";

const themes = ["", "light", "dark"] as const;
type Theme = (typeof themes)[number];

const theme = signal<Theme>(themes.find((name) => name === preference("theme")) ?? "");

const word = (name: Theme) => t(`theme.${name || "system"}`);

export const themeName = () => word(theme.value);

export function applyTheme(): void {
  if (theme.value) document.documentElement.dataset.theme = theme.value;
  else delete document.documentElement.dataset.theme;
}

function choose(name: Theme): void {
  theme.value = name;
  prefer("theme", name);
  applyTheme();
}

export function cycleTheme(): void {
  choose(themes[(themes.indexOf(theme.value) + 1) % themes.length] ?? "");
}

export function ThemeChoice() {
  return (
    <div class="field">
      <label for="theme">{t("theme.label")}</label>
      <select class="input" id="theme" value={theme.value} onChange={(event) => choose(event.currentTarget.value as Theme)}>
        {themes.map((name) => <option key={name} value={name}>{word(name)}</option>)}
      </select>
    </div>
  );
}
