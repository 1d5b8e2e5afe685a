// A modal dialog on <dialog>: first field has focus, Escape closes, focus returns to the opener.

import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { Icon } from "./icons.tsx";

interface Props {
  title: string;
  subtitle?: string;
  close: () => void;
  children: ComponentChildren;
  foot: ComponentChildren;
}

export function Dialog({ title, subtitle, close, children, foot }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const opener = document.activeElement as HTMLElement | null;
    dialog.current?.showModal();
    focusFirstField(dialog.current);
    return () => returnTo(opener);
  }, []);
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
    >
      <div class="dialog-head">
        <div>
          <h2 id={heading} tabIndex={-1}>{title}</h2>
          {subtitle && <p class="small soft clip">{subtitle}</p>}
        </div>
        <button type="button" class="btn btn-quiet btn-icon" aria-label={t("dialog.close")} onClick={close}><Icon name="x" /></button>
      </div>
      {children}
      <div class="dialog-foot">{foot}</div>
    </dialog>
  );
}

function focusFirstField(dialog: HTMLElement | null): void {
  const field = dialog?.querySelector<HTMLElement>(".dialog-body input, .dialog-body textarea, .dialog-body select");
  (field ?? dialog?.querySelector<HTMLElement>("h2"))?.focus();
}

/** The opener, or the page's heading if that is gone. */
function returnTo(opener: HTMLElement | null): void {
  requestAnimationFrame(() => {
    if (opener?.isConnected) opener.focus();
    else document.querySelector<HTMLElement>("h1[tabindex]")?.focus();
  });
}

interface ConfirmProps {
  title: string;
  text: string;
  action: string;
  busy: boolean;
  danger?: boolean;
  error?: string;
  close: () => void;
  run: () => void;
  children?: ComponentChildren;
}

/** For what cannot be undone. */
export function Confirm({ title, text, action, busy, danger = true, error, close, run, children }: ConfirmProps) {
  return (
    <Dialog
      title={title}
      close={close}
      foot={
        <>
          <button type="button" class="btn" onClick={close}>{t("dialog.cancel")}</button>
          <button type="button" class={danger ? "btn btn-danger" : "btn btn-main"} aria-busy={busy} onClick={run}>{action}</button>
        </>
      }
    >
      <div class="dialog-body stack">
        <p>{text}</p>
        {children}
        {error && <p class="error" role="alert"><Icon name="alert" />{error}</p>}
      </div>
    </Dialog>
  );
}
