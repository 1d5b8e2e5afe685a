package api

import (
	"net/http"
	"time"

	"greenroom/hub/room"
	"greenroom/server/calendar"
)

// getCalendar gives the room as an iCalendar file (RFC 5545) to its managers
// and to sessions that opened an invitation. It never holds a secret.
func (a *API) getCalendar(w http.ResponseWriter, r *http.Request) error {
	_, _, state, err := a.comeIn(r)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/calendar; charset=utf-8; method=PUBLISH")
	h.Set("Content-Disposition", `attachment; filename="`+string(state.ID)+`.ics"`)
	h.Set("Cache-Control", "no-store")
	_, err = w.Write(a.calendarOf(state).Publish())
	return err
}

// calendarOf is the room as one event. Its sequence is the room's place in the
// log, so a file fetched later replaces the earlier one.
func (a *API) calendarOf(s *room.State) calendar.Event {
	return calendar.Event{UID: string(s.ID) + "@" + a.public.Hostname(), Sequence: uint64(s.Head), Stamp: timeOf(s.LastAt),
		Starts: timeOf(s.StartsAt), Ends: timeOf(s.EndsAt), Title: s.Title, Description: s.Description, Page: a.link("/r/"+string(s.ID), "")}
}

func timeOf(at room.Millis) time.Time {
	if at == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(at)).UTC()
}
