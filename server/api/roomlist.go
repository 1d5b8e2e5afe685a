package api

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

const roomsShown = 20

type roomList struct {
	Items []roomView `json:"items"`
	Next  room.ID    `json:"next,omitempty"`
}

// getRooms lists the rooms that somebody manages, is invited to by an address
// that is theirs, or has opened an invitation of, in order of start; what is
// past begins with the latest.
func (a *API) getRooms(w http.ResponseWriter, r *http.Request) error {
	who, err := a.ask(r)
	if err != nil {
		return err
	}
	if who.person == nil && who.row == nil {
		return errNobody
	}
	f, err := roomFilter(r.URL.Query())
	if err != nil {
		return err
	}
	rows, err := a.roomRows(r.Context(), who, f)
	if err != nil {
		return err
	}
	list := roomList{Items: []roomView{}}
	if len(rows) > roomsShown {
		rows = rows[:roomsShown]
		list.Next = rows[roomsShown-1].ID
	}
	if list.Items, err = a.viewRooms(r.Context(), who, rows); err != nil {
		return err
	}
	return answer(w, http.StatusOK, list)
}

func roomFilter(q url.Values) (store.RoomFilter, error) {
	f := store.RoomFilter{Query: normal(q.Get("q")), After: room.ID(q.Get("after")), Limit: roomsShown + 1}
	switch q.Get("show") {
	case "", "upcoming":
		f.States = []string{string(room.StatusScheduled), string(room.StatusOpen)}
	case "open":
		f.States = []string{string(room.StatusOpen)}
	case "past":
		f.States, f.Newest = []string{string(room.StatusClosed)}, true
	case "all":
		f.States = []string{string(room.StatusScheduled), string(room.StatusOpen), string(room.StatusClosed)}
	default:
		return f, invalid("show", "is upcoming, open, past or all")
	}
	return f, nil
}

// roomRows gives one more row than a page has, if there are so many.
func (a *API) roomRows(ctx context.Context, who asker, f store.RoomFilter) (rows []store.RoomRow, err error) {
	if who.person != nil {
		f.Person = who.person.ID
		if who.person.Verified {
			f.Address = who.person.Canonical
		}
		if rows, err = a.store.Rooms(ctx, f); err != nil {
			return nil, err
		}
	}
	opened, err := a.openedRows(ctx, who, f)
	if err != nil {
		return nil, err
	}
	rows = append(rows, opened...)
	slices.SortStableFunc(rows, func(x, y store.RoomRow) int { return compareRooms(x, y, f.Newest) })
	rows = slices.CompactFunc(rows, func(x, y store.RoomRow) bool { return x.ID == y.ID })
	return rows[:min(len(rows), f.Limit)], nil
}

func compareRooms(x, y store.RoomRow, newest bool) int {
	order := cmp.Or(cmp.Compare(x.StartsAt, y.StartsAt), cmp.Compare(x.ID, y.ID))
	if newest {
		return -order
	}
	return order
}

// openedRows does for the opened invitations, which are few, what the store
// does for the managed rooms.
func (a *API) openedRows(ctx context.Context, who asker, f store.RoomFilter) ([]store.RoomRow, error) {
	all, err := a.openings(ctx, who)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	var after *store.RoomRow
	if f.After != "" {
		row, err := a.store.RoomRow(ctx, f.After)
		if err != nil {
			return nil, ignoreNotFound(err)
		}
		after = &row
	}
	var rows []store.RoomRow
	for _, o := range all {
		row, err := a.store.RoomRow(ctx, o.Room)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		behind := after == nil || compareRooms(row, *after, f.Newest) > 0
		if behind && slices.Contains(f.States, row.State) && strings.Contains(strings.ToLower(row.Title), strings.ToLower(f.Query)) {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

func ignoreNotFound(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// viewRooms shows those of the rooms that the asker still has a place in.
func (a *API) viewRooms(ctx context.Context, who asker, rows []store.RoomRow) ([]roomView, error) {
	views := make([]roomView, 0, len(rows))
	for _, row := range rows {
		by, p, state, err := a.seat(ctx, who, row.ID)
		if err == nil {
			err = a.welcome(by, p, state)
		}
		if no, _ := refusalOf(err); no != nil {
			continue // withdrawn, expired or gone
		}
		if err != nil {
			return nil, err
		}
		views = append(views, a.viewRoom(state, p))
	}
	return views, nil
}
