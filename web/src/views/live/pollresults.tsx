// Results as charts: bars and clouds are for eyes; a table says the same to screen readers.

import { number } from "../../i18n/format.ts";
import { t } from "../../i18n/index.ts";
import type { Interaction, MyAnswer, Outcome, Tally, WordCount } from "../../protocol.ts";
import { Icon } from "../icons.tsx";
import { nameOf } from "./pollwords.ts";

interface Props {
  item: Interaction;
  numbers: Outcome | Tally;
  mine?: MyAnswer;
}

export function Results({ item, numbers, mine }: Props) {
  if (item.kind === "open") return null;
  if (item.kind === "wordcloud") return numbers.words?.length ? <Cloud words={numbers.words} /> : <Few item={item} />;
  if (!numbers.counts) return <Few item={item} />;
  return <Bars item={item} counts={numbers.counts} answers={numbers.answers} mine={mine} correct={"correct" in numbers ? numbers.correct : undefined} />;
}

/** Of anonymous answers nothing is told while they are few. */
const Few = ({ item }: { item: Interaction }) => <p class="small soft">{t(item.state === "closed" ? "polls.nothing" : "polls.few")}</p>;

interface BarsProps {
  item: Interaction;
  counts: number[];
  answers: number;
  mine?: MyAnswer;
  correct?: number;
}

function Bars({ item, counts, mine, answers, correct }: BarsProps) {
  const of = Math.max(1, item.kind === "multi" ? answers : counts.reduce((sum, n) => sum + n, 0));
  const rows = counts.map((n, choice) => ({ n, choice, name: nameOf(item, choice), share: Math.round((100 * Math.min(n, of)) / of) }));
  return (
    <>
      {item.kind === "rating" && <p><b class="num">{t("polls.mean", { mean: number(mean(counts)), most: counts.length })}</b></p>}
      <ul class="bars" aria-hidden="true">
        {rows.map(({ n, choice, name, share }) => (
          <li key={choice}>
            <span>{choice === correct && <Icon name="check" />}{name}{mine?.choices?.includes(choice) && <span class="soft small"> {t("polls.yours")}</span>}</span>
            <b>{share}% <span class="soft small">({number(n)})</span></b>
            <svg aria-hidden="true" class={correct !== undefined && choice !== correct ? "meter meter-rest" : "meter"}><rect width={`${share}%`} height="100%" /></svg>
          </li>
        ))}
      </ul>
      <table class="sr">
        <caption>{t("polls.results", { question: item.question })}</caption>
        <tbody>
          {rows.map(({ n, choice, name, share }) => <tr key={choice}><th scope="row">{name}{choice === correct && ` ${t("polls.correct")}`}</th><td>{share}%</td><td>{number(n)}</td></tr>)}
        </tbody>
      </table>
    </>
  );
}

/** The mean of a rating, to one place. */
function mean(counts: number[]): number {
  const all = counts.reduce((sum, n) => sum + n, 0);
  const points = counts.reduce((sum, n, choice) => sum + n * (choice + 1), 0);
  return all === 0 ? 0 : Math.round((10 * points) / all) / 10;
}

const SIZES = 5;
const MIDDLE = 3;

/** The words by alphabet, so that they stay where they are while they grow; the table has them by number. */
function Cloud({ words }: { words: WordCount[] }) {
  const most = Math.max(...words.map(({ n }) => n));
  const size = (n: number) => (most === 1 ? MIDDLE : Math.ceil((SIZES * n) / most));
  const placed = [...words].sort((a, b) => a.text.localeCompare(b.text));
  return (
    <>
      <p class="cloud" aria-hidden="true">{placed.map(({ text, n }) => <span key={text} data-size={size(n)}>{text}</span>)}</p>
      <table class="sr">
        <caption>{t("polls.words")}</caption>
        <tbody>{words.map(({ text, n }) => <tr key={text}><th scope="row">{text}</th><td>{number(n)}</td></tr>)}</tbody>
      </table>
    </>
  );
}
