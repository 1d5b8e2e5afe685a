package api

import (
	"context"
	"net/http"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

// roomView is a room in HTTP answers.
type roomView struct {
	ID            room.ID          `json:"id"`
	Title         string           `json:"title"`
	Description   string           `json:"description"`
	StartsAt      string           `json:"starts_at"`
	EndsAt        string           `json:"ends_at,omitempty"`
	State         room.Status      `json:"state"`
	OpenedAt      string           `json:"opened_at,omitempty"`
	ClosedAt      string           `json:"closed_at,omitempty"`
	Reason        string           `json:"reason,omitempty"`
	Collaboration bool             `json:"collaboration"`
	Speakers      []room.Presenter `json:"speakers"`
	Organiser     string           `json:"organiser,omitempty"`
	URL           string           `json:"url"`
	Type          room.Role        `json:"type,omitempty"`    // of the asker's own invitation
	Results       bool             `json:"results,omitempty"` // are shown when it is over

	// for managers only
	LobbyCode    bool              `json:"lobby_code,omitempty"`  // everybody proves the mailbox
	HostAbsent   *room.AbsenceRule `json:"host_absent,omitempty"` // none: as the site says
	ClosingWords string            `json:"closing_words,omitempty"`
	ClosingLink  string            `json:"closing_link,omitempty"`
	Version      room.Seq          `json:"version,omitempty"` // place of the last edit
	Right        string            `json:"right,omitempty"`
	Invited      *int              `json:"invited,omitempty"`
	Inside       *int              `json:"inside,omitempty"`
	Waiting      *int              `json:"waiting,omitempty"`
	Requests     int               `json:"requests,omitempty"` // for a way in, without an answer
}

// viewRoom is the room as one of its people sees it.
func (a *API) viewRoom(s *room.State, p *room.Person) roomView {
	v := roomView{ID: s.ID, Title: s.Title, Description: s.Description, StartsAt: moment(s.StartsAt), EndsAt: moment(s.EndsAt),
		State: s.Status, OpenedAt: moment(s.OpenedAt), ClosedAt: moment(s.ClosedAt), Reason: s.Reason,
		Collaboration: s.Collaboration, Speakers: s.Speakers, Organiser: s.Organiser, Results: s.After.Results, URL: a.link("/r/"+string(s.ID), "")}
	if v.Speakers == nil {
		v.Speakers = []room.Presenter{}
	}
	if p != nil && p.Invitation != "" && !p.Guest() {
		v.Type = p.Role
	}
	if p != nil && p.Role.Manages() {
		count, invited := a.hub.Count(s.ID), s.Invitations()
		v.Version, v.LobbyCode = s.Version(), s.LobbyCode
		v.HostAbsent, v.ClosingWords, v.ClosingLink = s.HostAbsent, s.After.Words, s.After.Link
		v.Right, v.Invited, v.Inside, v.Waiting = p.Role.Right(), &invited, &count.Inside, &count.Waiting
		v.Requests = len(s.Requests())
	}
	return v
}

type roomBody struct {
	Version       room.Seq          `json:"version"` // that a change is made of
	Title         *string           `json:"title"`
	Description   *string           `json:"description"`
	StartsAt      instant           `json:"starts_at"`
	EndsAt        instant           `json:"ends_at"`
	Speakers      *[]room.Presenter `json:"speakers"`
	Collaboration *bool             `json:"collaboration"`
	LobbyCode     *bool             `json:"lobby_code"`
	HostAbsent    *absenceBody      `json:"host_absent"`
	Results       *bool             `json:"results"`
	ClosingWords  *string           `json:"closing_words"`
	ClosingLink   *string           `json:"closing_link"`
	State         string            `json:"state"`
	Reason        string            `json:"reason"`
}

func (in *roomBody) check() error {
	if err := in.StartsAt.check("starts_at"); err != nil {
		return err
	}
	return in.EndsAt.check("ends_at")
}

func (in *roomBody) presenters() *[]room.Presenter {
	if in.Speakers == nil {
		return nil
	}
	all := normalPresenters(*in.Speakers)
	return &all
}

func (a *API) postRoom(w http.ResponseWriter, r *http.Request) error {
	who, err := a.account(r)
	if err != nil {
		return err
	}
	var in roomBody
	if err := readBody(w, r, &in, false); err != nil {
		return err
	}
	if err := in.check(); err != nil {
		return err
	}
	if in.StartsAt.at == 0 {
		return invalid("starts_at", "is required")
	}
	if err := a.mayWantCode("lobby_code", value(in.LobbyCode)); err != nil {
		return err
	}
	c := room.CreateRoom{Title: normal(value(in.Title)), Description: normal(value(in.Description)), StartsAt: in.StartsAt.at, EndsAt: in.EndsAt.at,
		Speakers: value(in.presenters()), Collaboration: in.Collaboration == nil || *in.Collaboration, LobbyCode: value(in.LobbyCode), HostAbsent: in.HostAbsent.own(), After: in.after(), Epoch: newShortID(),
		Owner: seatOf(who.person, room.Owner)}
	return a.createRoom(w, r, who, c)
}

// seatOf makes a new manager's seat.
func seatOf(p *store.Person, right room.Role) room.SetManager {
	return room.SetManager{Participant: room.ParticipantID(newShortID()), Person: p.ID, FirstName: p.FirstName, LastName: p.LastName, Right: right}
}

func (a *API) createRoom(w http.ResponseWriter, r *http.Request, who asker, c room.CreateRoom) error {
	id := room.ID(newID())
	out, err := a.hub.Do(r.Context(), id, a.actor(who, id), c, nil)
	if err != nil {
		return err
	}
	w.Header().Set("Location", "/api/v1/rooms/"+string(id))
	p, _ := out.State.Manager(who.person.ID)
	return answer(w, http.StatusCreated, a.viewRoom(out.State, p))
}

// value is what a pointer points to, or nothing.
func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

func roomOf(r *http.Request) room.ID { return room.ID(r.PathValue("room")) }

type roomDetail struct {
	roomView
	Managers []managerView `json:"managers,omitempty"`
	Inviting *invitingView `json:"inviting,omitempty"` // for managers only
}

func (a *API) getRoom(w http.ResponseWriter, r *http.Request) error {
	by, p, state, err := a.comeIn(r)
	if err != nil {
		return err
	}
	detail := roomDetail{roomView: a.viewRoom(state, p)}
	if p.Role.Manages() {
		inviting := a.inviting(by, state)
		detail.Inviting = &inviting
		if detail.Managers, err = a.managers(r.Context(), state); err != nil {
			return err
		}
	}
	return answer(w, http.StatusOK, detail)
}

// comeIn is the asker's seat in the room, if they are still welcome there.
func (a *API) comeIn(r *http.Request) (room.Actor, *room.Person, *room.State, error) {
	who, err := a.ask(r)
	if err != nil {
		return room.Actor{}, nil, nil, err
	}
	by, p, state, err := a.seat(r.Context(), who, roomOf(r))
	if err == nil {
		err = a.welcome(by, p, state)
	}
	return by, p, state, err
}

// welcome tells somebody the room knows whether that is still so.
func (a *API) welcome(by room.Actor, p *room.Person, state *room.State) error {
	if state.Status == room.StatusDeleted {
		return roomDeleted(state)
	}
	if p.Invitation == "" {
		return nil
	}
	if by.Invitation == "" { // by the account's address, without a link
		by = room.Actor{Invitation: p.Invitation, Link: p.Link, Device: by.Device, Session: by.Session}
	}
	return state.Open(by, a.hub.Now())
}

func (a *API) patchRoom(w http.ResponseWriter, r *http.Request) error {
	who, err := a.ask(r)
	if err != nil {
		return err
	}
	var in roomBody
	if err := readBody(w, r, &in, false); err != nil {
		return err
	}
	by, state, err := a.manager(r.Context(), who, roomOf(r), room.ActEditRoom)
	if err != nil {
		return err
	}
	c, err := in.edit()
	if err != nil {
		return err
	}
	if err := a.mayWantCode("lobby_code", !state.LobbyCode && value(in.LobbyCode)); err != nil {
		return err
	}
	out, err := a.hub.Do(r.Context(), roomOf(r), by, c, a.editNotices(state))
	if err != nil {
		return err
	}
	a.wake()
	p, _ := out.State.Manager(by.Account)
	return answer(w, http.StatusOK, a.viewRoom(out.State, p))
}

func (in *roomBody) edit() (c room.EditRoom, err error) {
	if err = in.check(); err != nil {
		return c, err
	}
	if in.StartsAt.null {
		return c, invalid("starts_at", "is required")
	}
	if s := room.Status(in.State); s != "" && s != room.StatusOpen && s != room.StatusClosed {
		return c, invalid("state", "is either open or closed")
	}
	return room.EditRoom{Version: in.Version, Title: normalPointer(in.Title), Description: normalPointer(in.Description), StartsAt: in.StartsAt.pointer(), EndsAt: in.EndsAt.pointer(),
		Speakers: in.presenters(), Collaboration: in.Collaboration, LobbyCode: in.LobbyCode, HostAbsent: in.HostAbsent.rule(),
		Results: in.Results, ClosingWords: normalPointer(in.ClosingWords), ClosingLink: in.ClosingLink, State: room.Status(in.State), Reason: normal(in.Reason)}, nil
}

func (a *API) deleteRoom(w http.ResponseWriter, r *http.Request) error {
	who, err := a.ask(r)
	if err != nil {
		return err
	}
	reason, err := readReason(w, r)
	if err != nil {
		return err
	}
	by, state, err := a.manager(r.Context(), who, roomOf(r), room.ActDeleteRoom)
	if err != nil {
		return err
	}
	if _, err := a.hub.Do(r.Context(), roomOf(r), by, room.DeleteRoom{Reason: reason}, a.editNotices(state)); err != nil {
		return err
	}
	a.wake()
	return done(w)
}

// readReason reads the body that a DELETE may have.
func readReason(w http.ResponseWriter, r *http.Request) (string, error) {
	var in struct {
		Reason string `json:"reason"`
	}
	err := readBody(w, r, &in, true)
	return normal(in.Reason), err
}

// managerView is a row of a room's managers.
type managerView struct {
	Person    room.PersonID `json:"person"`
	Email     string        `json:"email"`
	FirstName string        `json:"first_name"`
	LastName  string        `json:"last_name"`
	Right     string        `json:"right"`
}

func (a *API) managers(ctx context.Context, s *room.State) (all []managerView, err error) {
	for p := range s.People {
		if p.Account == "" || p.Revoked {
			continue
		}
		account, err := a.store.Person(ctx, p.Account)
		if err != nil {
			return nil, err
		}
		all = append(all, managerView{p.Account, account.Email, p.FirstName, p.LastName, p.Role.Right()})
	}
	return all, nil
}
