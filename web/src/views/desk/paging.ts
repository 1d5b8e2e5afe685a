// A list that comes page by page, and anew shortly after somebody has typed what it is searched for.

import { useEffect, useState } from "preact/hooks";
import { failureOf } from "./forms.tsx";

const TYPING = 250;

interface Page<Item> {
  items: Item[];
  next?: string;
  total?: number;
}

/** `ask` gives the page behind `after`, for this search and this `kind` of list. */
export function usePages<Item>(ask: (after?: string) => Promise<Page<Item>>, search: string, kind?: string) {
  const [items, setItems] = useState<Item[]>();
  const [total, setTotal] = useState(0);
  const [next, setNext] = useState<string>();
  const [failed, setFailed] = useState("");
  const load = async (after?: string) => {
    try {
      const page = await ask(after);
      setItems((old) => (after && old ? [...old, ...page.items] : page.items));
      setTotal(page.total ?? 0);
      setNext(page.next);
      setFailed("");
    } catch (error) {
      setFailed(failureOf(error));
    }
  };
  useEffect(() => {
    const timer = setTimeout(load, search ? TYPING : 0);
    return () => clearTimeout(timer);
  }, [search, kind]);
  return { items, setItems, total, next, failed, more: () => void load(next), again: () => void load() };
}
