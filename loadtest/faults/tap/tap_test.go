package tap

import (
	"encoding/binary"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"greenroom/loadtest/faults/history"
)

// frame writes a frame, masked as clients do.
func frame(op byte, text string, masked bool) []byte {
	b := []byte{0x80 | op}
	bit := byte(0)
	if masked {
		bit = 0x80
	}
	if n := len(text); n > 125 {
		b = binary.BigEndian.AppendUint16(append(b, bit|126), uint16(n))
	} else {
		b = append(b, bit|byte(n))
	}
	if !masked {
		return append(b, text...)
	}
	mask := []byte{1, 2, 3, 4}
	return append(append(b, mask...), unmask([]byte(text), mask)...)
}

// talk plays what both sides send, piece by piece, and gives what was noted.
func talk(t *testing.T, up, down [][]byte) *history.History {
	t.Helper()
	ours, theirs := net.Pipe()
	taps := New(history.NewRecorder())
	s := taps.Wrap(ours, Who{Person: "ada", Room: "r", Instance: "a", Device: "d"})
	go func() {
		for i := range up {
			_, _ = io.ReadFull(theirs, make([]byte, len(up[i])))
			_, _ = theirs.Write(down[i])
		}
		_ = theirs.Close()
	}()
	buf := make([]byte, 7) // frames come in pieces
	for i := range up {
		if _, err := s.Write(up[i]); err != nil {
			t.Fatal(err)
		}
		for got := 0; got < len(down[i]); {
			n, err := s.Read(buf)
			if err != nil {
				t.Fatal(err)
			}
			got += n
		}
	}
	if _, err := s.Read(buf); err == nil {
		t.Fatal("the connection goes on")
	}
	_ = s.Close()
	return taps.History()
}

var (
	request = []byte("GET /ws HTTP/1.1\r\nHost: x\r\n\r\n")
	answer  = []byte("HTTP/1.1 101 Switching Protocols\r\n\r\n")
	long    = strings.Repeat("x", 300)
)

func TestSocket(t *testing.T) {
	h := talk(t,
		[][]byte{request, frame(opText, `{"cmd":"hello","id":1,"data":{"room":"r"}}`, true), frame(opText, `{"cmd":"chat.post","id":2,"key":"k","data":{"text":"`+long+`"}}`, true),
			frame(opText, `{"cmd":"chat.like","id":3,"key":"l","data":{"id":"m1"}}`, true)},
		[][]byte{answer, frame(opText, `{"re":1,"ok":{"epoch":"e","pos":4,"mode":"snapshot","phase":"live","you":{}}}`, false),
			frame(opText, `{"event":"chat.posted","pos":5,"at":9,"data":{"text":"`+long+`"}}`+"\n"+`{"re":2,"ok":{"pos":5},"again":true}`, false),
			frame(opClose, "\x0f\xa0bye", false)})
	if got := history.Of[*history.Hello](h); len(got) != 1 || got[0].Epoch != "e" || got[0].Pos != 4 || got[0].Op != 1 {
		t.Errorf("hello: %+v", got)
	}
	if got := history.Of[*history.Event](h); len(got) != 1 || got[0].Pos != 5 || got[0].Epoch != "e" || !strings.Contains(string(got[0].Data), long) {
		t.Errorf("events: %+v", got)
	}
	asked := history.Of[*history.Invoke](h)
	if len(asked) != 3 || asked[1].Key != "k" || asked[1].Cmd != "chat.post" || !strings.Contains(string(asked[1].Data), long) || asked[1].Device != "d" {
		t.Errorf("invoked: %+v", asked)
	}
	if got := history.Of[*history.Ok](h); len(got) != 1 || got[0].Op != asked[1].Op || got[0].Pos != 5 || !got[0].Again {
		t.Errorf("ok: %+v", got)
	}
	if got := history.Of[*history.Unknown](h); len(got) != 1 || got[0].Op != asked[2].Op {
		t.Errorf("unknown: %+v", got)
	}
	if got := history.Of[*history.Closed](h); len(got) != 1 || got[0].Code != 4000 || got[0].Reason != "bye" || got[0].Ours {
		t.Errorf("closed: %+v", got)
	}
}

// Who is slow takes a little at a time; who has stopped takes nothing more.
func TestSlow(t *testing.T) {
	ours, theirs := net.Pipe()
	s := New(history.NewRecorder()).Wrap(ours, Who{})
	go func() { _, _ = theirs.Write([]byte("some bytes")) }()
	s.Slow(4)
	if n, err := s.Read(make([]byte, 100)); n != 4 || err != nil {
		t.Errorf("read %d bytes, %v", n, err)
	}
	s.Slow(0)
	go s.Close()
	if n, err := s.Read(make([]byte, 100)); n != 0 || err == nil {
		t.Errorf("read %d bytes, %v", n, err)
	}
}

