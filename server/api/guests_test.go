package api

import (
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

// A session with sockets is touched now and then, and ends by age all the same.
func TestGuests(t *testing.T) {
	now := time.Unix(1e9, 0)
	a := &API{now: func() time.Time { return now }}
	g := newGuests()
	guest := func(family string, id byte) *connection {
		c := &connection{api: a, who: asker{bound: room.HashOf(family), row: &store.WebSession{ID: [32]byte{id}, Created: now}}}
		g.add(c)
		return c
	}
	tab, other := guest("a", 1), guest("a", 1)
	guest("b", 2)
	g.add(&connection{api: a}) // without a session
	g.renewed(room.HashOf("a"), [32]byte{3})
	if over, _, touch := g.due(now.Add(guestTouch - time.Second)); len(over)+len(touch) != 0 {
		t.Errorf("too early: %d, %d", len(over), len(touch))
	}
	if over, _, touch := g.due(now.Add(guestTouch)); len(over) != 0 || len(touch) != 2 || touch[0] != [32]byte{3} && touch[1] != [32]byte{3} {
		t.Errorf("touched: %v", touch)
	}
	if _, _, touch := g.due(now.Add(guestTouch + time.Second)); len(touch) != 0 {
		t.Errorf("touched again: %v", touch)
	}
	if over, _, _ := g.due(now.Add(sessionLife)); len(over) != 3 {
		t.Errorf("%d sockets are over", len(over))
	}
	g.remove(tab)
	g.remove(other)
	if len(g.sessions) != 1 {
		t.Errorf("%d sessions stay", len(g.sessions))
	}
}
