// What the list of invitations says of one of them.

import { serverNow } from "../../api.ts";
import { sameDay, shortDayAndTime, time } from "../../i18n/format.ts";
import type { Key } from "../../i18n/index.ts";
import { plural, t } from "../../i18n/index.ts";
import type { Invitation } from "./calls.ts";

/** The shape before the word: ring, half disc, disc, diamonds. */
export const shapes: Record<Invitation["state"], string> = {
  issued: "issued", queued: "queued", sent: "issued", bounced: "bounced", failed: "failed", opened: "issued", confirmed: "confirmed",
  waiting: "waiting", inside: "inside", left: "left", removed: "left", banned: "revoked", expired: "expired", revoked: "revoked",
};

const at = (moment: string) => {
  const ms = Date.parse(moment);
  return sameDay(ms, serverNow()) ? time(ms) : shortDayAndTime(ms);
};

/** Since when it stands so: "since 15:31", "24 Nov, 09:00". */
export function sinceWords(one: Invitation): string {
  if (!one.state_at || one.state === "issued") return "";
  return one.state === "inside" ? t("state.since", { time: at(one.state_at) }) : at(one.state_at);
}

/** How a mail fares, where the state does not say so itself. */
export function mailWords({ state, mail }: Invitation): Key | undefined {
  if (!mail || (mail.about === "invitation" && (mail.state === state || mail.state === "sent"))) return undefined;
  return `mail.${mail.about}.${mail.state}`;
}

export function linkWords(one: Invitation): string {
  if (one.state === "revoked" || one.finishing) return t("link.off");
  if (one.locked) return t("link.locked");
  if (one.guest) return t("state.guest");
  if (one.devices_used > 0) return plural("link.used", one.devices_used);
  if (one.state === "expired" || Date.parse(one.expires_at) <= serverNow()) return t("link.expired");
  return t("link.unused", { time: shortDayAndTime(Date.parse(one.expires_at)) });
}

export const isHere = (one: Invitation) => one.state === "inside" || one.state === "waiting";

/** The form of the domain that the address itself does not show, in brackets: browsers turn what is typed into A-labels. */
export function domainBeside({ email, domain }: Pick<Invitation, "email" | "domain">): string {
  if (!domain) return "";
  const other = email.toLowerCase().endsWith(`@${domain.ascii}`) ? domain.unicode : domain.ascii;
  return other ? `(${other})` : "";
}

/** The domain that mail goes to. */
export const domainOf = ({ domain, email }: Pick<Invitation, "email" | "domain">) => domain?.ascii ?? email.slice(email.lastIndexOf("@") + 1);
