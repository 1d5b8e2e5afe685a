package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
)

func TestPieces(t *testing.T) {
	var to bytes.Buffer
	p := newPieces(&to, map[string]int{"a": 1})
	p.list("none")
	p.list("some")
	p.item("x")
	p.item([]int{})
	if err := p.end(); err != nil || !json.Valid(to.Bytes()) || to.String() != `{"a":1,"none":[],"some":["x",[]]}` {
		t.Errorf("%s, %v", to.String(), err)
	}
	p = newPieces(&to, map[string]int{"a": 1})
	p.list("bad")
	p.item(func() {})
	if p.end() == nil {
		t.Error("what cannot be written is no error")
	}
	p = newPieces(full{}, map[string]int{"a": 1})
	p.list("l")
	if !errors.Is(p.end(), errFull) {
		t.Error("the writer's error is lost")
	}
}

var errFull = errors.New("full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }
