package api

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/forget"
	"greenroom/server/mailaddr"
	"greenroom/server/redact"
)

// exportBody asks for everything that is kept of somebody. Current or Code
// prove who asks, where the sign-in is not fresh.
type exportBody struct {
	Person  room.PersonID `json:"person"`
	Email   string        `json:"email"`
	Current redact.Secret `json:"current"`
	Code    redact.Secret `json:"code"`
}

// exportHead begins the document of everything that is kept of one person (SECURITY.md T31), and
// nothing of others: those who appear beside them are left out.
//
// It is written piece by piece: rooms and audit follow the head.
type exportHead struct {
	MadeAt     string             `json:"made_at"`
	Account    *personView        `json:"account,omitempty"`
	Sessions   []exportedSession  `json:"sessions"`
	Keys       []exportedKey      `json:"keys"`
	Identities []exportedIdentity `json:"identities"`
	Groups     []string           `json:"groups"`
}

type exportedSession struct {
	SignedInAt string `json:"signed_in_at"`
	SeenAt     string `json:"seen_at"`
	Browser    string `json:"browser,omitempty"`
}

type exportedKey struct {
	Label     string `json:"label"`
	Scope     string `json:"scope"`
	CreatedAt string `json:"created_at,omitempty"`
	ExpiresAt string `json:"expires_at,omitempty"`
	UsedAt    string `json:"used_at,omitempty"`
}

type exportedIdentity struct {
	Issuer    string   `json:"issuer"`
	Subject   string   `json:"subject"`
	Groups    []string `json:"groups,omitempty"`
	CreatedAt string   `json:"created_at"`
}

// exportedRoom is what one room knows of the person.
type exportedRoom struct {
	ID          room.ID           `json:"id"`
	Title       string            `json:"title"`
	Rights      []string          `json:"rights,omitempty"` // as a manager
	Invitations []invitationView  `json:"invitations,omitempty"`
	Mails       []mailView        `json:"mails,omitempty"`
	Visits      []exportedVisit   `json:"visits,omitempty"`
	Messages    []exportedMessage `json:"messages,omitempty"`
	Roles       []exportedRole    `json:"roles,omitempty"`
}

type exportedVisit struct {
	Since string `json:"since"`
	Until string `json:"until,omitempty"`
}

type exportedMessage struct {
	Kind string `json:"kind"`
	At   string `json:"at"`
	Text string `json:"text"`
}

type exportedRole struct {
	At   string    `json:"at"`
	From room.Role `json:"from"`
	To   room.Role `json:"to"`
}

// exportedAct is an entry of the audit log. What was changed is told only where
// it was the person's own.
type exportedAct struct {
	At      string        `json:"at"`
	Room    room.ID       `json:"room"`
	Act     string        `json:"act"`
	Own     bool          `json:"own"` // they did it
	Changes []room.Change `json:"changes,omitempty"`
}

// subject is whose data is gathered.
type subject struct {
	person    *store.Person // nil: an address without an account
	canonical string        // empty: rooms are not found by address
	guests    bool          // who came by a guest link under the address counts too
	own       bool          // they ask themselves: nobody else is told what they did anonymously
}

// postAccountExport gives the one who asks what is kept of them. An address
// that nobody has shown to be theirs finds no invitations.
func (a *API) postAccountExport(w http.ResponseWriter, r *http.Request) error {
	var in exportBody
	if err := readBody(w, r, &in, false); err != nil {
		return err
	}
	who, err := a.account(r)
	if err != nil {
		return err
	}
	of := subject{person: who.person, own: true}
	if who.person.Verified {
		of.canonical = who.person.Canonical
	}
	return a.export(w, r, who, in, of)
}

// postExport gives admins what is kept of somebody not above them.
func (a *API) postExport(w http.ResponseWriter, r *http.Request) error {
	var in exportBody
	if err := readBody(w, r, &in, false); err != nil {
		return err
	}
	who, err := a.siteAdmin(r)
	if err != nil {
		return err
	}
	of, err := a.subject(r.Context(), in)
	if err != nil {
		return err
	}
	if of.person != nil && of.person.ID != who.person.ID && of.person.SiteRole > who.person.SiteRole {
		return errForbidden
	}
	of.own = of.person != nil && of.person.ID == who.person.ID
	return a.export(w, r, who, in, of)
}

func (a *API) subject(ctx context.Context, in exportBody) (of subject, err error) {
	var p store.Person
	of.guests = true
	switch {
	case (in.Person == "") == (in.Email == ""):
		return of, invalid("person", "or the address is given, not both")
	case in.Person != "":
		p, err = a.store.Person(ctx, in.Person)
		of.person, of.canonical = &p, p.Canonical
		return of, err
	}
	to, err := mailaddr.Parse(in.Email)
	if err != nil {
		return of, invalid("email", "is not an address")
	}
	of.canonical = to.Canonical
	if p, err = a.store.PersonByEmail(ctx, to.Canonical); err == nil {
		of.person = &p
	}
	return of, ignoreNotFound(err)
}

