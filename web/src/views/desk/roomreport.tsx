// What was in a room, for its managers: summary, attendance, files. While the session runs it is right so far.

import "./base.ts";
import { useEffect, useState } from "preact/hooks";
import type { Problem } from "../../api.ts";
import { serverNow } from "../../api.ts";
import { dayAndTime, timeSpan } from "../../i18n/format.ts";
import { t } from "../../i18n/index.ts";
import { Connecting } from "../connecting.tsx";
import { Refusal } from "../later.ts";
import { Link } from "../parts.tsx";
import { Attendance } from "./attendance.tsx";
import { Frame } from "./frame.tsx";
import { useEvery } from "./live.ts";
import type { Report } from "./reportcalls.ts";
import { reports } from "./reportcalls.ts";
import { Files } from "./reportfiles.tsx";
import { Summary } from "./reportsummary.tsx";

const REFRESH = 15_000;
const tabs = ["summary", "attendance", "files"] as const;

type Tab = (typeof tabs)[number];

export function RoomReport({ id }: { id: string }) {
  const [session, setSession] = useState(0);
  const [tab, setTab] = useState<Tab>(asked);
  const { report, problem, load } = useReport(id, session);
  useEffect(() => history.replaceState(null, "", tab === "summary" ? `/rooms/${id}?report` : `/rooms/${id}?report=${tab}`), [tab]);
  if (problem) return <Refusal facts={{ code: problem.code, now: serverNow() }} again={load} />;
  if (!report) return <Connecting text={t("connecting")} />;
  return (
    <Frame title={t("report.of", { title: report.room.title })}>
      <div class="page-head">
        <div class="stack-s">
          <p class="small"><Link to={`/rooms/${id}`}>{report.room.title}</Link></p>
          <h1 tabIndex={-1}>{t("report.title")}</h1>
          <p class="meta"><span>{report.so_far ? t("report.sofar", { time: dayAndTime(Date.parse(report.made_at)) }) : t("report.whole")}</span></p>
        </div>
        {report.sessions.length > 1 && <Sessions report={report} session={session} choose={setSession} />}
      </div>
      {report.forgotten_at && <p class="card" role="note">{t("report.forgotten", { time: dayAndTime(Date.parse(report.forgotten_at)) })}</p>}
      <nav class="line chips" aria-label={t("report.parts")}>
        {tabs.map((name) => <button key={name} type="button" class="chip" aria-current={tab === name ? "page" : undefined} onClick={() => setTab(name)}>{t(`report.tab.${name}`)}</button>)}
      </nav>
      {tab === "summary" && <Summary report={report} />}
      {tab === "attendance" && <Attendance key={session} room={id} session={session} />}
      {tab === "files" && <Files room={id} session={session} />}
    </Frame>
  );
}

/** Which part the address asks for. */
function asked(): Tab {
  const name = new URLSearchParams(location.search).get("report");
  return tabs.find((tab) => tab === name) ?? "summary";
}

function useReport(id: string, session: number) {
  const [report, setReport] = useState<Report>();
  const [problem, setProblem] = useState<Problem>();
  const load = () => reports.summary(id, session).then((fresh) => {
    setReport(fresh);
    setProblem(undefined);
  }, (error) => {
    if (!report || (error as Problem).code !== "network") setProblem(error);
  });
  useEffect(() => void load(), [session]);
  useEvery(REFRESH, () => {
    if (!report || report.so_far) void load();
  });
  return { report, problem, load: () => void load() };
}

function Sessions({ report, session, choose }: { report: Report; session: number; choose: (session: number) => void }) {
  return (
    <label class="line small">
      {t("report.session")}
      <select class="input" value={session} onChange={(event) => choose(Number(event.currentTarget.value))}>
        <option value={0}>{t("report.session.all")}</option>
        {report.sessions.map(({ number, opened_at, closed_at }) => <option key={number} value={number}>{sessionWords(number, opened_at, closed_at)}</option>)}
      </select>
    </label>
  );
}

function sessionWords(number: number, opened?: string, closed?: string): string {
  if (!opened) return t("report.session.ahead", { number });
  const times = closed ? timeSpan(Date.parse(opened), Date.parse(closed)) : t("report.since", { time: dayAndTime(Date.parse(opened)) });
  return t("report.session.of", { number, times });
}
