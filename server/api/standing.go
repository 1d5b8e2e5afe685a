package api

import (
	"context"
	"time"

	"greenroom/hub"
	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/qrcode"
)

// invitationView is an invitation as managers see it.
type invitationView struct {
	ID          room.InvitationID    `json:"id"`
	Participant room.ParticipantID   `json:"participant"`
	Email       string               `json:"email"`
	Domain      *domainNames         `json:"domain,omitempty"` // of the address, where it is not plain ASCII
	FirstName   string               `json:"first_name"`
	LastName    string               `json:"last_name"`
	Type        string               `json:"type"`
	State       room.InvitationState `json:"state"`
	StateAt     string               `json:"state_at,omitempty"`  // since when, as far as it is known
	Finishing   bool                 `json:"finishing,omitempty"` // withdrawn, may stay until they leave
	Guest       bool                 `json:"guest,omitempty"`     // came by a guest link; the address is as they say
	ExpiresAt   string               `json:"expires_at"`
	Devices     int                  `json:"devices"`
	Language    string               `json:"language,omitempty"` // in which the person is written to
	Zone        string               `json:"zone,omitempty"`     // in which times are told
	DevicesUsed int                  `json:"devices_used"`
	Locked      bool                 `json:"locked,omitempty"`
	Verified    bool                 `json:"verified,omitempty"` // has shown that the mailbox is theirs
	CreatedAt   string               `json:"created_at"`
	URL         string               `json:"url,omitempty"` // shown once
	QR          *qrcode.Code         `json:"qr,omitempty"`  // of the URL, where it was asked for
	Existing    bool                 `json:"existing,omitempty"`
	Sent        *bool                `json:"sent,omitempty"` // where a mail was asked for: it is queued
	Mail        *mailView            `json:"mail,omitempty"`
	Warnings    []string             `json:"warnings,omitempty"` // for who has just invited
}

// scene is everything that tells how invitations of a room stand: the log, who
// is here, and the roster, which it holds until it is left.
type scene struct {
	state  *room.State
	here   hub.Here
	roster *roster
	now    time.Time
}

// scene looks at a room's invitations. Whoever gets one calls leave.
func (a *API) scene(ctx context.Context, s *room.State) (*scene, error) {
	here, err := a.hub.Where(ctx, s.ID)
	if err != nil {
		return nil, err
	}
	r := a.rosters.of(s.ID, a.now())
	r.mu.Lock()
	if err := r.update(ctx, a.store, s.ID, a.now()); err != nil {
		r.mu.Unlock()
		return nil, err
	}
	r.settle(s)
	return &scene{s, here, r, a.hub.Now()}, nil
}

func (c *scene) leave() { c.roster.mu.Unlock() }

// standing is what the log does not know of somebody.
func (c *scene) standing(p *room.Person, seat int, known place) (w room.Standing, mail *store.Mail) {
	w.Inside, w.Waiting = c.here.Of(seat)
	w.Been = known.visit != nil
	if known.entry != nil {
		mail = known.entry.linkMail(p.Link)
	}
	if mail != nil {
		w.Mail = room.InvitationState(mail.State)
	}
	return w, mail
}

// since tells when an invitation came into the state that it shows.
func (c *scene) since(p *room.Person, state room.InvitationState, visit *store.Visit, mail *store.Mail) room.Millis {
	switch state {
	case room.InvitationInside:
		if visit != nil {
			return visit.Since
		}
	case room.InvitationLeft:
		return visit.Until
	case room.InvitationConfirmed:
		return p.Claims[len(p.Claims)-1].At
	case room.InvitationRemoved, room.InvitationBanned:
		return c.state.OutSince(p)
	case room.InvitationRevoked:
		at, _ := p.Ended()
		return at
	case room.InvitationExpired:
		return p.ExpiresAt
	case room.InvitationIssued:
		return p.IssuedAt
	case room.InvitationQueued, room.InvitationSent, room.InvitationBounced, room.InvitationFailed:
		return room.Millis(mail.Changed.UnixMilli())
	}
	return 0
}

// locked says whether guessing has locked the lobby for somebody.
func (c *scene) locked(p *room.Person) bool {
	return len(p.Claims) == 0 && !p.Revoked && p.LobbyLocked(c.now)
}

// view tells of an invitation as it stands.
func (c *scene) view(p *room.Person, seat int) invitationView {
	known := c.roster.place(seat)
	v := bareView(p)
	w, mail := c.standing(p, seat, known)
	v.State = room.InvitationStateOf(p, w, c.now)
	v.StateAt = moment(c.since(p, v.State, known.visit, mail))
	v.Locked = c.locked(p)
	if e := known.entry; e != nil {
		v.Email, v.Language, v.Zone, v.Mail = e.Email, e.Language, e.Zone, e.lastMail()
	}
	return v
}

// bareView is what the log alone tells.
func bareView(p *room.Person) invitationView {
	return invitationView{ID: p.Invitation, Participant: p.ID, Domain: namesOf(p.Domain()), FirstName: p.FirstName, LastName: p.LastName, Type: p.Role.Shown(),
		Finishing: p.Finishing, Guest: p.Guest(), ExpiresAt: moment(p.ExpiresAt), Devices: p.Devices, DevicesUsed: len(p.Claims), Verified: p.Proven && len(p.Claims) > 0, CreatedAt: moment(p.IssuedAt)}
}

// viewInvitation tells of one invitation after something was done. The answer
// may hold a link that is told only once, so it is given in any case.
func (a *API) viewInvitation(ctx context.Context, s *room.State, p *room.Person, email string) invitationView {
	seat, _ := s.Seat(p.ID)
	c, err := a.scene(ctx, s)
	if err != nil {
		a.log.Warn("how an invitation stands cannot be read", "room", s.ID, "invitation", p.Invitation, "error", err)
		v := bareView(p)
		v.State, v.Email = room.InvitationStateOf(p, room.Standing{}, a.hub.Now()), email
		return v
	}
	defer c.leave()
	v := c.view(p, seat)
	v.Email = email
	return v
}
