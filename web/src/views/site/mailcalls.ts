// The calls about the site's mails.

import { call } from "../../api.ts";

export interface SiteMail {
  version: number;
  ready: boolean;
  sender?: string;
  invitations: boolean;
  language: string;
  zone: string;
  reply_to_inviter: boolean;
  kinds: Letter[];
  most_templates: number;
  test_address?: string;
}

/** A kind of mail, what its templates may hold, and which there are. */
export interface Letter {
  kind: "invitation" | "moved" | "renamed" | "cancelled" | "sign_in_code" | "room_code" | "request";
  tokens: string[];
  conditions: string[];
  templates: Listed[];
}

/** A template without its texts. */
export interface Listed {
  language: string;
  own: boolean;
  built_in: boolean;
  version: number;
  changed_at?: string;
}

export interface Texts {
  subject: string;
  html: string;
  text: string;
}

export type Template = Listed & Texts;
export type Kind = "viewer" | "speaker" | "moderator";
export type MailChange = Partial<Pick<SiteMail, "invitations" | "language" | "zone" | "reply_to_inviter">>;

type Which = Letter["kind"];

const at = (kind: Which, language: string, act = "") => `/site/mail/templates/${encodeURIComponent(language)}${act}?kind=${kind}`;

export const mails = {
  site: () => call<SiteMail>("GET", "/site/mail"),
  change: (version: number, change: MailChange) => call<SiteMail>("PATCH", "/site/mail", { version, ...change }),
  template: (of: Which, language: string) => call<Template>("GET", at(of, language)),
  keep: (of: Which, language: string, texts: Texts, version?: number) => call<Template>("PUT", at(of, language), { ...texts, version }),
  drop: (of: Which, language: string) => call<void>("DELETE", at(of, language)),
  preview: (of: Which, language: string, texts: Texts, type: Kind) => call<Texts>("POST", at(of, language, "/preview"), { ...texts, type }),
  test: (of: Which, language: string, texts: Texts, type: Kind) => call<{ sent: boolean; to: string; detail?: string }>("POST", at(of, language, "/test"), { ...texts, type }),
};
