package api

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"greenroom/hub"
	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/mailaddr"
	"greenroom/server/sheet"
)

const (
	maxSheet     = 10 << 20 // bytes of a list of people
	maxSheetRows = 5000     // people of it
	sheetsAtOnce = 4        // lists that are in work on this instance
)

var (
	errNotCSV    = refuse(room.CodeBadRequest, "A list is wanted, with the content type text/csv.")
	errLongSheet = refuse(room.CodeTooLong, "This is more than 10 MB.")
	errManyRows  = refuse(room.CodeTooLong, "These are more than 5,000 people. Make several lists of it.")
	errSheets    = &room.Refusal{Code: room.CodeBusy, Message: "Many lists are in work. Try again in a moment.", Retry: 2e9}
)

// batchRow is what came of one row, or in a dry run would come of it.
type batchRow struct {
	Line      int               `json:"line"`
	OK        bool              `json:"ok,omitempty"`
	Error     *rowError         `json:"error,omitempty"`
	Email     string            `json:"email"` // as read, cut where far too long
	Domain    *domainNames      `json:"domain,omitempty"`
	Warnings  []string          `json:"warnings,omitempty"` // of the room's domains and of those above on the list
	FirstName string            `json:"first_name"`
	LastName  string            `json:"last_name"`
	Type      string            `json:"type"`
	Language  string            `json:"language,omitempty"` // as read
	Zone      string            `json:"zone,omitempty"`
	ID        room.InvitationID `json:"id,omitempty"`
	URL       string            `json:"url,omitempty"` // shown once
	ExpiresAt string            `json:"expires_at,omitempty"`
	Existing  bool              `json:"existing,omitempty"`
	Was       string            `json:"was,omitempty"` // the type of an existing one until now
	Sent      *bool             `json:"sent,omitempty"`
}

// rowError is why a row is left out: a problem without its frame.
type rowError struct {
	Code   room.Code         `json:"code"`
	Detail string            `json:"detail"`
	Fields map[string]string `json:"fields,omitempty"`
}

type batchAnswer struct {
	Items []batchRow `json:"items"`
}

// batchTerms are the same for all rows.
type batchTerms struct {
	dryRun    bool
	sendEmail bool
	kind      string // the type of rows that name none
	expiresAt room.Millis
	devices   *int
	reads     reader // of who names no language
}

// invitee is a row on its way to an invitation.
type invitee struct {
	row     batchRow
	address mailaddr.Address
	command room.Invite
	link    freshLink
	reads   reader
}

// postBatch invites everybody on a list. Rows that cannot be are told and left
// out; the others do not wait for them. The same list again changes nothing.
func (a *API) postBatch(w http.ResponseWriter, r *http.Request) error {
	who, err := a.ask(r)
	if err != nil {
		return err
	}
	by, state, err := a.manager(r.Context(), who, roomOf(r), room.ActManageInvitation)
	if err != nil {
		return err
	}
	select {
	case a.sheets <- struct{}{}:
		defer func() { <-a.sheets }()
	default:
		return errSheets
	}
	rows, err := readSheet(w, r)
	if err != nil {
		return err
	}
	terms, err := a.batchTerms(r)
	if err != nil {
		return err
	}
	invitees, err := a.inviteeList(rows, terms, state)
	if err != nil {
		return err
	}
	if terms.dryRun {
		err = a.weighInvitees(r, by, invitees)
	} else {
		err = a.inviteAll(r, by, invitees, terms)
	}
	if err != nil {
		return err
	}
	told := batchAnswer{Items: make([]batchRow, len(invitees))}
	for i, g := range invitees {
		told.Items[i] = g.row
	}
	return answer(w, http.StatusOK, told)
}

// readSheet reads the body. Like JSON, its content type is none that a form
// can send.
func readSheet(w http.ResponseWriter, r *http.Request) ([]sheet.Row, error) {
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "text/csv" {
		return nil, errNotCSV
	}
	if charset := strings.ToLower(parameters["charset"]); charset != "" && charset != "utf-8" && charset != "utf-16" {
		return nil, invalid("csv", sheet.ErrEncoding.Error())
	}
	file, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxSheet))
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		return nil, errLongSheet
	case err != nil:
		return nil, errBrokenOff
	}
	rows, err := sheet.Read(file, maxSheetRows+1) // and the columns' names
	switch {
	case errors.Is(err, sheet.ErrTooMany):
		return nil, errManyRows
	case err != nil:
		return nil, invalid("csv", err.Error())
	}
	return rows, nil
}

