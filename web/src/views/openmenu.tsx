// A menu in the top layer: arrows, Home, End, letters, Escape; on a phone it is a bottom sheet.

import "./second.ts";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "./icons.tsx";
import type { MenuGroup, MenuItem } from "./menu.tsx";

export interface MenuProps {
  id: string;
  label: string;
  groups: MenuGroup[];
  anchor: HTMLElement | null;
  close: (refocus: boolean) => void;
}

export function Menu({ id, label, groups, anchor, close }: MenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = menu.current;
    if (!element || !anchor) return;
    element.showPopover();
    placeBeside(element, anchor);
    focusItem(element, element.querySelector("[aria-checked=true]") ? itemsOf(element).findIndex(isChecked) : 0);
    const shut = (event: PointerEvent) => {
      if (!element.contains(event.target as Node) && !anchor.contains(event.target as Node)) close(false);
    };
    document.addEventListener("pointerdown", shut);
    return () => document.removeEventListener("pointerdown", shut);
  }, []);
  const choose = (item: MenuItem) => {
    if (item.refused) return;
    close(true);
    item.run();
  };
  return (
    <div ref={menu} id={id} class="menu" role="menu" aria-label={label} popover="manual" onKeyDown={(event) => steer(event, close)}>
      {groups.map((group, i) => (
        <div key={group.label ?? i} role="group" aria-label={group.label}>
          {i > 0 && <hr aria-hidden="true" />}
          {group.label && <div class="menu-label" aria-hidden="true">{group.label}</div>}
          {group.items.map((item) => <Item key={item.label} item={item} choose={choose} />)}
        </div>
      ))}
    </div>
  );
}

function Item({ item, choose }: { item: MenuItem; choose: (item: MenuItem) => void }) {
  const hint = item.refused ?? item.hint;
  const radio = item.checked !== undefined;
  return (
    <button
      type="button"
      class="menu-item"
      role={radio ? "menuitemradio" : "menuitem"}
      aria-checked={radio ? item.checked : undefined}
      aria-disabled={item.refused ? "true" : undefined}
      data-danger={item.danger || undefined}
      tabIndex={-1}
      onClick={() => choose(item)}
    >
      <Icon name={item.icon} />
      <span>{item.label}{hint && <small>{hint}</small>}</span>
      {item.checked && <Icon name="check" />}
    </button>
  );
}

const itemsOf = (menu: HTMLElement) => [...menu.querySelectorAll<HTMLElement>(".menu-item")];
const isChecked = (item: HTMLElement) => item.getAttribute("aria-checked") === "true";

function focusItem(menu: HTMLElement, index: number): void {
  const items = itemsOf(menu);
  items.at(index % items.length)?.focus();
}

function steer(event: KeyboardEvent, close: (refocus: boolean) => void): void {
  const menu = event.currentTarget as HTMLElement;
  const items = itemsOf(menu);
  const at = items.indexOf(document.activeElement as HTMLElement);
  const moves: Record<string, () => void> = {
    ArrowDown: () => focusItem(menu, at + 1),
    ArrowUp: () => focusItem(menu, at - 1),
    Home: () => focusItem(menu, 0),
    End: () => focusItem(menu, -1),
    Escape: () => close(true),
    Tab: () => close(true),
  };
  const move = moves[event.key] ?? letter(event.key, items, at);
  if (!move) return;
  event.preventDefault();
  event.stopPropagation();
  move();
}

/** A letter goes to the next item that begins with it. */
function letter(key: string, items: HTMLElement[], at: number): (() => void) | undefined {
  if (key.length !== 1 || key === " ") return undefined;
  const order = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  const found = order.find((item) => item.textContent?.trim().toLowerCase().startsWith(key.toLowerCase()));
  return found && (() => found.focus());
}

const GAP = 4;
const EDGE = 8;

/** Below the button, or above where there is more room; its end at the button's end. Bottom sheets ignore it. */
export function placeBeside(element: HTMLElement, anchor: HTMLElement): void {
  const button = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = element;
  const below = innerHeight - button.bottom - GAP - EDGE;
  const top = height <= below || below > button.top ? button.bottom + GAP : button.top - GAP - height;
  const rtl = getComputedStyle(element).direction === "rtl";
  const left = rtl ? button.left : button.right - width;
  element.style.top = `${Math.max(EDGE, Math.min(top, innerHeight - height - EDGE))}px`;
  element.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - width - EDGE))}px`;
}
