package client

import (
	"bytes"
	"encoding/json"
	"fmt"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// parse reads the objects of a server frame into batch. Their raw parts point
// into text.
func parse(batch []wire.Message, text []byte) ([]wire.Message, error) {
	for line := range bytes.SplitSeq(text, []byte{'\n'}) {
		if m, ok := quick(line); ok {
			batch = append(batch, m)
			continue
		}
		var m wire.Message
		if err := json.Unmarshal(line, &m); err != nil {
			return batch, fmt.Errorf("client: frame: %w", err)
		}
		batch = append(batch, m)
	}
	return batch, nil
}

// quick reads events, signals and pings as this server writes them, a tenth of
// the work of encoding/json, which takes over wherever a byte differs.
func quick(line []byte) (m wire.Message, ok bool) {
	s := scanner{line, true}
	switch {
	case bytes.HasPrefix(line, []byte(`{"event":"`)):
		s.skip(`{"event":"`)
		m.Event = s.name()
		s.skip(`","pos":`)
		m.Pos = room.Seq(s.number())
		s.skip(`,"at":`)
		m.At = room.Millis(s.number())
		s.skip(`,"data":`)
		m.Data = s.rest()
	case bytes.HasPrefix(line, []byte(`{"signal":"`)):
		s.skip(`{"signal":"`)
		m.Signal = s.name()
		s.skip(`","data":`)
		m.Data = s.rest()
	case bytes.HasPrefix(line, []byte(`{"ping":`)):
		s.skip(`{"ping":`)
		m.Ping = int64(s.number())
		s.skip(`}`)
		s.ok = s.ok && len(s.left) == 0
	default:
		return m, false
	}
	return m, s.ok
}

// scanner eats a line from the left; not ok once something does not fit.
type scanner struct {
	left []byte
	ok   bool
}

func (s *scanner) skip(text string) {
	if !s.ok || len(s.left) < len(text) || string(s.left[:len(text)]) != text {
		s.ok = false
		return
	}
	s.left = s.left[len(text):]
}

func (s *scanner) name() string {
	n := bytes.IndexByte(s.left, '"')
	if !s.ok || n <= 0 || bytes.ContainsFunc(s.left[:n], unusual) {
		s.ok = false
		return ""
	}
	name := s.left[:n]
	s.left = s.left[n:]
	if known, ok := known[string(name)]; ok {
		return known // spares an allocation for every message to everybody
	}
	return string(name)
}

// unusual are characters that names of the contract do not have.
func unusual(r rune) bool { return r != '.' && r != '_' && (r < 'a' || r > 'z') }

func (s *scanner) number() (n uint64) {
	digits := 0
	for digits < len(s.left) && digits < 17 && s.left[digits] >= '0' && s.left[digits] <= '9' {
		n = 10*n + uint64(s.left[digits]-'0')
		digits++
	}
	s.ok = s.ok && digits > 0 && (s.left[0] != '0' || digits == 1)
	s.left = s.left[digits:]
	return n
}

// rest is the object up to the line's end, if nothing but it is there.
func (s *scanner) rest() []byte {
	n := len(s.left) - 1
	if !s.ok || n < 2 || s.left[0] != '{' || s.left[n-1] != '}' || s.left[n] != '}' || !json.Valid(s.left[:n]) {
		s.ok = false
		return nil
	}
	return s.left[:n]
}

var known = func() map[string]string {
	m := map[string]string{}
	for _, name := range []string{
		"phase.changed", "me.role", "me.revoked", "me.removed", "room.scheduled", "room.edited", "room.opened", "room.closed",
		"room.deleted", "stage.changed", "chat.posted", "chat.liked", "chat.deleted", "backchannel.posted", "invitation.requested",
		"countdown", "people.count", "stage.here", "drain", "degraded",
	} {
		m[name] = name
	}
	return m
}()
