// Notices over the content: they leave by themselves unless somebody points at them or has focus inside.

import { useEffect, useRef } from "preact/hooks";
import { seconds } from "../browser.ts";
import { t } from "../i18n/index.ts";
import type { Notice } from "../notices.ts";
import { dismiss, notices } from "../notices.ts";
import { Icon } from "./icons.tsx";

export function NoticeList({ over = false }: { over?: boolean }) {
  if (notices.value.length === 0) return null;
  return (
    <div class={over ? "notices over" : "notices"} data-zone="notice">
      {notices.value.map((notice) => <NoticeCard key={notice.id} notice={notice} />)}
    </div>
  );
}

function NoticeCard({ notice }: { notice: Notice }) {
  const card = useRef<HTMLDivElement>(null);
  const left = useRef(notice.stays ?? Number.POSITIVE_INFINITY);
  const tick = seconds.value;
  useEffect(() => {
    if (card.current?.matches(":hover, :focus-within")) return;
    if (--left.current < 0) dismiss(notice.id);
  }, [tick]);
  return (
    <div ref={card} class="notice" data-kind={notice.kind} role="group" aria-label={notice.title}>
      <Icon name={notice.icon} />
      <div>
        <p><b>{notice.title}</b></p>
        {notice.text && <p class="small">{notice.text}</p>}
        {notice.actions && <Actions notice={notice} />}
      </div>
      <button type="button" class="btn btn-quiet btn-icon btn-small" aria-label={t("notice.close")} onClick={() => dismiss(notice.id)}><Icon name="x" /></button>
    </div>
  );
}

function Actions({ notice }: { notice: Notice }) {
  return (
    <p class="line">
      {notice.actions?.map(({ label, run }) => (
        <button
          key={label}
          type="button"
          class="btn btn-small"
          onClick={() => {
            dismiss(notice.id);
            run();
          }}
        >{label}</button>
      ))}
    </p>
  );
}