func (a *API) batchTerms(r *http.Request) (t batchTerms, err error) {
	q := r.URL.Query()
	if t.reads, err = readerOf(readerBody{}, r); err != nil {
		return t, err
	}
	if t.dryRun, err = flag(q.Get("dry_run"), "dry_run"); err != nil {
		return t, err
	}
	if t.sendEmail, err = flag(q.Get("send_email"), "send_email"); err != nil {
		return t, err
	}
	if t.sendEmail && a.mailer == nil {
		return t, invalid("send_email", "needs mail, which is not set up on this site")
	}
	if t.kind = q.Get("type"); t.kind != "" && !room.ParseRole(t.kind).Invitable() {
		return t, invalid("type", "is viewer, speaker or moderator")
	}
	if given := q.Get("expires_at"); given != "" {
		var at instant
		_ = at.UnmarshalJSON([]byte(strconv.Quote(given))) // never fails
		if err := at.check("expires_at"); err != nil {
			return t, err
		}
		t.expiresAt = at.at
	}
	if given := q.Get("devices"); given != "" {
		devices, err := strconv.Atoi(given)
		if err != nil || devices < 0 || devices > room.MaxDevices {
			return t, invalid("devices", "is between 1 and 100")
		}
		t.devices = &devices
	}
	return t, nil
}

// flag reads a yes or no of an address; left out is no.
func flag(text, field string) (bool, error) {
	switch text {
	case "":
		return false, nil
	case "true", "1":
		return true, nil
	case "false", "0":
		return false, nil
	}
	return false, invalid(field, "is true or false")
}

// inviteeList reads rows as invitees. Those that cannot be have their error.
func (a *API) inviteeList(rows []sheet.Row, t batchTerms, s *room.State) ([]*invitee, error) {
	columns, rows, err := columnsOf(rows, t.kind != "")
	if err != nil {
		return nil, err
	}
	if len(rows) > maxSheetRows {
		return nil, errManyRows
	}
	lines, near := map[string]int{}, neighboursOf(s) // lines by address
	invitees := make([]*invitee, len(rows))
	for i, row := range rows {
		invitees[i] = a.invitee(row, columns, t, s.ID)
		g := invitees[i]
		if g.address.Canonical == "" {
			continue
		}
		if first, twice := lines[g.address.Canonical]; twice {
			g.fail("email", "is on line "+strconv.Itoa(first)+" already")
			g.row.Error.Code = room.CodeConflict
			continue
		}
		lines[g.address.Canonical] = row.Line
		domain := g.address.Domain()
		g.row.Domain, g.row.Warnings = namesOf(domain), near.warnings(domain)
		near.add(domain)
		if p, known := s.InvitedAs(g.command.Match); known {
			g.row.Existing, g.row.ID, g.row.Was, g.row.ExpiresAt = true, p.Invitation, p.Role.Shown(), moment(p.ExpiresAt)
		}
	}
	return invitees, nil
}

// invitee reads one row and tells everything that is wrong with it.
func (a *API) invitee(row sheet.Row, at columns, t batchTerms, id room.ID) *invitee {
	g := &invitee{row: batchRow{Line: row.Line, Email: short(at.cell(row, "email")), FirstName: cellName(at.cell(row, "first_name")),
		LastName: cellName(at.cell(row, "last_name")), Type: strings.ToLower(short(at.cell(row, "type")))}, link: newLink()}
	if g.row.Type == "" {
		g.row.Type = t.kind
	}
	if more := at.surplus(row); more {
		g.fail("row", "has more cells than there are columns")
	}
	address, err := mailaddr.Parse(at.cell(row, "email"))
	if err != nil {
		g.fail("email", err.Error())
	}
	g.address = address
	for field, name := range map[string]string{"first_name": g.row.FirstName, "last_name": g.row.LastName} {
		switch {
		case name == "":
			g.fail(field, "is required")
		case sheet.Computes(name):
			g.fail(field, "begins like a formula")
		}
	}
	g.row.Language, g.row.Zone = short(at.cell(row, "language")), short(at.cell(row, "zone"))
	g.readsAs(readerBody{g.row.Language, g.row.Zone}, t)
	role := room.ParseRole(g.row.Type)
	if !role.Invitable() {
		g.fail("type", "is viewer, speaker or moderator")
	}
	g.command = room.Invite{Invitation: room.InvitationID(newShortID()), Participant: room.ParticipantID(newShortID()),
		FirstName: g.row.FirstName, LastName: g.row.LastName, Type: role, Match: mailaddr.Match(a.pepper, id, address.Canonical), Domain: address.Domain(),
		ExpiresAt: t.expiresAt, Devices: t.devices}
	return g
}

