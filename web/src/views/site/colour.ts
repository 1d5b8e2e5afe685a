// Contrast as WCAG 2.2 has it. hub/room/theme.go judges by the same.

export const isColour = (text: string) => /^#[0-9a-f]{6}$/i.test(text);

function linear(channel: number): number {
  const x = channel / 255;
  return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
}

/** From 1 (white) to 21 (black). */
export function contrastToWhite(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => linear(Number.parseInt(colour.slice(at, at + 2), 16)));
  return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05);
}
