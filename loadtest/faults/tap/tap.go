// Package tap notes in a history what passes between package client and the
// servers: every frame of every socket as it crosses the wire, and every HTTP
// request. The client does not know of it.
//
// It imports the history, and the wire for the shape of what it reads.
package tap

import (
	"encoding/json"
	"sync"

	"greenroom/loadtest/faults/history"
)

// Who is on this side of a socket or request, and where its other end is.
type Who struct {
	Person, Room, Instance, Device string
}

// Tap notes into one history. It is safe for concurrent use.
type Tap struct {
	*history.Recorder

	mu    sync.Mutex
	seen  map[string]json.RawMessage // the same text for everybody is kept once
	whose map[string]string          // invitations and addresses
	live  map[*Socket]struct{}
}

// New makes one.
func New(r *history.Recorder) *Tap {
	return &Tap{Recorder: r, seen: map[string]json.RawMessage{}, whose: map[string]string{}, live: map[*Socket]struct{}{}}
}

// Know says whose an invitation or an address is, so that requests about it name
// the person.
func (t *Tap) Know(what, person string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.whose[what] = person
}

func (t *Tap) personOf(what string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.whose[what]
}

// keep gives a copy of a text, shared with others like it.
func (t *Tap) keep(text []byte) json.RawMessage {
	if len(text) == 0 {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if known, ok := t.seen[string(text)]; ok {
		return known
	}
	kept := json.RawMessage(append([]byte(nil), text...))
	t.seen[string(text)] = kept
	return kept
}

// Live gives the sockets that are past their hello and not closed.
func (t *Tap) Live() (all []*Socket) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for s := range t.live {
		all = append(all, s)
	}
	return all
}

func (t *Tap) alive(s *Socket, is bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if is {
		t.live[s] = struct{}{}
	} else {
		delete(t.live, s)
	}
}
