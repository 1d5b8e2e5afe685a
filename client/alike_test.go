package client

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// What was read for one is the same for another, and of another frame nothing.
func TestFramesReadOnceForAll(t *testing.T) {
	event := func(pos, letter string) string {
		return `{"event":"chat.posted","pos":` + pos + `,"at":1795420000123,"data":{"text":"` + strings.Repeat(letter, worthSharing) + `"}}`
	}
	var s shelf
	one, other := []byte(event("7", "a")+"\n"+event("8", "b")), []byte(event("9", "c"))
	first, err := s.parse(nil, one)
	if err != nil || len(first) != 2 || first[1].Pos != 8 {
		t.Fatalf("%v: %v", first, err)
	}
	kept := bytes.Clone(one)
	clear(one) // the buffer goes back to its pool
	again, err := s.parse(nil, kept)
	if err != nil || &again[0] != &first[0] || !bytes.Contains(again[0].Data, []byte("aaa")) {
		t.Errorf("read anew: %v", err)
	}
	got, err := s.parse(nil, other)
	if err != nil || len(got) != 1 || got[0].Pos != 9 {
		t.Errorf("%v: %v", got, err)
	}
	if _, err := s.parse(nil, slices.Concat(kept, []byte("\n{"))); err == nil {
		t.Error("nonsense is taken for a frame")
	}
}