func TestRefusedHandshakeIsNoConnection(t *testing.T) {
	h := talk(t, [][]byte{request}, [][]byte{[]byte("HTTP/1.1 503 Service Unavailable\r\n\r\n")})
	if len(h.Entries) != 0 {
		t.Errorf("noted: %+v", h.Entries)
	}
}

// said is a server that always answers the same.
type said struct {
	status int
	body   string
}

func (s said) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: s.status, Body: io.NopCloser(strings.NewReader(s.body))}, nil
}

func TestRequests(t *testing.T) {
	for _, c := range []struct {
		method, path, body string
		answer             said
		cmd, data          string
		outcome            history.Entry
	}{
		{"POST", "/api/v1/invitations/open", `{"invitation":"i","secret":"s"}`, said{423, `{"code":"other_device"}`}, history.HTTPOpen, `{"invitation":"i"}`, &history.Fail{}},
		{"DELETE", "/api/v1/rooms/r/invitations/i", "", said{204, ""}, history.HTTPRevoke, `{"invitation":"i","person":"ada"}`, &history.Ok{}},
		{"PATCH", "/api/v1/rooms/r/invitations/i", `{"type":"speaker"}`, said{502, "bad gateway"}, history.HTTPRole, `{"invitation":"i","person":"ada","role":"speaker","type":"speaker"}`, &history.Unknown{}},
		{"PATCH", "/api/v1/rooms/r", `{"starts_at":"1970-01-01T00:00:01Z"}`, said{200, "{}"}, history.HTTPPatch, `{"starts_at":1000}`, &history.Ok{}},
		{"POST", "/api/v1/invitations/move", `{"invitation":"i","secret":"s","code":"123456"}`, said{200, "{}"}, history.HTTPMove, `{"invitation":"i","person":"ada"}`, &history.Ok{}},
		{"PUT", "/api/v1/rooms/r/managers/i", `{"right":"co-editor"}`, said{200, "{}"}, history.HTTPManage, `{"person":"ada","right":"co-editor"}`, &history.Ok{}},
		{"DELETE", "/api/v1/rooms/r/managers/i", "", said{204, ""}, history.HTTPEnd, `{"person":"ada"}`, &history.Ok{}},
		{"POST", "/api/v1/rooms/r/exports", `{"what":"chat","format":"csv"}`, said{200, strings.Repeat("x", 10_000)}, history.HTTPFile, `{"what":"chat","format":"csv"}`, &history.Ok{}},
		{"GET", "/i/i", "", said{200, "<p>"}, history.HTTPGet, `{"invitation":"i"}`, &history.Ok{}},
		{"GET", "/readyz", "", said{200, ""}, "", "", nil},
	} {
		taps := New(history.NewRecorder())
		taps.Know("i", "ada")
		transport := &Transport{Tap: taps, Who: func() (Who, http.RoundTripper) { return Who{Person: "ada"}, c.answer }}
		req, err := http.NewRequestWithContext(t.Context(), c.method, "http://x"+c.path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := transport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(resp.Body); err != nil || string(body) != c.answer.body {
			t.Errorf("%s: the client gets %q, %v", c.path, body, err)
		}
		judge(t, c.path, taps.History(), c.cmd, c.data, c.outcome)
	}
}

func judge(t *testing.T, path string, h *history.History, cmd, data string, outcome history.Entry) {
	t.Helper()
	if outcome == nil {
		if len(h.Entries) != 0 {
			t.Errorf("%s was noted: %+v", path, h.Entries)
		}
		return
	}
	if len(h.Entries) != 2 {
		t.Fatalf("%s: %+v", path, h.Entries)
	}
	asked, ok := h.Entries[0].(*history.Invoke)
	var got, want any
	if !ok || asked.Cmd != cmd || json.Unmarshal(asked.Data, &got) != nil || json.Unmarshal([]byte(data), &want) != nil {
		t.Fatalf("%s: %+v", path, h.Entries[0])
	}
	if a, _ := json.Marshal(got); string(a) != string(must(want)) {
		t.Errorf("%s: %s, want %s", path, a, data)
	}
	if a, b := typeOf(h.Entries[1]), typeOf(outcome); a != b {
		t.Errorf("%s ended as %s, want %s", path, a, b)
	}
}

func must(v any) []byte {
	text, _ := json.Marshal(v)
	return text
}

func typeOf(e history.Entry) string {
	switch e.(type) {
	case *history.Ok:
		return "ok"
	case *history.Fail:
		return "fail"
	case *history.Unknown:
		return "unknown"
	}
	return "?"
}
