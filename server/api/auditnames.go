package api

import (
	"context"
	"errors"
	"strings"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

const (
	auditFinds = 20 // people whom a search means
	auditRooms = 20 // whose people a page names; of further rooms it has ids
)

// auditIDs gives the ids that a search means: itself, the accounts that it
// finds, and where one room is asked for the people of that room.
func (a *API) auditIDs(ctx context.Context, id room.ID, text, asID string) ([]string, error) {
	found, err := a.store.SearchPeople(ctx, store.PeopleFilter{Query: text, Limit: auditFinds})
	ids := []string{asID}
	for _, p := range found {
		ids = append(ids, string(p.ID))
	}
	if err != nil || id == "" || id == store.AuditSite {
		return ids, err
	}
	state, err := a.stateIfAny(ctx, id)
	if err != nil || state == nil {
		return ids, err
	}
	left := auditFinds
	state.People(func(p *room.Person) bool {
		if p.Invitation != "" && strings.Contains(strings.ToLower(p.Name()), text) {
			ids = append(ids, string(p.ID), string(p.Invitation))
			left--
		}
		return left > 0
	})
	return ids, nil
}

// stateIfAny is the state of a room; nil if there is none.
func (a *API) stateIfAny(ctx context.Context, id room.ID) (*room.State, error) {
	state, err := a.hub.State(ctx, id)
	if errors.Is(err, room.CodeNotFound) {
		return nil, nil
	}
	return state, err
}

// auditNames looks up who is who in a page of entries, as of today: who was
// erased has no name.
func (a *API) auditNames(ctx context.Context, page []store.AuditEntry) (names, titles map[string]string, err error) {
	names, titles = map[string]string{}, map[string]string{}
	states := map[room.ID]*room.State{}
	for i := range page {
		e := &page[i]
		if e.Room != store.AuditSite {
			if err := a.auditRoom(ctx, e.Room, titles, states); err != nil {
				return nil, nil, err
			}
		}
		for _, id := range auditNamed(e) {
			if _, known := names[id]; known {
				continue
			}
			if err := a.auditName(ctx, names, id, states[e.Room]); err != nil {
				return nil, nil, err
			}
		}
	}
	return names, titles, nil
}

// auditNamed lists the ids in an entry: who, to whom, and those that a setting
// names.
func auditNamed(e *store.AuditEntry) []string {
	ids := e.Names()
	for _, c := range e.Told().Changes {
		if _, id, ok := strings.Cut(c.Field, "."); ok && e.Act == (room.SiteChanged{}).Kind() {
			ids = append(ids, id)
		}
	}
	return ids
}

// auditRoom looks up the title of a room, and its people if there are not too
// many rooms already.
func (a *API) auditRoom(ctx context.Context, id room.ID, titles map[string]string, states map[room.ID]*room.State) error {
	if _, known := titles[string(id)]; known {
		return nil
	}
	row, err := a.store.RoomRow(ctx, id)
	if err != nil {
		return ignoreNotFound(err)
	}
	titles[string(id)] = row.Title
	if len(states) < auditRooms {
		states[id], err = a.stateIfAny(ctx, id)
	}
	return err
}

// auditName looks up one id: somebody in the room, an account, a group.
func (a *API) auditName(ctx context.Context, names map[string]string, id string, state *room.State) error {
	if name := nameWithin(state, id); name != "" {
		names[id] = name
		return nil
	}
	p, err := a.store.Person(ctx, room.PersonID(id))
	if err == nil {
		names[id] = strings.TrimSpace(p.FirstName + " " + p.LastName)
	}
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	g, err := a.store.Group(ctx, room.GroupID(id))
	if err == nil {
		names[id] = g.Name
	}
	return ignoreNotFound(err)
}

// nameWithin gives the name that a room has for an id: of a participant or of an
// invitation's person, or the label of a guest link.
func nameWithin(s *room.State, id string) string {
	if s == nil {
		return ""
	}
	if p, ok := s.Participant(room.ParticipantID(id)); ok {
		return p.Name()
	}
	if p, ok := s.Invited(room.InvitationID(id)); ok {
		return p.Name()
	}
	if l, ok := s.GuestLink(room.GuestLinkID(id)); ok {
		return l.Label
	}
	return ""
}