func (a *API) export(w http.ResponseWriter, r *http.Request, who asker, in exportBody, of subject) error {
	if err := a.freshly(r, who, proofBody{in.Current, in.Code}); err != nil {
		return err
	}
	if wait := a.exports.take(who.person.ID, a.now()); wait > 0 {
		return slowDown(wait) // every address of the site is looked at
	}
	head, places, err := a.gatherHead(r.Context(), of)
	if err != nil {
		return err
	}
	var targets []string
	if of.person != nil {
		targets = append(targets, string(of.person.ID))
	}
	if err := a.store.RecordAudit(r.Context(), who.act("person.exported", targets...)); err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", `attachment; filename="person.json"`)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	err = a.tellExport(r.Context(), newPieces(w, head), of, places)
	if err != nil && r.Context().Err() == nil {
		a.log.Error("an export of a person broke off", "error", err)
	}
	if err != nil {
		panic(http.ErrAbortHandler) // the head is sent: it must not look whole
	}
	return nil
}

// gatherHead is what needs no room, and where the rest is to be looked for.
func (a *API) gatherHead(ctx context.Context, of subject) (*exportHead, map[room.ID][]room.InvitationID, error) {
	x := &exportHead{MadeAt: at(a.hub.Now()), Sessions: []exportedSession{}, Keys: []exportedKey{}, Identities: []exportedIdentity{}, Groups: []string{}}
	var person room.PersonID
	if of.person != nil {
		person = of.person.ID
		if err := a.gatherAccount(ctx, x, of.person); err != nil {
			return nil, nil, err
		}
	}
	places, err := forget.Places(ctx, a.store, person, of.canonical)
	return x, places, err
}

// tellExport writes the document room by room, and of each room's log only
// what is the person's is ever held.
func (a *API) tellExport(ctx context.Context, to *pieces, of subject, places map[room.ID][]room.InvitationID) error {
	var person room.PersonID
	ids := map[room.ID][]string{}
	if of.person != nil {
		person = of.person.ID
		ids[""] = []string{string(person)}
	}
	to.list("rooms")
	for _, id := range slices.Sorted(maps.Keys(places)) {
		invitations := places[id]
		out, known, err := a.gatherRoom(ctx, id, of.own, func(p *room.Person) bool {
			return person != "" && p.Account == person || p.Invitation != "" && slices.Contains(invitations, p.Invitation) && (of.guests || !p.Guest())
		})
		if err != nil {
			return err
		}
		if out != nil {
			ids[id] = known
			to.item(out)
		}
	}
	to.list("audit")
	if err := a.tellActs(ctx, to, ids); err != nil {
		return err
	}
	return to.end()
}

