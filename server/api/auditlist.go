package api

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/sheet"
)

// auditEntry is an entry of the audit log as it is shown. Names are looked up
// when somebody looks: who was erased has none.
type auditEntry struct {
	Room    room.ID       `json:"room"`
	Number  uint64        `json:"number"`
	At      string        `json:"at"`
	Act     string        `json:"act"`
	Who     string        `json:"who,omitempty"`
	Targets []string      `json:"targets"`
	Changes []room.Change `json:"changes"`
	Session string        `json:"session,omitempty"`
	Hash    string        `json:"hash"`
}

type auditPage struct {
	Items []auditEntry      `json:"items"`
	Names map[string]string `json:"names"` // of people and groups among who, targets and changes
	Rooms map[string]string `json:"rooms"` // titles
	Next  string            `json:"next,omitempty"`
	Chain *chainView        `json:"chain,omitempty"`
}

// chainView is what a look at a room's chain has found.
type chainView struct {
	Intact  bool   `json:"intact"`
	Entries uint64 `json:"entries"`
	Head    string `json:"head"`
	Broken  string `json:"broken,omitempty"`
}

const (
	auditShown  = 100
	auditAtOnce = 500 // of an export
)

// getSiteAudit lists the whole audit log, for admins.
func (a *API) getSiteAudit(w http.ResponseWriter, r *http.Request) error {
	if _, err := a.siteAdmin(r); err != nil {
		return err
	}
	return a.listAudit(w, r, room.ID(r.URL.Query().Get("room")))
}

// getRoomAudit lists the acts in one room, for those who may change managers.
func (a *API) getRoomAudit(w http.ResponseWriter, r *http.Request) error {
	who, err := a.ask(r)
	if err != nil {
		return err
	}
	if _, _, err := a.manager(r.Context(), who, roomOf(r), room.ActSetManager); err != nil {
		return err
	}
	return a.listAudit(w, r, roomOf(r))
}

func (a *API) listAudit(w http.ResponseWriter, r *http.Request, id room.ID) error {
	f, err := a.auditFilter(r, id)
	if err != nil {
		return err
	}
	switch format := r.URL.Query().Get("format"); format {
	case "", "json":
		return a.pageAudit(w, r, f)
	case "csv":
		return a.exportAudit(w, r, f, "text/csv; charset=utf-8", csvAudit)
	case "ndjson":
		return a.exportAudit(w, r, f, "application/x-ndjson", ndjsonAudit)
	}
	return invalid("format", "is json, csv or ndjson")
}

func (a *API) auditFilter(r *http.Request, id room.ID) (f store.AuditFilter, err error) {
	q := r.URL.Query()
	f = store.AuditFilter{Room: id, Who: q.Get("who"), Act: q.Get("act"), Limit: auditShown + 1}
	if f.From, err = instantOf("from", q.Get("from")); err != nil {
		return f, err
	}
	if f.To, err = instantOf("to", q.Get("to")); err != nil {
		return f, err
	}
	if after := q.Get("after"); after != "" {
		if f.After = markOf(after); f.After == nil {
			return f, invalid("after", "is the next of a page")
		}
	}
	if text := strings.ToLower(strings.TrimSpace(normal(q.Get("q")))); text != "" {
		f.About, err = a.auditIDs(r.Context(), id, text, strings.TrimSpace(q.Get("q")))
	}
	return f, err
}

func instantOf(field, given string) (time.Time, error) {
	if given == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, given)
	if err != nil {
		return t, invalid(field, "is a time such as 2026-05-04T10:00:00Z")
	}
	return t, nil
}

// markOf reads what nextOf wrote; nil if it is none.
func markOf(text string) *store.AuditMark {
	parts := strings.SplitN(text, ".", 3)
	if len(parts) != 3 {
		return nil
	}
	at, atErr := strconv.ParseInt(parts[0], 36, 64)
	number, numberErr := strconv.ParseUint(parts[1], 36, 63)
	if atErr != nil || numberErr != nil {
		return nil
	}
	return &store.AuditMark{At: time.UnixMilli(at), Room: room.ID(parts[2]), Number: number}
}

func nextOf(e *store.AuditEntry) string {
	return fmt.Sprintf("%s.%s.%s", strconv.FormatInt(e.At.UnixMilli(), 36), strconv.FormatUint(e.Number, 36), e.Room)
}

