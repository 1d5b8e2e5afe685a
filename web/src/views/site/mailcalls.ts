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
  tokens: string[];
  conditions: string[];
  templates: Listed[];
  most_templates: number;
  test_address?: string;
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

const at = (language: string) => `/site/mail/templates/${encodeURIComponent(language)}`;

export const mails = {
  site: () => call<SiteMail>("GET", "/site/mail"),
  change: (version: number, change: MailChange) => call<SiteMail>("PATCH", "/site/mail", { version, ...change }),
  template: (language: string) => call<Template>("GET", at(language)),
  keep: (language: string, texts: Texts, version?: number) => call<Template>("PUT", at(language), { ...texts, version }),
  drop: (language: string) => call<void>("DELETE", at(language)),
  preview: (language: string, texts: Texts, type: Kind) => call<Texts>("POST", `${at(language)}/preview`, { ...texts, type }),
  test: (language: string, texts: Texts, type: Kind) => call<{ sent: boolean; to: string; detail?: string }>("POST", `${at(language)}/test`, { ...texts, type }),
};
