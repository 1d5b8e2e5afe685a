// The calls of the site's owners and admins over HTTP.

import { call } from "../../api.ts";

export type SiteRole = "member" | "admin" | "owner";
export type Proof = "none" | "code";

/** Who of the site's people may do something; its admins and owners always may. No role: only who is named. */
export interface Circle {
  role: SiteRole | "";
  people: string[];
  groups: string[];
}

export interface Site {
  version: number;
  name: string;
  accent: string;
  theme?: Record<string, string>;
  logo?: string;
  invitations: boolean;
  link_minutes: number;
  link_fixed: boolean;
  devices: number;
  inviters: Circle;
  creators: Circle;
  early_minutes: number;
  host_absent: { then: "nothing" | "lock" | "end"; minutes: number };
  lobby: { viewer: Proof; speaker: Proof; moderator: Proof };
  content_days: number;
  ip_days: number;
  audit_days: number;
  stage_origins: string[];
  words: string[];
  refuse_words: boolean;
}

export type SiteChange = Partial<Omit<Site, "version" | "theme" | "logo">>;

export interface DomainRule {
  id: string;
  domain: string;
  shown: string;
  exact: boolean;
  rule: "block" | "allow";
  set_at: string;
}

const ruleAt = (id: string) => `/site/domains/${encodeURIComponent(id)}`;

export const calls = {
  site: () => call<Site>("GET", "/site"),
  change: (version: number, change: SiteChange) => call<Site>("PATCH", "/site", { version, ...change }),
  setLogo: (picture: Blob) => call<Site>("PUT", "/site/logo", picture),
  removeLogo: () => call<Site>("DELETE", "/site/logo"),
  domains: (q: string, after?: string) =>
    call<{ items: DomainRule[]; total: number; next?: string }>("GET", `/site/domains?${new URLSearchParams({ q, after: after ?? "" })}`),
  setDomain: (id: string, rule: DomainRule["rule"], force = false) => call<DomainRule>("PUT", ruleAt(id), { rule, force }),
  removeDomain: (id: string) => call<void>("DELETE", ruleAt(id)),
};