// readsAs notes how the person is written to.
func (g *invitee) readsAs(in readerBody, t batchTerms) {
	var err error
	if g.reads.language, err = checkLanguage("language", in.Language); err != nil {
		g.fail("language", "is not a language, as in en or de-AT")
	}
	if g.reads.zone, err = checkZone("zone", in.Zone); err != nil {
		g.fail("zone", "is not a time zone, as in Europe/Berlin")
	}
	if in.Language == "" {
		g.reads.language = t.reads.language
	}
}

// fail adds what is wrong with a field.
func (g *invitee) fail(field, message string) {
	if g.row.Error == nil {
		g.row.Error = &rowError{Code: room.CodeInvalid, Detail: "Some values do not fit.", Fields: map[string]string{}}
	}
	g.row.Error.Fields[field] = message
}

// judged notes what the rules say.
func (g *invitee) judged(err error) {
	if err == nil {
		g.row.OK = true
		return
	}
	no, _ := refusalOf(err)
	if no == nil {
		no = refuse(room.CodeUnavailable, "This row was not reached. Send the list again.")
	}
	g.row.Error = &rowError{no.Code, no.Message, no.Fields}
}

const shortEnough = 300

// cellName is a name of the list as it would be kept: nothing invisible hides how
// it begins, or turns the preview around.
func cellName(cell string) string { return room.Line(short(normal(cell))) }

// short cuts what is too long for any of our fields in any case.
func short(text string) string {
	for i := range text {
		if i > shortEnough {
			return text[:i]
		}
	}
	return text
}

// sound are the invitees that nothing is wrong with so far.
func sound(invitees []*invitee) (all []*invitee) {
	for _, g := range invitees {
		if g.row.Error == nil {
			all = append(all, g)
		}
	}
	return all
}

// weighInvitees asks the rules what they would say, and does nothing.
func (a *API) weighInvitees(r *http.Request, by room.Actor, invitees []*invitee) error {
	invitees = sound(invitees)
	commands := make([]room.Command, len(invitees))
	for i, g := range invitees {
		commands[i] = g.command
	}
	refusals, err := a.hub.Weigh(r.Context(), roomOf(r), by, commands)
	if err != nil {
		return err
	}
	for i, g := range invitees {
		g.judged(refusals[i])
	}
	return nil
}

// inviteAll makes the invitations, in few commits.
func (a *API) inviteAll(r *http.Request, by room.Actor, invitees []*invitee, t batchTerms) error {
	id := roomOf(r)
	invitees = sound(invitees)
	asks := make([]hub.Ask, len(invitees))
	for i, g := range invitees {
		asks[i] = hub.Ask{Command: g.command, Rows: func(events []room.Event) []store.Row {
			rows := inviteRows(id, events, g.address, g.reads, g.link)
			if t.sendEmail && len(rows) > 0 {
				rows = append(rows, a.invitationMail(id, g.command.Invitation, 1, g.address, by, g.link))
			}
			return append(rows, renameRows(id, events, g.address.Typed)...)
		}}
	}
	told, state := a.hub.DoAll(r.Context(), id, by, asks)
	if t.sendEmail {
		a.wake()
	}
	for i, g := range invitees {
		g.judged(told[i].Err)
		a.tellInvitee(g, issues(told[i].Events), state)
	}
	if t.sendEmail {
		a.tellSent(r, invitees, state)
	}
	return nil
}

// tellInvitee adds what the row's invitation has become.
func (a *API) tellInvitee(g *invitee, made bool, s *room.State) {
	if !g.row.OK {
		return
	}
	g.row.Existing = !made
	if made {
		g.row.ID, g.row.URL, g.row.Was = g.command.Invitation, a.link("/i/"+g.link.publicID, g.link.secret), ""
	}
	if s == nil {
		return
	}
	if p, ok := s.InvitedAs(g.command.Match); ok {
		g.row.ID, g.row.Type, g.row.ExpiresAt = p.Invitation, p.Role.Shown(), moment(p.ExpiresAt)
	}
}

// tellSent says of the new invitations whether a mail is on its way.
func (a *API) tellSent(r *http.Request, invitees []*invitee, s *room.State) {
	if s == nil {
		return
	}
	c, err := a.scene(r.Context(), s)
	if err != nil {
		a.log.Warn("how mails fare cannot be read", "room", s.ID, "error", err)
		return
	}
	defer c.leave()
	for _, g := range invitees {
		if e := c.roster.entries[g.row.ID]; g.row.URL != "" && e != nil && e.lastMail() != nil {
			queued := e.lastMail().State != store.MailFailed
			g.row.Sent = &queued
		}
	}
}
