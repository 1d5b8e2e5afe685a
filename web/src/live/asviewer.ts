// The room through a viewer's eyes.

import type { State } from "../state.ts";

const viewersRights = ["chat.post", "chat.like", "chat.delete", "chat.page", "chat.report", "question.ask", "question.vote", "question.page", "hand.raise", "reaction.send", "interaction.page", "interaction.answer"];

/** The room as a viewer sees it in our place. */
export function asViewer(state: State): State {
  const { you, announcements } = state;
  if (!you || you.role === "viewer") return state;
  const told = announcements.filter(({ to }) => to === "everybody" || to === "inside");
  return { ...state, you: { ...you, role: "viewer", right: undefined, rights: viewersRights }, backchannel: undefined, announcements: told };
}
