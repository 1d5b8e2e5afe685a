package api

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

// Bounds of what is kept of rooms whose invitations managers look at.
const (
	maxRosters   = 64
	rosterIdle   = 2 * time.Minute
	rosterRenews = 5 * time.Minute // then it is read anew: rows that were deleted leave it
)

// roster is what the store keeps beside the log of a room's invitations, read
// once and then by what has changed, so that each page of a list is made from
// memory.
type roster struct {
	// guarded by mu
	mu      sync.Mutex
	at      time.Time // by the store's clock; zero: nothing is read yet
	renewed time.Time
	entries map[room.InvitationID]*entry
	visits  map[room.ParticipantID]*store.Visit // the last one
	places  []place                             // by the number of the seat
	added   struct {                            // and not at their places yet
		entries []*entry
		visits  []*store.Visit
	}
	listed []listed // of the last list: room for the next one

	used time.Time // guarded by rosters.mu
}

// place is what there is of whoever has a seat, for lists that would else look
// up ten thousand.
type place struct {
	entry *entry
	visit *store.Visit
}

// entry is one invitation.
type entry struct {
	store.AddressRow
	name  string // folded, for the order of names
	text  string // folded, for the search
	mails []store.Mail
}

// update brings the roster up to now. The caller holds mu.
func (r *roster) update(ctx context.Context, s store.Rosters, id room.ID, now time.Time) error {
	since := r.at
	if now.Sub(r.renewed) >= rosterRenews {
		since = time.Time{}
	}
	news, err := s.Roster(ctx, id, since)
	if err != nil {
		return err
	}
	if since.IsZero() {
		r.entries, r.visits = make(map[room.InvitationID]*entry, len(news.Addresses)), map[room.ParticipantID]*store.Visit{}
		r.places, r.added.entries, r.added.visits = nil, nil, nil
		r.renewed = now
	}
	r.at = news.At
	for _, a := range news.Addresses {
		r.address(a)
	}
	for _, m := range news.Mails {
		r.mail(m)
	}
	for _, v := range news.Visits {
		r.visit(v)
	}
	return nil
}

// settle puts what was added at its place. What this state does not know waits
// for a newer one. The caller holds mu.
func (r *roster) settle(s *room.State) {
	r.added.entries = slices.DeleteFunc(r.added.entries, func(e *entry) bool {
		p, known := s.Invited(e.Invitation)
		if known {
			seat, _ := s.Seat(p.ID)
			r.edit(seat).entry = e
		}
		return known
	})
	r.added.visits = slices.DeleteFunc(r.added.visits, func(v *store.Visit) bool {
		seat, known := s.Seat(v.Participant)
		if known {
			r.edit(seat).visit = v
		}
		return known
	})
}

func (r *roster) edit(seat int) *place {
	if missing := seat + 1 - len(r.places); missing > 0 {
		r.places = append(r.places, make([]place, missing)...)
	}
	return &r.places[seat]
}

// place is empty for whom the roster does not know.
func (r *roster) place(seat int) place {
	if seat >= len(r.places) {
		return place{}
	}
	return r.places[seat]
}

func (r *roster) visit(v store.Visit) {
	switch old := r.visits[v.Participant]; {
	case old == nil:
		r.visits[v.Participant] = &v
		r.added.visits = append(r.added.visits, &v)
	case v.Since >= old.Since:
		*old = v
	}
}

func (r *roster) address(a store.AddressRow) {
	e := r.entries[a.Invitation]
	if e == nil {
		e = new(entry)
		r.entries[a.Invitation] = e
		r.added.entries = append(r.added.entries, e)
	} else if e.AddressRow == a {
		return
	}
	name := fold(a.FirstName + " " + a.LastName)
	e.AddressRow, e.name, e.text = a, name, name+"\n"+fold(a.Email)
}

// mail takes in how a mail fares; the store gives them in order, so a new one
// comes last.
func (r *roster) mail(m store.Mail) {
	e := r.entries[m.Invitation]
	if e == nil {
		return // its address is gone
	}
	if i := slices.IndexFunc(e.mails, func(old store.Mail) bool { return old.ID == m.ID }); i >= 0 {
		e.mails[i] = m
		return
	}
	e.mails = append(e.mails, m)
	slices.SortStableFunc(e.mails, func(a, b store.Mail) int { return a.Created.Compare(b.Created) })
}

// lastMail is the last mail that was not given up for another reason than
// failing.
func (e *entry) lastMail() *mailView {
	for _, m := range slices.Backward(e.mails) {
		if m.State != store.MailDropped && m.Kind != store.MailCode && m.Kind != store.MailRequest {
			return &mailView{m.Kind, m.State, moment(room.Millis(m.Changed.UnixMilli())), m.Detail}
		}
	}
	return nil
}

// linkMail is the last mail with the current link; nil: there is none.
func (e *entry) linkMail(link uint32) *store.Mail {
	for i := range slices.Backward(e.mails) {
		if m := &e.mails[i]; m.Kind == store.MailInvitation && m.Generation == link && m.State != store.MailDropped {
			return m
		}
	}
	return nil
}

// rosters are the rosters of the rooms that somebody has looked at lately.
type rosters struct {
	// guarded by mu
	mu    sync.Mutex
	rooms map[room.ID]*roster
}

// of finds the roster of a room, or begins one.
func (all *rosters) of(id room.ID, now time.Time) *roster {
	all.mu.Lock()
	defer all.mu.Unlock()
	r := all.rooms[id]
	if r == nil {
		if len(all.rooms) >= maxRosters {
			all.dropOldest()
		}
		r = new(roster)
		if all.rooms == nil {
			all.rooms = map[room.ID]*roster{}
		}
		all.rooms[id] = r
	}
	r.used = now
	return r
}

// dropOldest makes room. The caller holds mu.
func (all *rosters) dropOldest() {
	var oldest room.ID
	for id, r := range all.rooms {
		if oldest == "" || cmp.Compare(r.used.UnixNano(), all.rooms[oldest].used.UnixNano()) < 0 {
			oldest = id
		}
	}
	delete(all.rooms, oldest)
}

// sweep forgets what nobody looks at any more.
func (all *rosters) sweep(now time.Time) {
	all.mu.Lock()
	defer all.mu.Unlock()
	for id, r := range all.rooms {
		if now.Sub(r.used) >= rosterIdle {
			delete(all.rooms, id)
		}
	}
}
