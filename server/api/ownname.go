package api

import (
	"context"
	"net/http"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

// patchAccount changes one's own name.
func (a *API) patchAccount(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		FirstName *string `json:"first_name"`
		LastName  *string `json:"last_name"`
	}
	if err := readBody(w, r, &in, false); err != nil {
		return err
	}
	who, err := a.account(r)
	if err != nil {
		return err
	}
	edit, err := (&personChange{FirstName: in.FirstName, LastName: in.LastName}).edit()
	if err != nil {
		return err
	}
	p, err := a.store.ChangePerson(r.Context(), who.person.ID, who.person.ID, renamed(who, edit))
	if err != nil {
		return err
	}
	a.renameSeats(r.Context(), who, &p)
	return answer(w, http.StatusOK, accountView{*viewOf(&p), p.Password != ""})
}

// renamed lets somebody change their own account by an edit of names.
func renamed(who asker, edit func(*store.Person)) store.PersonChange {
	return func(by, was store.Person) (store.Person, []store.AuditRow, error) {
		if by.Disabled {
			return was, nil, errForbidden
		}
		p := was
		edit(&p)
		row := who.act("person.changed", string(p.ID))
		row.Changes = personChanges(was, p)
		return p, []store.AuditRow{row}, nil
	}
}

const (
	seatsAtOnce = 50
	seatsMost   = 200 // rooms to come or open, the earliest first
)

// renameSeats tells the rooms that somebody manages, as long as they are not
// over, how they are called now. It is no reason to refuse the change when a
// room cannot be told: there they keep the name of then.
func (a *API) renameSeats(ctx context.Context, who asker, p *store.Person) {
	f := store.RoomFilter{Person: p.ID, States: []string{string(room.StatusScheduled), string(room.StatusOpen)}, Limit: seatsAtOnce}
	for told := 0; told < seatsMost; told += seatsAtOnce {
		rows, err := a.store.Rooms(ctx, f)
		for _, row := range rows {
			if err == nil {
				_, err = a.hub.Do(ctx, row.ID, room.Actor{System: true, Account: who.person.ID, Session: who.bound},
					room.RenameManager{Person: p.ID, FirstName: p.FirstName, LastName: p.LastName}, nil)
			}
			f.After = row.ID
		}
		if err != nil {
			a.log.Warn("a room was not told that a manager has another name", "error", err)
		}
		if err != nil || len(rows) < seatsAtOnce {
			return
		}
	}
}
