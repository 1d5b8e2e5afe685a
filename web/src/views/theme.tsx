// Choosing light, dark, or as the system says; kept for next time.

import { signal } from "@preact/signals";
import { t } from "../i18n/index.ts";
import { prefer, preference } from "../kept.ts";
import type { Theme } from "../theme.ts";
import { applyTheme } from "../theme.ts";

const themes: readonly Theme[] = ["", "light", "dark"];

const theme = signal<Theme>(themes.find((name) => name === preference("theme")) ?? "");

const word = (name: Theme) => t(`theme.${name || "system"}`);

export const themeName = () => word(theme.value);

function choose(name: Theme): void {
  theme.value = name;
  prefer("theme", name);
  applyTheme(name);
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
