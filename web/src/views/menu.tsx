// The button of a menu. The menu itself is a part of its own: it is fetched when somebody comes near the button.

import type { ComponentChildren } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import type { IconName } from "./icons.tsx";
import { Icon } from "./icons.tsx";
import { lazy } from "./lazy.tsx";
import type { MenuProps } from "./openmenu.tsx";

const Menu = lazy<MenuProps>(async () => (await import("./openmenu.tsx")).Menu);

export interface MenuItem {
  label: string;
  icon: IconName;
  hint?: string;
  danger?: boolean;
  /** Why it cannot be chosen now; it stays in the menu and says so. */
  refused?: string;
  /** Makes it a radio. */
  checked?: boolean;
  run(): void;
}

export interface MenuGroup {
  label?: string;
  items: MenuItem[];
}

interface Props {
  label: string;
  groups: () => MenuGroup[];
  class?: string;
  children?: ComponentChildren;
}

export function MenuButton({ label, groups, class: style = "btn btn-quiet btn-icon", children }: Props) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const close = (refocus: boolean) => {
    setOpen(false);
    if (refocus) button.current?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        class={style}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-label={children ? undefined : label}
        onPointerEnter={Menu.preload}
        onFocus={Menu.preload}
        onClick={() => setOpen(!open)}
      >{children ?? <Icon name="more" />}</button>
      {open && <Menu id={id} label={label} groups={groups()} anchor={button.current} close={close} />}
    </>
  );
}
