// The frame of the managers' pages: brand, navigation, account.

import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import type { Person, SiteRole } from "./calls.ts";
import type { Language } from "../../i18n/index.ts";
import { language, languages, t, useLanguage } from "../../i18n/index.ts";
import { prefer } from "../../kept.ts";
import { go, moved } from "../../route.ts";
import { Icon } from "../icons.tsx";
import { MenuButton } from "../menu.tsx";
import { NoticeList } from "../noticelist.tsx";
import { Avatar, Brand, Link, Skip } from "../parts.tsx";
import { cycleTheme, themeName } from "../theme.tsx";
import { desk } from "./calls.ts";

/** Who is signed in: undefined until asked, null when nobody is. */
export const person = signal<Person | null | undefined>(undefined);

export async function learnPerson(): Promise<void> {
  person.value = (await desk.session()).person ?? null;
}

export const fullName = (who: { first_name: string; last_name: string }) => `${who.first_name} ${who.last_name}`.trim();

/** What somebody is to the site as a whole. */
export const siteRole = (who?: Person | null): SiteRole => who?.site_role ?? "member";

interface FrameProps {
  title: string;
  children: ComponentChildren;
  narrow?: boolean;
  /** Where one is, for the navigation. */
  at?: "rooms" | "site" | "account";
}

export function Frame({ title, children, narrow = false, at = "rooms" }: FrameProps) {
  useEffect(() => {
    document.title = `${title} · greenroom`;
  }, [title]);
  useEffect(() => {
    if (moved && document.activeElement === document.body) document.querySelector<HTMLElement>("h1")?.focus();
  }, []);
  return (
    <>
      <Skip to="main">{t("skip.main")}</Skip>
      <header class="bar">
        <Brand />
        {person.value && (
          <nav class="nav" aria-label={t("nav.label")}>
            <Link to="/rooms" aria-current={at === "rooms" ? "page" : undefined}>{t("nav.rooms")}</Link>
            {siteRole(person.value) !== "member" && <Link to="/site" aria-current={at === "site" ? "page" : undefined}>{t("nav.site")}</Link>}
          </nav>
        )}
        <div class="bar-end">{person.value && <Account who={person.value} />}</div>
      </header>
      <main class={narrow ? "page narrow" : "page"} id="main" tabIndex={-1}>{children}</main>
      <div class="corner"><NoticeList /></div>
    </>
  );
}

function Account({ who }: { who: Person }) {
  const leave = async () => {
    await desk.signOut().catch(() => undefined); // signed out or not: the sign-in page will tell
    person.value = null;
    go("/signin");
  };
  const other: Language = language.value === "en" ? "de" : "en";
  const groups = () => [
    {
      label: who.email,
      items: [
        { label: t("account.theme", { theme: themeName() }), icon: "eye" as const, run: cycleTheme },
        {
          label: languages[other],
          icon: "chat" as const,
          run: () => {
            prefer("language", other);
            void useLanguage(other);
          },
        },
      ],
    },
    { items: [{ label: t("account.own"), icon: "key" as const, run: () => go("/account") }, { label: t("account.leave"), icon: "leave" as const, run: () => void leave() }] },
  ];
  return (
    <MenuButton class="btn btn-quiet" label={t("account.label")} groups={groups}>
      <Avatar name={fullName(who)} seed={who.id} />
      <span class="wide-only">{fullName(who)}</span>
      <Icon name="down" />
      <span class="sr">{t("account.label")}</span>
    </MenuButton>
  );
}
