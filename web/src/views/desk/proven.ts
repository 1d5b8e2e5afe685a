// Acts that want to know once more who acts.

import { Problem } from "../../api.ts";
import { usePart } from "../../i18n/index.ts";

/** How one can show who one is; none: by signing in again. */
export type Way = "password" | "code";

/** Does it; where the server wants a proof first, asks for it and does it again. Whoever gives none gets the refusal. */
export async function proven<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "reauthenticate") throw error;
    const [{ askForProof }] = await Promise.all([import("./proof.tsx"), usePart("proof")]);
    if (!(await askForProof((error.extra.can ?? []) as Way[]))) throw error;
    return act();
  }
}
