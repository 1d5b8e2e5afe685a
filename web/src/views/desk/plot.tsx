// Plots over time: a line for how many were there, bars for how much happened. The table below each says the same.

import type { ComponentChildren } from "preact";
import { number, shortDayAndTime, time, sameDay } from "../../i18n/format.ts";
import { t } from "../../i18n/index.ts";

const WIDE = 1000;
const HIGH = 200;
const MARKS = 3;
const GAP = 0.2; // between bars, of a step

export interface Series {
  name: string;
  values: number[];
}

interface Props {
  id: string;
  title: string;
  from: number;
  step: number;
  series: Series[];
  kind: "line" | "bars";
}

export function Plot({ id, title, from, step, series, kind }: Props) {
  const most = Math.max(1, ...series.flatMap(({ values }) => values));
  const count = series[0]?.values.length ?? 0;
  const said = series.map(({ name, values }) => t("report.plot.most", { name, most: number(Math.max(0, ...values)) })).join(", ");
  return (
    <figure class="plot" aria-labelledby={id}>
      <figcaption class="line"><b id={id}>{title}</b>{series.length > 1 && series.map(({ name }, i) => <Key key={name} name={name} rest={i > 0} />)}</figcaption>
      <div class="plot-field">
        <p class="plot-y num" aria-hidden="true"><span>{number(most)}</span><span>0</span></p>
        <svg viewBox={`0 0 ${WIDE} ${HIGH}`} preserveAspectRatio="none" role="img" aria-label={`${title}: ${said}`}>
          {[0, HIGH / 2, HIGH].map((y) => <line key={y} class="plot-grid" x1="0" x2={WIDE} y1={y} y2={y} />)}
          {series.map(({ name, values }, i) => (kind === "line"
            ? <Line key={name} values={values} most={most} rest={i > 0} />
            : values.map((n, at) => n > 0 && <rect key={at} class="plot-bar" x={(WIDE * (at + GAP / 2)) / count} y={HIGH - (HIGH * n) / most} width={((1 - GAP) * WIDE) / count} height={(HIGH * n) / most} />)))}
        </svg>
        <Times from={from} step={step} count={count} />
      </div>
      <Numbers title={title} from={from} step={step} series={series} />
    </figure>
  );
}

const Key = ({ name, rest }: { name: string; rest: boolean }) => (
  <span class="small soft plot-key"><svg viewBox="0 0 24 8" width="24" height="8" aria-hidden="true"><line class={rest ? "plot-line plot-rest" : "plot-line"} x1="0" x2="24" y1="4" y2="4" /></svg>{name}</span>
);

/** Steps, because a number holds for the whole of its time. */
function Line({ values, most, rest }: { values: number[]; most: number; rest: boolean }) {
  const y = (n: number) => HIGH - (HIGH * n) / most;
  const path = values.map((n, at) => `${at ? "V" : "M0 "}${y(n)} H${(WIDE * (at + 1)) / values.length}`).join(" ");
  return (
    <>
      {!rest && <path class="plot-area" d={`${path} V${HIGH} H0 Z`} />}
      <path class={rest ? "plot-line plot-rest" : "plot-line"} d={path} />
    </>
  );
}

function Times({ from, step, count }: { from: number; step: number; count: number }) {
  const moment = (at: number) => (sameDay(from, from + count * step) ? time(at) : shortDayAndTime(at));
  const marks = new Set(Array.from({ length: MARKS }, (_, i) => moment(from + (i * count * step) / (MARKS - 1))));
  return <p class="plot-x num" aria-hidden="true">{[...marks].map((mark) => <span key={mark}>{mark}</span>)}</p>;
}

function Numbers({ title, from, step, series }: { title: string; from: number; step: number; series: Series[] }) {
  const rows = (series[0]?.values ?? []).map((_, at) => at).filter((at) => series.some(({ values }) => values[at]));
  return (
    <Fold label={t("report.plot.table")}>
      <div class="plot-table" tabIndex={0} role="region" aria-label={title}>
        <table>
          <thead><tr><th scope="col">{t("report.plot.when")}</th>{series.map(({ name }) => <th key={name} scope="col">{name}</th>)}</tr></thead>
          <tbody>{rows.map((at) => <tr key={at}><th scope="row">{shortDayAndTime(from + at * step)}</th>{series.map(({ name, values }) => <td key={name}>{number(values[at] ?? 0)}</td>)}</tr>)}</tbody>
        </table>
      </div>
    </Fold>
  );
}

const Fold = ({ label, children }: { label: string; children: ComponentChildren }) => <details class="small"><summary>{label}</summary>{children}</details>;
