// Acts in words: what was done, what changed, from what to what.

import { dayAndTime } from "../../i18n/format.ts";
import type { Key } from "../../i18n/index.ts";
import { t } from "../../i18n/index.ts";

/** Of acts in rooms, as AuditActs of hub/room has them. */
const inRooms = [
  "act.room.created", "act.room.edited", "act.room.scheduled", "act.room.opened", "act.room.closed", "act.room.deleted",
  "act.manager.set", "act.manager.removed",
  "act.invitation.issued", "act.invitation.revised", "act.invitation.renewed", "act.invitation.claimed", "act.invitation.freed", "act.invitation.revoked", "act.invitation.restored",
  "act.invitation.dismissed", "act.guest_link.set", "act.guest_link.removed", "act.role.changed", "act.chat.deleted", "act.content.forgotten", "act.person.erased",
  "act.participant.muted", "act.participant.unmuted", "act.participant.removed", "act.participant.banned", "act.participant.unbanned", "act.room.settings", "act.admit.granted", "act.admit.denied",
  "act.chat.cleared", "act.report.settled", "act.announced", "act.announcement.withdrawn", "act.pinned", "act.unpinned", "act.stage.sourced",
  "act.room.paused", "act.room.resumed", "act.room.going_live", "act.room.go_live_cancelled", "act.report.exported",
  "act.question.published", "act.question.claimed", "act.question.answered", "act.question.dismissed", "act.hand.lowered", "act.hands.cleared", "act.stage.offered", "act.stage.offer_ended", "act.participant.renamed", "act.admit.told",
  "act.interaction.created", "act.interaction.revised", "act.interaction.removed", "act.interaction.launched", "act.interaction.shown", "act.interaction.closing", "act.interaction.shared",
] as const;

/** Of acts on the site, and beside the logs of the rooms. */
const onSite = [
  "act.site.changed", "act.site.domain_set", "act.site.domain_removed", "act.site.mail_changed", "act.site.template_set", "act.site.template_removed",
  "act.owner.created", "act.person.created", "act.person.changed", "act.person.verified", "act.person.linked", "act.person.link", "act.person.password_set", "act.person.exported",
  "act.session.ended", "act.session.others_ended", "act.key.created", "act.key.ended",
  "act.group.created", "act.group.renamed", "act.group.deleted", "act.group.added", "act.group.removed",
] as const;

const kindOf = (key: Key) => key.replace("act.", "");

export const roomActs = inRooms.map(kindOf);
export const acts = [...onSite.map(kindOf), ...roomActs];

export const fields = [
  "accent", "admitted", "all", "anonymous", "answers", "asked_at", "audit_days", "chat", "chat_for", "closed", "collaboration", "lobby_code", "content_days",
  "correct", "creators", "description", "devices", "disabled", "early_minutes", "ends_at", "expires_at", "export", "first_name", "for_s", "hands", "hands_most", "generation", "html",
  "invitations", "inviters", "ip_days", "label", "language", "last_name", "launched", "letter", "link", "link_fixed", "link_minutes", "live",
  "lobby_moderator", "lobby_speaker", "lobby_viewer", "live_at", "host_absent", "results_after", "closing_words", "closing_link", "locked", "logo", "most", "name", "off", "on", "points", "published", "questions", "refuse",
  "reply_to", "right", "role", "scale", "scope", "seconds", "site_role", "slow_mode_s", "speakers", "starts_at", "state", "subject", "text", "title",
  "type", "until_at", "url", "verified", "words", "zone",
] as const;

const values = [
  "true", "false", "viewer", "speaker", "moderator", "owner", "co-owner", "co-editor", "co-publisher", "admin", "member",
  "scheduled", "open", "closed", "deleted", "block", "allow", "code", "none", "named",
] as const;

const one = <Known extends string>(all: readonly Known[], given: string) => all.find((known) => known === given);

/** What was done; an act without a text shows its kind. */
export function sentenceOf(act: string): string {
  const known = one([...onSite, ...inRooms], `act.${act}`);
  return known ? t(known) : act;
}

/** "Start: 3 May, 10:00 → 4 May, 10:00"; of a text only that it changed. */
export function changeOf({ field, before, after }: { field: string; before?: string; after?: string }, names: Record<string, string>): string {
  const [stem = "", part] = field.split(/\.(.*)/);
  const known = one(fields, part ? stem : field);
  const what = known ? [t(`changed.${known}`), part && part !== "role" && (names[part] ?? part)].filter(Boolean).join(", ") : field;
  if (!before && !after) return what;
  return before ? t("audit.change", { what, before: wordOf(field, before), after: wordOf(field, after) }) : t("audit.value", { what, value: wordOf(field, after) });
}

function wordOf(field: string, value?: string): string {
  if (!value) return "–";
  if (field.endsWith("_at")) return dayAndTime(Number(value));
  const known = one(values, value);
  return known ? t(`told.${known}`) : value;
}
