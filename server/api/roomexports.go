package api

import (
	"context"
	"encoding/csv"
	"io"
	"net/http"
	"strings"

	"greenroom/hub/room"
	"greenroom/server/sheet"
)

// roomExportBody asks for a file of what was in a room.
type roomExportBody struct {
	What    string `json:"what"`
	Format  string `json:"format"`
	Session int    `json:"session"` // 0: all
}

// roomExport is one kind of file: the columns of its CSV, and what writes its
// rows one after another.
type roomExport struct {
	columns []string
	rows    func(*API, context.Context, *reported, exportTo) error
}

// roomExports are the files that there are of a room.
var roomExports = map[string]roomExport{
	"attendance": {[]string{"participant", "invitation", "first_name", "last_name", "email", "type", "guest", "erased", "sent_at", "opened_at", "waited_s", "joined_at", "left_at", "here",
		"inside_s", "early_s", "joins", "device_moves", "roles", "spans", "messages", "questions", "votes", "answers", "hands"}, (*API).exportAttendance},
	"chat":         {messageColumns, (*API).exportChat},
	"backchannel":  {messageColumns, (*API).exportBackchannel},
	"questions":    {[]string{"id", "asked_at", "participant", "name", "anonymous", "text", "state", "votes", "published_at", "settled_at", "settled_by", "answer", "live", "reason", "deleted"}, (*API).exportQuestions},
	"interactions": {[]string{"id", "kind", "question", "anonymous", "state", "launched_at", "closed_at", "people", "choice", "n", "correct"}, (*API).exportInteractions},
	"answers":      {[]string{"interaction", "kind", "question", "participant", "name", "answer", "points", "n"}, (*API).exportAnswers},
}

// exportRow is one row of a file: itself as JSON, or as cells.
type exportRow interface {
	cells() [][]string // most often one
}

// exportTo takes rows; its error ends the export.
type exportTo func(exportRow) error

// roomExportHead begins a file in JSON.
type roomExportHead struct {
	Room        reportRoom `json:"room"`
	What        string     `json:"what"`
	Session     int        `json:"session"`
	MadeAt      string     `json:"made_at"`
	ForgottenAt string     `json:"forgotten_at,omitempty"`
}

// postRoomExport gives managers a file. It is written while it is read:
// neither the log nor the people are ever held as a whole. That somebody took
// it is in the audit log.
func (a *API) postRoomExport(w http.ResponseWriter, r *http.Request) error {
	var in roomExportBody
	if err := readBody(w, r, &in, false); err != nil {
		return err
	}
	export, known := roomExports[in.What]
	switch {
	case !known:
		return invalid("what", "is attendance, chat, backchannel, questions, interactions or answers")
	case in.Format != "csv" && in.Format != "json":
		return invalid("format", "is csv or json")
	}
	made, err := a.reportFor(r, in.Session)
	if err != nil {
		return err
	}
	if wait := a.files.take(made.who.person.ID, a.now()); wait > 0 {
		return slowDown(wait) // the whole log is read
	}
	act := made.who.act("report.exported")
	act.Room, act.Changes = made.state.ID, []room.Change{{Field: "export", After: in.What + " " + in.Format}}
	if err := a.store.RecordAudit(r.Context(), act); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Disposition", `attachment; filename="`+in.What+`-`+string(made.state.ID)+`.`+in.Format+`"`)
	h.Set("Cache-Control", "no-store")
	if in.Format == "csv" {
		err = a.writeCSV(w, r.Context(), made, export)
	} else {
		err = a.writeJSON(w, r.Context(), made, export, in.What)
	}
	if err != nil && r.Context().Err() == nil {
		a.log.Error("an export of a room broke off", "room", made.state.ID, "error", err)
	}
	if err != nil {
		panic(http.ErrAbortHandler) // the head is sent: it must not look whole
	}
	return nil
}

// writeCSV writes what spreadsheet programs open as it is meant: UTF-8 with its
// mark, lines that end with CR LF (RFC 4180), and no cell that they would
// compute with.
func (a *API) writeCSV(w http.ResponseWriter, ctx context.Context, made *reported, export roomExport) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	to := csv.NewWriter(w)
	to.UseCRLF = true
	if err := to.Write(export.columns); err != nil {
		return err
	}
	err := export.rows(a, ctx, made, func(row exportRow) error {
		for _, cells := range row.cells() {
			for i, cell := range cells {
				cells[i] = inertCell(cell)
			}
			if err := to.Write(cells); err != nil {
				return err
			}
		}
		return nil
	})
	to.Flush()
	if err == nil {
		err = to.Error()
	}
	return err
}

func (a *API) writeJSON(w http.ResponseWriter, ctx context.Context, made *reported, export roomExport, what string) error {
	w.Header().Set("Content-Type", "application/json")
	to := newPieces(w, roomExportHead{viewReportRoom(made.state), what, made.Session, moment(made.At), moment(made.Forgotten)})
	to.list("items")
	err := export.rows(a, ctx, made, func(row exportRow) error {
		to.item(row)
		return to.err
	})
	if err != nil {
		return err
	}
	return to.end()
}

// inertCell keeps spreadsheet programs from computing with a cell, blanks and
// signs of other widths before it, too (CWE-1236).
func inertCell(cell string) string {
	if sheet.Computes(cell) {
		return "'" + cell
	}
	return plainCell(strings.ReplaceAll(cell, "\r\n", "\n")) // the writer makes CR LF of each
}

// seconds rounds down.
func seconds(ms int64) int64 { return ms / 1000 }