func (a *API) gatherAccount(ctx context.Context, x *exportHead, p *store.Person) error {
	x.Account = viewOf(p)
	sessions, err := a.store.PersonSessions(ctx, p.ID, a.now().Add(-accountLife))
	if err != nil {
		return err
	}
	for _, s := range sessions {
		x.Sessions = append(x.Sessions, exportedSession{at(s.Signed), at(s.Seen), s.Agent})
	}
	keys, err := a.store.Keys(ctx, p.ID)
	if err != nil {
		return err
	}
	for _, k := range keys {
		x.Keys = append(x.Keys, exportedKey{k.Label, k.Scope, instantText(k.Created), instantText(k.Expires), instantText(k.Used)})
	}
	identities, err := a.store.IdentitiesOf(ctx, p.ID)
	if err != nil {
		return err
	}
	for _, i := range identities {
		x.Identities = append(x.Identities, exportedIdentity{i.Issuer, i.Subject, i.Groups, at(i.Created)})
	}
	groups, err := a.store.GroupsOf(ctx, p.ID)
	if err != nil {
		return err
	}
	for _, id := range groups {
		g, err := a.store.Group(ctx, id)
		switch {
		case err == nil:
			x.Groups = append(x.Groups, g.Name)
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
	}
	return nil
}

// gatherRoom gives what a room knows of the person, nil if nothing, and the
// ids under which it knows them.
func (a *API) gatherRoom(ctx context.Context, id room.ID, own bool, theirs func(*room.Person) bool) (out *exportedRoom, ids []string, err error) {
	state, err := a.stateIfAny(ctx, id)
	if err != nil || state == nil {
		return nil, nil, err
	}
	c, err := a.scene(ctx, state)
	if err != nil {
		return nil, nil, err
	}
	out, seats := &exportedRoom{ID: id, Title: state.Title}, map[room.ParticipantID]bool{}
	state.People(func(p *room.Person) bool {
		if !theirs(p) {
			return true
		}
		seats[p.ID] = true
		ids = append(ids, string(p.ID))
		if p.Invitation == "" {
			out.Rights = append(out.Rights, p.Role.Right())
			return true
		}
		seat, _ := state.Seat(p.ID)
		ids = append(ids, string(p.Invitation))
		out.Invitations = append(out.Invitations, c.view(p, seat))
		return true
	})
	c.leave()
	if len(seats) == 0 {
		return nil, nil, nil
	}
	if err := a.gatherRows(ctx, out, id, seats); err != nil {
		return nil, nil, err
	}
	return out, ids, a.gatherEvents(ctx, out, state, seats, own)
}

// gatherRows adds mails and visits.
func (a *API) gatherRows(ctx context.Context, out *exportedRoom, id room.ID, seats map[room.ParticipantID]bool) error {
	all, err := a.store.Roster(ctx, id, time.Time{})
	if err != nil {
		return err
	}
	for _, m := range all.Mails {
		if slices.ContainsFunc(out.Invitations, func(v invitationView) bool { return v.ID == m.Invitation }) {
			out.Mails = append(out.Mails, mailView{m.Kind, m.State, at(m.Changed), ""})
		}
	}
	for _, v := range all.Visits {
		if seats[v.Participant] {
			out.Visits = append(out.Visits, exportedVisit{moment(v.Since), moment(v.Until)})
		}
	}
	return nil
}

// gatherEvents adds what they wrote, but for what was deleted, and became.
// What they wrote anonymously is there only if they ask for it themselves.
func (a *API) gatherEvents(ctx context.Context, out *exportedRoom, s *room.State, seats map[room.ParticipantID]bool, own bool) error {
	for e, err := range a.store.Since(ctx, s.ID, 0) {
		if err != nil {
			return err
		}
		if e.Seq > s.Head {
			break
		}
		if kind, by, text := words(s, e.Fact); seats[by] && text != "" && !s.Gone(e) && (own || !nameless(s, e.Fact)) {
			out.Messages = append(out.Messages, exportedMessage{kind, moment(e.At), text})
		}
		if f, ok := e.Fact.(room.RoleChanged); ok && seats[f.Who.Participant] {
			out.Roles = append(out.Roles, exportedRole{moment(e.At), f.From, f.Who.Role})
		}
	}
	return nil
}

// nameless says whether somebody did something that nobody is told was them.
func nameless(s *room.State, f room.Fact) bool {
	switch f := f.(type) {
	case room.QuestionAsked:
		return f.Anonymous
	case room.InteractionAnswered:
		return s.AnonymousAnswers(f.ID)
	}
	return false
}

// words gives what somebody wrote, and who; nobody for other facts.
func words(s *room.State, f room.Fact) (kind string, by room.ParticipantID, text string) {
	switch f := f.(type) {
	case room.ChatPosted:
		return "chat", f.Participant, f.Text
	case room.BackchannelPosted:
		return "backchannel", f.Participant, f.Text
	case room.QuestionAsked:
		return "question", f.Participant, f.Text
	case room.QuestionAnswered:
		return "answer", f.Participant, f.Text
	case room.Announced:
		return "announcement", f.Participant, f.Text
	case room.InteractionAnswered:
		return "poll", f.Participant, s.AnswerText(f)
	}
	return "", "", ""
}

// tellActs tells what they did and what was done to them: everywhere by
// their account (the empty room), in each room by its own ids.
func (a *API) tellActs(ctx context.Context, to *pieces, ids map[room.ID][]string) error {
	told := map[store.AuditMark]bool{}
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		about := ids[id]
		f := store.AuditFilter{Room: id, About: about, Limit: auditAtOnce}
		for {
			all, err := a.store.Audit(ctx, f)
			if err != nil {
				return err
			}
			for i := range all {
				e := &all[i]
				mark := store.AuditMark{At: e.At, Room: e.Room, Number: e.Number}
				if f.After = &mark; !told[mark] {
					told[mark] = true
					to.item(viewAct(e, about))
				}
			}
			if len(all) < auditAtOnce {
				break
			}
		}
	}
	return nil
}

func viewAct(e *store.AuditEntry, about []string) exportedAct {
	v, d := exportedAct{At: at(e.At), Room: e.Room, Act: e.Act, Own: slices.Contains(about, e.Who)}, e.Told()
	if !slices.ContainsFunc(d.Targets, func(id string) bool { return !slices.Contains(about, id) }) && len(d.Targets) > 0 {
		v.Changes = d.Changes
	}
	return v
}
