// Light, dark, or as the system says: an attribute on the root.

export type Theme = "" | "light" | "dark";

export function applyTheme(theme: string | undefined): void {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}