func (a *API) pageAudit(w http.ResponseWriter, r *http.Request, f store.AuditFilter) error {
	all, err := a.store.Audit(r.Context(), f)
	if err != nil {
		return err
	}
	page := auditPage{Items: []auditEntry{}}
	if len(all) > auditShown {
		all = all[:auditShown]
		page.Next = nextOf(&all[auditShown-1])
	}
	for i := range all {
		page.Items = append(page.Items, viewAudit(&all[i]))
	}
	if page.Names, page.Rooms, err = a.auditNames(r.Context(), all); err != nil {
		return err
	}
	if f.Room != "" && r.URL.Query().Get("verify") == "true" {
		if page.Chain, err = a.chain(r.Context(), f.Room); err != nil {
			return err
		}
	}
	return answer(w, http.StatusOK, page)
}

func (a *API) chain(ctx context.Context, id room.ID) (*chainView, error) {
	report, err := store.VerifyAudit(ctx, a.store, id)
	if err != nil {
		return nil, err
	}
	return &chainView{Intact: report.Broken == "", Entries: report.Entries, Head: fmt.Sprintf("%x", report.Head), Broken: report.Broken}, nil
}

func viewAudit(e *store.AuditEntry) auditEntry {
	told := e.Told()
	v := auditEntry{Room: e.Room, Number: e.Number, At: at(e.At), Act: e.Act, Who: e.Who, Targets: told.Targets, Changes: told.Changes, Hash: fmt.Sprintf("%x", e.Hash)}
	if v.Targets == nil {
		v.Targets = []string{}
	}
	if v.Changes == nil {
		v.Changes = []room.Change{}
	}
	if !e.Session.IsZero() {
		v.Session = fmt.Sprintf("%x", e.Session)
	}
	return v
}

// exportAudit streams everything that fits the filter.
func (a *API) exportAudit(w http.ResponseWriter, r *http.Request, f store.AuditFilter, kind string, write func(http.ResponseWriter, []store.AuditEntry, bool) error) error {
	f.Limit = auditAtOnce
	for first := true; ; first = false {
		all, err := a.store.Audit(r.Context(), f)
		if err != nil && first {
			return err
		}
		if err != nil { // the head is sent: an export that breaks off must look like one
			a.log.Error("an export of the audit log broke off", "error", err)
			panic(http.ErrAbortHandler)
		}
		if first {
			w.Header().Set("Content-Type", kind)
			w.Header().Set("Content-Disposition", `attachment; filename="audit.`+strings.TrimPrefix(r.URL.Query().Get("format"), ".")+`"`)
		}
		if err := write(w, all, first); err != nil || len(all) < auditAtOnce {
			return nil // the peer has hung up, or this was all
		}
		last := &all[len(all)-1]
		f.After = &store.AuditMark{At: last.At, Room: last.Room, Number: last.Number}
	}
}

func ndjsonAudit(w http.ResponseWriter, all []store.AuditEntry, _ bool) error {
	to := json.NewEncoder(w)
	for i := range all {
		if err := to.Encode(viewAudit(&all[i])); err != nil {
			return err
		}
	}
	return nil
}

func csvAudit(w http.ResponseWriter, all []store.AuditEntry, first bool) error {
	to := csv.NewWriter(w)
	if first {
		_ = to.Write([]string{"at", "room", "number", "who", "act", "targets", "changes", "session", "hash"})
	}
	for i := range all {
		v := viewAudit(&all[i])
		var changes []string
		for _, c := range v.Changes {
			changes = append(changes, c.Field+": "+c.Before+" -> "+c.After)
		}
		row := []string{v.At, string(v.Room), strconv.FormatUint(v.Number, 10), v.Who, v.Act, strings.Join(v.Targets, " "), strings.Join(changes, "; "), v.Session, v.Hash}
		for i, cell := range row {
			row[i] = plainCell(cell)
		}
		_ = to.Write(row) // Flush tells
	}
	to.Flush()
	return to.Error()
}

// plainCell keeps a spreadsheet from reading a cell as a formula (SECURITY.md
// T19).
func plainCell(cell string) string {
	if sheet.Computes(cell) || strings.HasPrefix(cell, "\t") || strings.HasPrefix(cell, "\r") {
		return "'" + cell
	}
	return cell
}
