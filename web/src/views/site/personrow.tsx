// One account in the list, and what may be done with it.

import { useState } from "preact/hooks";
import { Problem } from "../../api.ts";
import { t } from "../../i18n/index.ts";
import { report } from "../../notices.ts";
import type { SiteRole } from "../desk/calls.ts";
import { EraseDialog } from "../desk/erase.tsx";
import { failureOf } from "../desk/forms.tsx";
import { fullName, person as me, siteRole } from "../desk/frame.tsx";
import { takeAlong } from "../desk/persondata.ts";
import { Confirm } from "../dialog.tsx";
import type { MenuGroup } from "../menu.tsx";
import { MenuButton } from "../menu.tsx";
import { Avatar, Status } from "../parts.tsx";
import type { SignInLink, SitePerson } from "./peoplecalls.ts";
import { people } from "./peoplecalls.ts";
import { EditName, LinkShown } from "./personact.tsx";

const roles: readonly SiteRole[] = ["owner", "admin", "member"];

interface Props {
  who: SitePerson;
  changed: (fresh: SitePerson) => void;
  erased: () => void;
}

export function PersonRow({ who, changed, erased }: Props) {
  const [act, setAct] = useState<"edit" | "disable" | "erase">();
  const [link, setLink] = useState<SignInLink>();
  const name = fullName(who);
  const close = () => setAct(undefined);
  const change = (what: Parameters<typeof people.change>[1]) => {
    close();
    people.change(who.id, what).then((fresh) => {
      changed(fresh);
      report(t("folk.saved", { name: fullName(fresh) }));
    }, (error) => report(error instanceof Problem && error.code === "conflict" ? t("folk.last") : failureOf(error), "bad"));
  };
  const makeLink = () => people.link(who.id).then(setLink, (error) => report(failureOf(error), "bad"));
  const data = { person: who.id, email: who.email };
  const take = () => takeAlong(data).then(() => report(t("data.taken"), "good"), (error) => report(failureOf(error), "bad"));
  const mine = siteRole(me.value);
  const above = who.site_role === "owner" && mine !== "owner";
  const own = who.id === me.value?.id;
  const menu = (): MenuGroup[] => {
    const refused = above ? t("folk.owners") : undefined;
    return [
      {
        label: t("folk.role.of", { name }),
        items: roles.map((role) => ({
          label: t(`folk.role.${role}`), icon: "key" as const, checked: who.site_role === role,
          refused: refused ?? (role === "owner" && mine !== "owner" ? t("folk.owners") : undefined), run: () => change({ site_role: role }),
        })),
      },
      {
        items: [
          { label: t("folk.edit"), icon: "reply" as const, refused, run: () => setAct("edit") },
          { label: t(who.verified ? "folk.unverify" : "folk.verify"), icon: "check" as const, refused, run: () => change({ verified: !who.verified }) },
          { label: t("folk.link"), icon: "link" as const, refused: refused ?? (who.disabled ? t("folk.disabled") : undefined), run: () => void makeLink() },
        ],
      },
      {
        items: [
          who.disabled
            ? { label: t("folk.enable"), icon: "check" as const, refused, run: () => change({ disabled: false }) }
            : { label: t("folk.disable"), icon: "lock" as const, danger: true, refused: refused ?? (own ? t("folk.self") : undefined), run: () => setAct("disable") },
          { label: t("data.take"), icon: "copy" as const, refused, run: () => void take() },
          { label: t("data.erase"), icon: "x" as const, danger: true, refused: refused ?? (own ? t("data.erase.self") : undefined), run: () => setAct("erase") },
        ],
      },
    ];
  };
  return (
    <li class="row row-wide">
      <Avatar name={name} seed={who.id} />
      <div class="row-main">
        <span class="line clip"><b class="clip">{name}</b>{who.site_role !== "member" && <span class="badge" data-role="manager">{t(`folk.role.${who.site_role}`)}</span>}</span>
        <span class="small soft clip">{[who.email, who.verified && t("folk.verified"), own && t("folk.you")].filter(Boolean).join(" · ")}</span>
        {who.disabled && <Status state="revoked">{t("folk.disabled")}</Status>}
      </div>
      <div class="row-end"><MenuButton label={t("folk.actions", { name })} groups={menu} /></div>
      {act === "edit" && <EditName who={who} close={close} save={change} />}
      {act === "disable" && <Confirm title={t("folk.disable.title", { name })} text={t("folk.disable.text")} action={t("folk.disable")} busy={false} close={close} run={() => change({ disabled: true })} />}
      {act === "erase" && (
        <EraseDialog
          email={who.email} who={data} close={close}
          done={() => {
            close();
            report(t("erase.done"), "good");
            erased();
          }}
        />
      )}
      {link && <LinkShown name={name} link={link} close={() => setLink(undefined)} />}
    </li>
  );
}
