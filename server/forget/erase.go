package forget

import (
	"context"
	"crypto/rand"
	"errors"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/mailaddr"
)

// Erase does the wishes that wait.
func (w *Worker) Erase(ctx context.Context) error {
	for {
		e, fresh, err := w.erasing.next(func() (store.Erasure, error) { return w.store.LeaseErasure(ctx, w.holder, lease) })
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err == nil {
			renew := func() error { return w.store.RenewErasure(ctx, e.ID, w.holder, lease) }
			err = w.erasing.keep(e, fresh, holding(ctx, renew, func() error { return w.erase(ctx, e) }))
		}
		if err != nil {
			return err
		}
		w.counts.erased.Add(1)
	}
}

func (w *Worker) erase(ctx context.Context, e store.Erasure) error {
	places, err := Places(ctx, w.store, e.Person, e.Canonical)
	if err != nil {
		return err
	}
	heir, err := w.heir(ctx, e)
	if err != nil {
		return err
	}
	for id, invitations := range places {
		heir.Participant = room.ParticipantID(rand.Text())
		c := room.ErasePerson{Person: e.Person, Invitations: invitations, Successor: heir}
		if e.Canonical != "" {
			c.Match = mailaddr.Match(w.pepper, id, e.Canonical)
		}
		_, err := w.rooms.Do(ctx, id, room.Actor{System: true, Account: e.By}, c, nil)
		if err != nil && !errors.Is(err, room.CodeNotFound) {
			return err
		}
	}
	return w.store.EndErasure(ctx, e.ID, w.holder)
}

// heir is who owns the rooms that would have no owner: whom the wish names or,
// if they are gone by now, an owner of the site. If nobody is left who could,
// the room says so, and the wish waits.
func (w *Worker) heir(ctx context.Context, e store.Erasure) (room.SetManager, error) {
	if e.Heir == "" {
		return room.SetManager{}, nil
	}
	p, err := w.store.Person(ctx, e.Heir)
	if errors.Is(err, store.ErrNotFound) || err == nil && p.Disabled {
		p, err = Heir(ctx, w.store, e.Person)
	}
	if err != nil || p.ID == "" {
		return room.SetManager{}, err
	}
	return room.SetManager{Person: p.ID, FirstName: p.FirstName, LastName: p.LastName, Right: room.Owner}, nil
}

const ownersLookedAt = 100

// Heir is an owner of the site who can sign in and is not the one who goes;
// nobody if there is none.
func Heir(ctx context.Context, s store.Store, goes room.PersonID) (store.Person, error) {
	owners, err := s.SearchPeople(ctx, store.PeopleFilter{Role: room.SiteOwner, Limit: ownersLookedAt})
	for _, p := range owners {
		if p.ID != goes && !p.Disabled {
			return p, err
		}
	}
	return store.Person{}, err
}

const addressesAtOnce = 1000

// Places finds the rooms that know the person, with the invitations that went
// to the address. Every address of the site is compared: there is no index of
// addresses over all rooms, and this is done seldom.
func Places(ctx context.Context, s store.Store, person room.PersonID, canonical string) (map[room.ID][]room.InvitationID, error) {
	places := map[room.ID][]room.InvitationID{}
	if person != "" {
		managed, err := s.RoomsOf(ctx, person)
		if err != nil {
			return nil, err
		}
		for _, id := range managed {
			places[id] = nil
		}
	}
	var after store.AddressMark
	for canonical != "" {
		rows, err := s.AllAddresses(ctx, after, addressesAtOnce)
		if err != nil {
			return nil, err
		}
		for _, a := range rows {
			after = store.AddressMark{Room: a.Room, Invitation: a.Invitation}
			if to, err := mailaddr.Parse(a.Email); err == nil && to.Canonical == canonical {
				places[a.Room] = append(places[a.Room], a.Invitation)
			}
		}
		if len(rows) < addressesAtOnce {
			break
		}
	}
	return places, nil
}
