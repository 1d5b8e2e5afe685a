// Who waits to be let in, for those who moderate: one list for all of them, longest first.

import "../second.ts";
import { useComputed } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { seconds } from "../../browser.ts";
import { number } from "../../i18n/format.ts";
import { plural, t } from "../../i18n/index.ts";
import { heldBy } from "../../live/features.ts";
import { lists } from "../../live/listed.ts";
import { admit, deny, knocks } from "../../live/moderate.ts";
import { tellKnocker } from "../../live/stageacts.ts";
import type { Knock } from "../../protocol.ts";
import type { RoomSession } from "../../session.ts";
import { Avatar } from "../parts.tsx";
import { Marks } from "../roles.tsx";
import { useSuccessor } from "../successor.ts";
import { Icon } from "../icons.tsx";
import { Cue } from "./cue.tsx";
import { WordDialog } from "./worddialog.tsx";

export function WaitingRoom({ session }: { session: RoomSession }) {
  const waiting = useComputed(() => heldBy(session).watch?.waiting).value;
  const [further, setFurther] = useState<Knock[]>([]);
  const total = waiting?.total ?? 0;
  useEffect(() => {
    if (total > 0) void knocks(session).then(({ items }) => setFurther(items), () => undefined); // the list stays useful without
  }, [total]);
  useEffect(() => lists("waiting", further), [further]);
  if (!waiting || waiting.total === 0) return null;
  const next = async () => {
    const page = await knocks(session, items.at(-1)?.participant).catch(() => undefined);
    if (page) setFurther([...further, ...page.items]);
  };
  const known = new Map(further.map((knock) => [knock.participant, knock]));
  const listed = new Set(waiting.items.map(({ participant }) => participant));
  const items = [...waiting.items, ...further.filter(({ participant }) => !listed.has(participant))].map((knock) => ({ ...knock, ...known.get(knock.participant) })).slice(0, waiting.total);
  const more = waiting.total - items.length;
  return (
    <section aria-label={t("knock.title")}>
      <h2 class="group-title" tabIndex={-1}><span>{t("knock.title")}</span><span class="num">{number(waiting.total)}</span></h2>
      <p class="line pad">
        <button type="button" class="btn btn-main btn-small" onClick={() => void admit(session, "all")}>{t("knock.admit.all")}</button>
        <button type="button" class="btn btn-small" onClick={() => void deny(session, "all")}>{t("knock.deny.all")}</button>
      </p>
      <ul>{items.map((knock) => <Row key={knock.participant} session={session} knock={knock} />)}</ul>
      {more > 0 && <p class="pad-s"><button type="button" class="btn btn-small btn-block" onClick={() => void next()}>{t("knock.next")} <span class="soft">{plural("knock.more", more)}</span></button></p>}
    </section>
  );
}

function Row({ session, knock }: { session: RoomSession; knock: Knock }) {
  const row = useSuccessor<HTMLLIElement>(knock.participant);
  seconds.value;
  const minutes = Math.max(0, Math.floor(((session.clock.now() ?? knock.at) - knock.at) / 60_000));
  const who = { name: knock.name };
  const [telling, setTelling] = useState(false);
  return (
    <li class="row row-deeds" ref={row} data-row={knock.participant}>
      <Avatar name={knock.name} seed={knock.participant} />
      <div class="row-main">
        <span class="line clip"><b class="clip" dir="auto">{knock.name}</b><Marks role="viewer" guest={knock.guest} /><Cue session={session} who={{ ...knock, role: "viewer" }} />{knock.verified && <span class="badge" data-role="verified" title={t("person.verified.hint")}><Icon name="check" />{t("person.verified")}</span>}</span>
        <span class="small soft num">{minutes === 0 ? t("knock.now") : plural("knock.since", minutes)}{knock.invited_by && ` · ${t("knock.by", { name: knock.invited_by })}`}</span>
      </div>
      <div class="row-end line">
        <button type="button" class="btn btn-small" aria-label={t("knock.admit.who", who)} onClick={() => void admit(session, [knock.participant])}>{t("knock.admit")}</button>
        <button type="button" class="btn btn-quiet btn-small" aria-label={t("knock.tell", who)} onClick={() => setTelling(true)}><Icon name="chat" /></button>
        <button type="button" class="btn btn-quiet btn-small" aria-label={t("knock.deny.who", who)} onClick={() => void deny(session, [knock.participant])}>{t("knock.deny")}</button>
      </div>
      {telling && <WordDialog title={t("knock.tell", who)} action={t("knock.tell.action")} required send={(text) => tellKnocker(session, knock.participant, text)} close={() => setTelling(false)} />}
    </li>
  );
}
