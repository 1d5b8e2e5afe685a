// Who runs the room: for owners and co-owners to change, for the others to see.

import { useState } from "preact/hooks";
import type { Manager, RoomRecord } from "../../api.ts";
import { Problem } from "../../api.ts";
import { list } from "../../i18n/format.ts";
import { t } from "../../i18n/index.ts";
import { report } from "../../notices.ts";
import type { Right } from "../../protocol.ts";
import { Confirm } from "../dialog.tsx";
import type { MenuGroup } from "../menu.tsx";
import { MenuButton } from "../menu.tsx";
import { Avatar, Field } from "../parts.tsx";
import { Badge } from "../roles.tsx";
import { useSuccessor } from "../successor.ts";
import { Failed, failureOf, isAddress, textOf, useSubmit } from "./forms.tsx";
import { fullName, person } from "./frame.tsx";
import { desk } from "./calls.ts";

const rights: Right[] = ["owner", "co-owner", "co-editor", "co-publisher"];

export function Managers({ room, changed }: { room: RoomRecord; changed: () => void }) {
  const [removing, setRemoving] = useState<Manager>();
  const mayChange = room.right === "owner" || room.right === "co-owner";
  const attempt = async (work: Promise<unknown>, done: string) => {
    await work.then(() => report(done), (error) => report(failureOf(error), "bad"));
    changed();
  };
  const menu = (manager: Manager): MenuGroup[] => [
    {
      label: t("managers.right", { name: fullName(manager) }),
      items: rights.map((right) => ({
        label: t(`right.${right}`),
        hint: t(`right.${right}.hint`),
        icon: "key",
        checked: manager.right === right,
        refused: right === "owner" && room.right !== "owner" ? t("managers.owners") : undefined,
        run: () => void attempt(desk.setManager(room.id, manager.person, right), t("managers.changed", { name: fullName(manager) })),
      })),
    },
    { items: [{ label: t("managers.remove"), icon: "leave", danger: true, run: () => setRemoving(manager) }] },
  ];
  const remove = async (manager: Manager) => {
    setRemoving(undefined);
    await attempt(desk.removeManager(room.id, manager.person), t("managers.removed", { name: fullName(manager) }));
  };
  return (
    <section class="card stack" aria-labelledby="managers">
      <h2 class="card-title" id="managers" tabIndex={-1}>{t("managers.title")}</h2>
      <ul>
        {(room.managers ?? []).map((manager) => <ManagerRow key={manager.person} manager={manager} menu={mayChange ? () => menu(manager) : undefined} />)}
      </ul>
      <Rights />
      {mayChange && <AddManager room={room} changed={changed} />}
      {removing && (
        <Confirm
          title={t("managers.remove.title", { name: fullName(removing) })}
          text={t("managers.remove.text")}
          action={t("managers.remove")}
          busy={false}
          close={() => setRemoving(undefined)}
          run={() => void remove(removing)}
        />
      )}
    </section>
  );
}

const all = ["managers.can.run", "managers.can.managers", "managers.can.owners"] as const;
const reach: Record<Right, number> = { owner: 3, "co-owner": 2, "co-editor": 1, "co-publisher": 1 };

/** The fixed table of rights, in words. */
function Rights() {
  return (
    <details>
      <summary>{t("managers.rights")}</summary>
      <dl>
        {rights.map((right) => (
          <div key={right}>
            <dt><b>{t(`right.${right}`)}</b></dt>
            <dd class="soft">{list(all.slice(0, reach[right]).map((can) => t(can)))}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function ManagerRow({ manager, menu }: { manager: Manager; menu?: () => MenuGroup[] }) {
  const row = useSuccessor<HTMLLIElement>(manager.person);
  const name = fullName(manager);
  return (
    <li class="row row-wide" ref={row} data-row={manager.person}>
      <Avatar name={name} seed={manager.person} />
      <div class="row-main"><span class="line clip"><b class="clip">{name}</b><Badge role="manager" right={manager.right} /></span><span class="small soft">{manager.email}{manager.person === person.value?.id && ` · ${t("managers.you")}`}</span></div>
      {menu && <div class="row-end"><MenuButton label={t("managers.actions", { name })} groups={menu} /></div>}
    </li>
  );
}

function AddManager({ room, changed }: { room: RoomRecord; changed: () => void }) {
  const { form, busy, errors, failed, submit } = useSubmit({
    check: (data): Record<string, string> => (isAddress(textOf(data, "manager")) ? {} : { manager: t("email.malformed") }),
    send: async (data) => {
      await desk.setManager(room.id, textOf(data, "manager"), textOf(data, "right") as Right);
      report(t("managers.added"));
      form.current?.reset();
      changed();
    },
    explain: (error) => (error instanceof Problem && error.code === "not_found" ? t("managers.unknown") : undefined),
    fields: ["manager"],
  });
  return (
    <form ref={form} class="stack-s" onSubmit={submit} noValidate>
      <Failed text={failed} />
      <div class="add-manager">
        <Field id="manager" label={t("managers.add")} hint={t("managers.add.hint")} error={errors.manager}>
          {(described) => <input class="input" type="email" name="manager" autocomplete="off" spellcheck={false} {...described} />}
        </Field>
        <Field id="manager-right" label={t("managers.as")}>
          {(described) => <select class="input" name="right" {...described}>{rights.slice(room.right === "owner" ? 0 : 1).toReversed().map((right) => <option key={right} value={right}>{t(`right.${right}`)}</option>)}</select>}
        </Field>
        <button type="submit" class="btn" aria-busy={busy}>{t("managers.add.action")}</button>
      </div>
    </form>
  );
}
