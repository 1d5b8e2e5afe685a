package api

import (
	"greenroom/hub/store"
)

// act makes the audit row of an act beside the rooms' logs, for the
// store's method that does it.
func (who asker) act(act string, targets ...string) store.AuditRow {
	row := store.AuditRow{Room: store.AuditSite, Act: act, Targets: targets, Session: who.bound}
	if who.person != nil {
		row.Who = string(who.person.ID)
	}
	return row
}
