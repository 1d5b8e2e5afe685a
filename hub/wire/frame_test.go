package wire_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// The header of RFC 6455 §5.2 at each of its sizes.
func TestFrames(t *testing.T) {
	for size, head := range map[int][]byte{
		0: {0x81, 0}, 1: {0x81, 1}, 125: {0x81, 125}, 126: {0x81, 126, 0, 126}, 65535: {0x81, 126, 0xff, 0xff}, 65536: {0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0},
	} {
		text := bytes.Repeat([]byte("x"), size)
		f := wire.NewFrame(text)
		if !bytes.HasPrefix(f, head) || len(f) != len(head)+size || !bytes.Equal(f.Payload(), text) {
			t.Errorf("%d bytes: header % x", size, f[:min(len(f), 10)])
		}
	}
	f := wire.NewFrame([]byte(`{"a":1}`), []byte(`{"b":2}`), []byte(`{}`))
	if got := string(f.Payload()); got != "{\"a\":1}\n{\"b\":2}\n{}" {
		t.Errorf("%q", got)
	}
	if parts := wire.Split(f.Payload()); len(parts) != 3 || string(parts[1]) != `{"b":2}` {
		t.Errorf("%q", parts)
	}
	if f := wire.NewFrame(); !bytes.Equal(f, []byte{0x81, 0}) || len(f.Payload()) != 0 || wire.Frame(nil).Payload() != nil {
		t.Errorf("nothing is framed as % x", f)
	}
	big := wire.NewFrame(bytes.Repeat([]byte("x"), 100_000), bytes.Repeat([]byte("y"), 100_000))
	if n := binary.BigEndian.Uint64(big[2:]); n != 200_001 || len(big.Payload()) != 200_001 {
		t.Errorf("%d", n)
	}
}

// Frames are joined up to an ordinary size, and nothing changes its order.
func TestJoinedFrames(t *testing.T) {
	of := func(letter string, size int) wire.Frame { return wire.NewFrame(bytes.Repeat([]byte(letter), size)) }
	var got []string
	for rest := wire.Frame(wire.Join([]wire.Frame{of("a", 3), nil, of("b", 2), of("c", 32<<10), of("d", 60<<10), of("e", 1), of("f", 1)})); len(rest) > 0; {
		size := int(rest[1])
		head := 2
		if size == 126 {
			size, head = int(binary.BigEndian.Uint16(rest[2:])), 4
		}
		var shape string
		for _, part := range wire.Split(rest[:head+size].Payload()) {
			shape += string(part[:1])
		}
		got, rest = append(got, shape), rest[head+size:]
	}
	if want := []string{"ab", "c", "d", "ef"}; !slices.Equal(got, want) {
		t.Errorf("%q instead of %q", got, want)
	}
	if one := of("a", 3); !bytes.Equal(wire.Join([]wire.Frame{one}), one) || wire.Join(nil) != nil || wire.Join([]wire.Frame{nil, nil}) != nil {
		t.Error("one frame is not left alone, or nothing is something")
	}
}

func TestAllocations(t *testing.T) {
	data := []byte(`{"id":"m1","text":"hello"}`)
	dst := make([]byte, 0, 512)
	for name, f := range map[string]struct {
		do   func()
		most float64
	}{
		"AppendEvent":  {func() { dst = wire.AppendEvent(dst[:0], "chat.posted", 1042, 1795420000123, data) }, 0},
		"AppendSignal": {func() { dst = wire.AppendSignal(dst[:0], "people.count", data) }, 0},
		"AppendOK":     {func() { dst = wire.AppendOK(dst[:0], 17, data, true) }, 0},
		"NewFrame":     {func() { _ = wire.NewFrame(dst, dst) }, 1},
	} {
		if n := testing.AllocsPerRun(100, f.do); n > f.most {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}

func TestCloseCodes(t *testing.T) {
	names := map[string]bool{}
	for _, c := range wire.CloseCodes() {
		if c.String() == "" || names[c.String()] || len(c.String()) > 123 {
			t.Errorf("%d is called %q", c, c)
		}
		names[c.String()] = true
		if c < 4000 || c > 4999 || c.Reconnect() != (c < 4500) {
			t.Errorf("%d reconnects: %t", c, c.Reconnect())
		}
	}
	for code, back := range map[wire.CloseCode]bool{1000: false, 1001: true, 1003: false, 1005: true, 1006: true, 1007: false, 1009: false, 4499: true, 5000: false} {
		if code.Reconnect() != back {
			t.Errorf("%d reconnects: %t", code, !back)
		}
	}
	for _, code := range room.Codes() {
		c := wire.CloseFor(code)
		if wire.Temporary(code) && code != room.CodeLobbyLocked && !c.Reconnect() {
			t.Errorf("%s is temporary and ends with %d", code, c)
		}
	}
	for code, want := range map[room.Code]wire.CloseCode{room.CodeOtherDevice: 4504, room.CodeInvitationUsed: 4504, room.CodeInvitationRevoked: 4503, room.CodeInvitationExpired: 4503,
		room.CodeNotFound: 4503, room.CodeOver: 4508, room.CodeRoomDeleted: 4509, room.CodeNotAuthenticated: 4502, room.CodeForbidden: 4004} {
		if got := wire.CloseFor(code); got != want {
			t.Errorf("%s ends with %d", code, got)
		}
	}
}

func TestErrorOf(t *testing.T) {
	e := wire.ErrorOf(&room.Refusal{Code: room.CodeLobbyLocked, Message: "m", Retry: 1500 * time.Millisecond})
	if !e.Temporary || e.RetryMS != 1500 || e.TriesLeft != nil {
		t.Errorf("%+v", e)
	}
	if e := wire.ErrorOf(&room.Refusal{Code: room.CodeLobbyNoMatch}); e.Temporary || e.TriesLeft == nil || *e.TriesLeft != 0 {
		t.Errorf("%+v", e)
	}
	if err := error(&room.Refusal{Code: room.CodeOver}); !errors.Is(err, room.CodeOver) || errors.Is(err, room.CodeClosed) {
		t.Error("a refusal is not its code")
	}
}

func TestEncodeCommand(t *testing.T) {
	text, err := wire.EncodeCommand(3, "k-1", room.ChatPost{Text: "a<b>\u2028\n"})
	if want := `{"cmd":"chat.post","id":3,"key":"k-1","data":{"text":"a<b>\u2028\n"}}`; err != nil || string(text) != want {
		t.Errorf("%s %v", text, err)
	}
	if _, err := wire.EncodeCommand(3, "", unencodable{}); err == nil {
		t.Error("what has no JSON is sent")
	}
}

type unencodable struct{ F func() }

func (unencodable) Name() string { return "x" }
