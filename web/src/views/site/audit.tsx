// The audit log of the site and of all rooms.

import { t } from "../../i18n/index.ts";
import { AuditLog } from "../desk/auditlog.tsx";
import { acts } from "../desk/audittexts.ts";

export const Audit = () => <AuditLog source="/site/audit" acts={acts} text={t("audit.text")} />;
