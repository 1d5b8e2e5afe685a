// The summary of a session: figures, people over time, activity, how interactions went.

import { number, when } from "../../i18n/format.ts";
import { t } from "../../i18n/index.ts";
import { Icon } from "../icons.tsx";
import { Empty } from "../shapes.tsx";
import { Plot } from "./plot.tsx";
import type { Asked, Report } from "./reportcalls.ts";
import { lasted } from "./reportwords.ts";

const activities = ["messages", "questions", "answers", "hands", "reactions"] as const;

export function Summary({ report }: { report: Report }) {
  const { curve } = report;
  return (
    <>
      <Figures report={report} />
      <section class="card stack" aria-labelledby="report-plots">
        <h2 class="card-title" id="report-plots">{t("report.plots")}</h2>
        {curve.from ? <Plots report={report} from={Date.parse(curve.from)} /> : <Empty icon="people" title={t("report.nobody")} />}
      </section>
      {report.interactions.length > 0 && (
        <section class="card stack" aria-labelledby="report-asked">
          <h2 class="card-title" id="report-asked">{t("report.asked")}</h2>
          {report.interactions.map((one) => <Answers key={one.id} one={one} />)}
        </section>
      )}
    </>
  );
}

function Figures({ report: { people, totals, made_at } }: { report: Report }) {
  const figures: [string, string, string?][] = [
    [t("report.came"), t("report.came.of", { came: number(people.came), invited: number(people.invited) })],
    [t("report.peak"), number(people.peak), people.peak_at && when(Date.parse(people.peak_at), Date.parse(made_at))],
    [t("report.inside"), lasted(people.inside_ms)],
    [t("report.waited"), lasted(people.waited_ms)],
    [t("report.messages"), number(totals.messages), totals.deleted > 0 ? t("report.deleted", { count: number(totals.deleted) }) : undefined],
    [t("report.questions"), number(totals.questions), t("report.answered", { count: number(totals.questions_answered) })],
    [t("report.answers"), number(totals.answers)],
    [t("report.hands"), number(totals.hands)],
    [t("report.reactions"), number(totals.reactions)],
  ];
  return (
    <dl class="figures">
      {figures.map(([name, value, more]) => <div key={name} class="card"><dt class="small soft">{name}</dt><dd><b class="num">{value}</b>{more && <span class="small soft">{more}</span>}</dd></div>)}
    </dl>
  );
}

function Plots({ report: { curve }, from }: { report: Report; from: number }) {
  const shown = activities.filter((name) => curve[name].some(Boolean));
  return (
    <>
      <Plot id="plot-people" title={t("report.people")} from={from} step={curve.step_ms} kind="line" series={[{ name: t("report.people.inside"), values: curve.inside }, { name: t("report.people.waiting"), values: curve.waiting }]} />
      {shown.map((name) => <Plot key={name} id={`plot-${name}`} title={t(`report.${name}`)} from={from} step={curve.step_ms} kind="bars" series={[{ name: t(`report.${name}`), values: curve[name] }]} />)}
    </>
  );
}

function Answers({ one }: { one: Asked }) {
  const all = Math.max(1, one.kind === "multi" || one.kind === "wordcloud" ? one.people : one.choices.reduce((sum, { n }) => sum + n, 0));
  return (
    <section class="stack-s" aria-label={one.question}>
      <h3>{one.question}</h3>
      <p class="small soft">{t("report.people.answered", { count: number(one.people) })}{one.anonymous && ` · ${t("report.anonymous")}`}{one.state !== "closed" && ` · ${t("report.running")}`}</p>
      {one.choices.length === 0
        ? <p class="small soft">{t(one.state !== "closed" && one.anonymous ? "report.later" : "report.texts")}</p>
        : (
          <ul class="bars">
            {one.choices.map(({ text, n, correct }) => (
              <li key={text}>
                <span>{correct && <><Icon name="check" /><span class="sr">{t("report.correct")} </span></>}{text}</span>
                <b>{number(n)}</b>
                <svg aria-hidden="true" class="meter"><rect width={`${Math.round((100 * Math.min(n, all)) / all)}%`} height="100%" /></svg>
              </li>
            ))}
          </ul>
        )}
    </section>
  );
}
