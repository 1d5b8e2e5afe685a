// A QR code as the server has drawn it: shown as SVG, saved as a picture. Its address never holds the secret.

import { t } from "../../i18n/index.ts";
import { Icon } from "../icons.tsx";
import type { QrPath } from "./calls.ts";
import { save } from "./save.ts";

const QUIET = 4; // light modules around it
const PIXELS = 8; // of a module in the picture

export function QrCode({ code, name }: { code: QrPath; name: string }) {
  const edge = code.size + 2 * QUIET;
  return (
    <div class="stack-s qr-box">
      <svg class="qr" viewBox={`${-QUIET} ${-QUIET} ${edge} ${edge}`} shape-rendering="crispEdges" role="img" aria-label={t("invite.qr", { name })}><path d={code.path} /></svg>
      <button type="button" class="btn btn-small" onClick={() => void savePicture(code, name)}><Icon name="down" />{t("invite.qr.save")}</button>
    </div>
  );
}

async function savePicture(code: QrPath, name: string): Promise<void> {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = (code.size + 2 * QUIET) * PIXELS;
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.setTransform(PIXELS, 0, 0, PIXELS, QUIET * PIXELS, QUIET * PIXELS);
  pen.fillStyle = "#000";
  pen.fill(new Path2D(code.path));
  const picture = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (picture) save(picture, `${name.replace(/[^\p{L}\p{N}]+/gu, "-")}.png`);
}
