// The audit log: what was done is there, and nothing was taken out.

import { openHouse } from "./house.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();

scene("an act is in the audit log, and the chain is intact", async (house) => {
  const { page } = await house.siteOwner();
  await house.server.call("PUT", "/site/domains/audited.example", { rule: "block" });
  await page.goto(house.at("/site/audit"));
  await page.getByLabel(t("audit.act"), { exact: true }).selectOption("site.domain_set");
  await page.getByRole("listitem").getByText(t("act.site.domain_set")).first().waitFor();
  await page.getByRole("button", { name: t("audit.check") }).click();
  await page.getByRole("status").getByText(t("audit.intact", { where: t("audit.site"), count: "0" }).split(" 0")[0]).first().waitFor();
});
