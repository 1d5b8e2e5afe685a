// What somebody is in the room: as a drawing, as a word, as a badge beside the name.

import { t } from "../i18n/index.ts";
import type { Right, Role, Who } from "../protocol.ts";
import type { IconName } from "./icons.tsx";
import { Icon } from "./icons.tsx";

const roleIcons: Record<Role, IconName> = { viewer: "eye", speaker: "mic", moderator: "shield", manager: "key" };

export const roleIcon = (role: Role): IconName => roleIcons[role];

/** The role in words: a manager's is the right over the room. */
export function roleWord(role: Role, right?: Right): string {
  return role === "manager" ? t(`right.${right ?? "owner"}`) : t(`role.${role}`);
}

export function Badge({ role, right }: { role: Role; right?: Right }) {
  return <span class="badge" data-role={role}><Icon name={roleIcons[role]} />{roleWord(role, right)}</span>;
}

/** What others must know of somebody beside the name; nothing of a viewer who was invited. */
export function Marks({ role, right, guest }: Pick<Who, "role" | "right" | "guest">) {
  if (guest) return <span class="badge" data-role="guest"><Icon name="link" />{t("person.guest")}</span>;
  return role === "viewer" ? null : <Badge role={role} right={right} />;
}
