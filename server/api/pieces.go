package api

import (
	"bytes"
	"encoding/json"
	"io"
)

// pieces writes a JSON object piece by piece: a head, and behind it lists whose
// items are never held together.
type pieces struct {
	to    io.Writer
	text  json.RawMessage // the head, until it is written
	items int             // of the list that is open
	open  bool            // there is one
	err   error           // the first
}

// newPieces begins with an object that has members.
func newPieces(to io.Writer, head any) *pieces {
	text, err := json.Marshal(head)
	return &pieces{to: to, text: bytes.TrimSuffix(text, []byte("}")), err: err}
}

func (p *pieces) write(text []byte) {
	if p.err == nil {
		_, p.err = p.to.Write(text)
	}
}

// list begins a list as the next member.
func (p *pieces) list(name string) {
	p.write(p.text)
	p.text = nil
	if p.open {
		p.write([]byte("]"))
	}
	p.write([]byte(`,"` + name + `":[`))
	p.items, p.open = 0, true
}

// item adds one to the list.
func (p *pieces) item(v any) {
	text, err := json.Marshal(v)
	if p.err == nil {
		p.err = err
	}
	if p.items++; p.items > 1 {
		p.write([]byte(","))
	}
	p.write(text)
}

// end closes the list and the object, and gives the first error of all.
func (p *pieces) end() error {
	p.write([]byte("]}"))
	return p.err
}
