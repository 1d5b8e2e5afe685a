// You: name and role, and behind them a sheet with what that allows and how the page looks and speaks.

import { useComputed } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n/index.ts";
import type { RoomSession } from "../session.ts";
import { Icon } from "./icons.tsx";
import { lazy } from "./lazy.tsx";
import { Badge } from "./roles.tsx";

interface Props {
  session: RoomSession;
  help: () => void;
  leave: () => void;
}

export interface SheetProps extends Props {
  anchor: HTMLElement | null;
  close: () => void;
}

const Sheet = lazy<SheetProps>(async () => (await import("./live/yousheet.tsx")).YouSheet);

export function You({ session, help, leave }: Props) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const you = useComputed(() => session.state.value.you).value;
  useEffect(() => Sheet.preload(), []);
  if (!you) return null;
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <>
      <button ref={button} type="button" class="btn btn-quiet" aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span class="wide-only clip you-name" dir="auto">{you.name}</span>
        <Badge role={you.role} right={you.right} />
        <Icon name="down" />
        <span class="sr">{t("you.button")}</span>
      </button>
      {open && <Sheet session={session} anchor={button.current} close={close} help={help} leave={leave} />}
    </>
  );
}
