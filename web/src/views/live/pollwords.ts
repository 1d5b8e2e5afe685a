// Words of polls: how choices are called, and what somebody has answered.

import { plural, t } from "../../i18n/index.ts";
import type { Interaction, MyAnswer } from "../../protocol.ts";

/** What I have answered, as far as anybody knows. */
export function said(item: Interaction, mine: MyAnswer): string {
  const points = mine.points ?? pointsOf(item, mine);
  if (points !== undefined) return points > 0 ? plural("polls.right", points) : t("polls.wrong", { right: item.options?.[item.outcome?.correct ?? 0] ?? "" });
  if (!mine.choices) return t(item.anonymous ? "polls.mine.anonymous" : "polls.mine.text");
  const chosen = mine.choices.map((choice) => nameOf(item, choice)).join(", ");
  return t("polls.mine", { chosen });
}

/** Points come with the result; nobody has to be told singly. */
function pointsOf({ outcome }: Interaction, { choices }: MyAnswer): number | undefined {
  if (outcome?.correct === undefined || !choices) return undefined;
  return choices.includes(outcome.correct) ? outcome.points ?? 0 : 0;
}

export function nameOf({ kind, options }: Interaction, choice: number): string {
  if (kind === "crowd") return t(choice === 0 ? "polls.up" : "polls.down");
  return options?.[choice] ?? String(choice + 1);
}
