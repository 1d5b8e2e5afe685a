// Acts in words.

import type { Key } from "../../i18n/index.ts";
import { t } from "../../i18n/index.ts";

export const acts: Record<string, Key> = {
  "person.created": "act.person.created",
  "person.changed": "act.person.changed",
  "person.erased": "act.person.erased",
  "person.link": "act.person.link",
  "person.password_set": "act.person.password_set",
  "session.ended": "act.session.ended",
  "session.others_ended": "act.session.others_ended",
  "key.created": "act.key.created",
  "key.ended": "act.key.ended",
  "group.created": "act.group.created",
  "group.renamed": "act.group.renamed",
  "group.deleted": "act.group.deleted",
  "group.added": "act.group.added",
  "group.removed": "act.group.removed",
  "site.changed": "act.site.changed",
  "site.domain_set": "act.site.domain_set",
  "site.domain_removed": "act.site.domain_removed",
  "site.mail_changed": "act.site.mail_changed",
  "site.template_set": "act.site.template_set",
  "site.template_removed": "act.site.template_removed",
  "room.created": "act.room.created",
  "room.edited": "act.room.edited",
  "room.scheduled": "act.room.scheduled",
  "room.opened": "act.room.opened",
  "room.closed": "act.room.closed",
  "room.deleted": "act.room.deleted",
  "manager.set": "act.manager.set",
  "manager.removed": "act.manager.removed",
  "invitation.issued": "act.invitation.issued",
  "invitation.revised": "act.invitation.revised",
  "invitation.renewed": "act.invitation.renewed",
  "invitation.revoked": "act.invitation.revoked",
  "invitation.restored": "act.invitation.restored",
  "role.changed": "act.role.changed",
  "chat.deleted": "act.chat.deleted",
};

/** What was done; an act without a text shows its kind. */
export function sentenceOf(act: string): string {
  const key = acts[act];
  return key ? t(key) : act;
}
