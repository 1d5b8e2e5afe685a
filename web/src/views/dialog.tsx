// A modal dialog on <dialog>: first field has focus, Escape closes, focus returns to the opener.

import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
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
  useLayoutEffect(() => { // before anything else happens: a dialog may follow on another at once
    const opener = openerNow();
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

/** What the dialog that has just gone was opened from: the next one inherits it. */
let owed: HTMLElement | null = null;

function openerNow(): HTMLElement | null {
  const opener = owed ?? (document.activeElement as HTMLElement | null);
  owed = null;
  return opener;
}

/** The opener, or the page's heading if that is gone; unless another dialog has come by then. */
function returnTo(opener: HTMLElement | null): void {
  owed = opener;
  requestAnimationFrame(() => {
    if (owed !== opener) return;
    owed = null;
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
