package api_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"greenroom/hub/room"
	"greenroom/hub/wire"
	"greenroom/server/api"
	"greenroom/server/apitest"
	"greenroom/server/socket"
)

// T1: who may upgrade. Every origin but our own is refused, with a cookie and
// with a key; without one only a key may come.
func TestOrigins(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Origins: []string{"http://localhost:8080"}})
	owner := s.Owner()
	_, p := s.Person("anna@example.org", "Anna", "A")
	key := s.APIKey(p)
	own := s.Public.String()
	host, port := s.Public.Hostname(), s.Public.Port()
	allowed := []string{own, "http://localhost:8080"}
	refused := []string{
		"null", "", " ", own + "/", own + "/r/x", own + "?", own + "#", strings.ToUpper(own), "HTTP://" + s.Public.Host, "https://" + s.Public.Host,
		"ws://" + s.Public.Host, "http://" + host, "http://" + host + ":80", "http://" + host + ":" + port + "0", "http://" + host + ":0" + port,
		"http://sub." + s.Public.Host, "http://" + host + ".evil.example:" + port, "http://evil.example", "http://evil" + s.Public.Host, "http://" + s.Public.Host + ".evil.example",
		"http://" + s.Public.Host + "@evil.example", "http://user@" + s.Public.Host, "http://evil.example#" + own, "http://evil.example/" + own, "//" + s.Public.Host, s.Public.Host, host,
		own + " ", " " + own + "x", own + "," + own, own + " http://evil.example", "http://localhost", "http://localhost:8081", "https://localhost:8080", "http://LOCALHOST:8080",
		"http://[::1]:" + port, "http://127.1:" + port, "http://2130706433:" + port, "http://127.0.0.1.:" + port, "file://", "chrome-extension://abc", "http://xn--lcalhost-8fb:8080",
		"http://l\u043ecalhost:8080", "*", "http://*", "undefined", "about:blank",
	}
	for _, who := range []*apitest.Browser{owner, key} {
		for _, o := range allowed {
			who.Header = http.Header{"Origin": {o}}
			socket, _, err := who.TryDial()
			if err != nil {
				t.Fatalf("%q: %v", o, err)
			}
			socket.Close()
		}
		for _, o := range refused {
			if strings.TrimSpace(o) == own && o != own {
				continue // net/http trims header values
			}
			who.Header = http.Header{"Origin": {o}}
			if _, response, err := who.TryDial(); err == nil || response.StatusCode != http.StatusForbidden {
				t.Errorf("%q was not refused: %v %v", o, response, err)
			}
		}
	}
	for name, h := range map[string]http.Header{
		"cross-site":  {"Origin": {own}, "Sec-Fetch-Site": {"cross-site"}},
		"same-site":   {"Origin": {own}, "Sec-Fetch-Site": {"same-site"}},
		"none":        {"Origin": {own}, "Sec-Fetch-Site": {"none"}},
		"two origins": {"Origin": {own, own}},
	} {
		owner.Header = h
		if _, response, err := owner.TryDial(); err == nil || response.StatusCode != http.StatusForbidden {
			t.Errorf("%s was not refused", name)
		}
	}
	owner.Header = http.Header{"Origin": {own}, "Sec-Fetch-Site": {"same-origin"}}
	owner.Dial().Close()
	owner.Header = http.Header{"Origin": nil}
	if _, response, err := owner.TryDial(); err == nil || response.StatusCode != http.StatusForbidden {
		t.Error("a cookie without Origin was not refused")
	}
	key.Header = http.Header{"Origin": nil}
	key.Dial().Close()
}

// What is no handshake gets a document.
func TestBadHandshakes(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	owner.Do("GET", "/ws", nil).Refused(http.StatusUpgradeRequired, "bad_request")
	good := map[string]string{"Connection": "Upgrade", "Upgrade": "websocket", "Sec-Websocket-Version": "13", "Sec-Websocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
		"Sec-Websocket-Protocol": wire.Subprotocol, "Origin": s.Public.String()}
	for field, values := range map[string][]string{
		"Sec-Websocket-Protocol": {"", "greenroom.v2", "greenroom.V1", "xgreenroom.v1", "chat, superchat"},
		"Sec-Websocket-Version":  {"", "8", "12"}, "Sec-Websocket-Key": {"", "short", "dGhlIHNhbXBsZSBub25jZQ"}, "Upgrade": {"", "h2c"}, "Connection": {"close"},
	} {
		for _, value := range values {
			r, _ := http.NewRequest("GET", s.Public.String()+"/ws", nil)
			for name, v := range good {
				r.Header.Set(name, v)
			}
			r.Header.Set(field, value)
			if got := owner.Send(r); got.Status != http.StatusBadRequest && got.Status != http.StatusUpgradeRequired {
				t.Errorf("%s %q: %d", field, value, got.Status)
			} else {
				got.Refused(got.Status, "bad_request")
			}
		}
	}
}

// Bad frames: those that cannot be answered close with 4500 and the codes of
// RFC 6455, those that can are answered and the connection stays.
func TestBadFrames(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Limits: api.Limits{Hellos: 1000}})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	other := owner.Room("Other", time.Hour).ID
	owner.OpenDoors(id)
	hello := fmt.Sprintf(`{"cmd":"hello","id":1,"data":{"room":%q}}`, id)
	deep := strings.Repeat(`{"a":`, 9) + "1" + strings.Repeat("}", 9)
	wide := "{"
	for i := range 65 {
		wide += fmt.Sprintf(`"k%d":1,`, i)
	}
	wide = strings.TrimSuffix(wide, ",") + "}"
	undecodable := map[string]string{
		"nothing": "", "blank": " ", "word": "hello", "null": "null", "list": "[]", "text": `"x"`, "number": "1", "two": `{"cmd":"time","id":2}{"cmd":"time","id":3}`,
		"half": `{"cmd":"time","id":2`, "trailing": `{"cmd":"time","id":2}x`, "duplicate": `{"cmd":"time","id":2,"id":3}`, "duplicate deep": `{"cmd":"time","id":2,"data":{"t0":1,"t0":2}}`,
		"no cmd": `{"id":2}`, "empty cmd": `{"cmd":"","id":2}`, "no id": `{"cmd":"time"}`, "id 0": `{"cmd":"time","id":0}`, "id negative": `{"cmd":"time","id":-1}`,
		"id too large": `{"cmd":"time","id":4294967296}`, "id text": `{"cmd":"time","id":"2"}`, "id fraction": `{"cmd":"time","id":1.5}`, "upper case": `{"CMD":"time","ID":2}`,
		"cmd number": `{"cmd":1,"id":2}`, "too deep": `{"cmd":"time","id":2,"data":` + deep + `}`, "too wide": `{"cmd":"time","id":2,"data":` + wide + `}`,
		"huge number": `{"cmd":"time","id":2,"data":{"t0":1e300}}`, "comment": `{"cmd":"time",/**/"id":2}`, "single quotes": `{'cmd':'time','id':2}`, "byte order mark": "\ufeff" + `{"cmd":"time","id":2}`,
	}
	for name, frame := range undecodable {
		for _, greeted := range []bool{false, true} {
			b := owner.Dial()
			if greeted {
				b.Write(hello)
				b.Reply(1)
			}
			b.Write(frame)
			if code := b.CloseCode(); code != int(wire.CloseBadRequest) {
				t.Errorf("%s (greeted %v): closed with %d", name, greeted, code)
			}
		}
	}
	before := map[string]string{
		"time": `{"cmd":"time","id":1,"data":{"t0":1}}`, "chat": `{"cmd":"chat.post","id":1,"key":"k","data":{"text":"x"}}`, "unknown": `{"cmd":"x","id":1}`,
		"hello with a number": `{"cmd":"hello","id":1,"data":{"room":1}}`, "hello with a list": `{"cmd":"hello","id":1,"data":[]}`,
	}
	for name, frame := range before {
		b := owner.Dial()
		b.Write(frame)
		if code := b.CloseCode(); code != int(wire.CloseBadRequest) {
			t.Errorf("%s before hello: closed with %d", name, code)
		}
	}
	for name, row := range map[string]struct {
		kind websocket.MessageType
		text string
		code int
	}{
		"binary": {websocket.MessageBinary, hello, 1003}, "not UTF-8": {websocket.MessageText, "{\"cmd\":\"\xff\",\"id\":1}", 1007},
		"surrogate": {websocket.MessageText, "{\"cmd\":\"\xed\xa0\x80\",\"id\":1}", 1007}, "too long": {websocket.MessageText, strings.Repeat(" ", wire.MaxClientFrame) + hello, 1009},
	} {
		b := owner.Dial()
		b.WriteFrame(row.kind, []byte(row.text))
		if code := b.CloseCode(); code != row.code {
			t.Errorf("%s: closed with %d, want %d", name, code, row.code)
		}
	}
	answered(t, owner, id, other)
}

func answered(t *testing.T, owner *apitest.Browser, id, other string) {
	t.Helper()
	b, _ := owner.Join(id)
	mine := owner.Invite(other, "anna@example.org", "viewer").Participant
	for i, row := range []struct {
		frame string // after the id
		code  room.Code
	}{
		{`"cmd":"poll.launch"`, room.CodeUnknownCommand}, {`"cmd":"Chat.post","key":"k","data":{"text":"x"}`, room.CodeUnknownCommand},
		{`"cmd":"chat.post","data":{"text":"x"}`, room.CodeInvalid}, {`"cmd":"chat.post","key":"","data":{"text":"x"}`, room.CodeInvalid},
		{`"cmd":"chat.post","key":"white space","data":{"text":"x"}`, room.CodeInvalid}, {`"cmd":"chat.post","key":"` + strings.Repeat("k", 65) + `","data":{"text":"x"}`, room.CodeInvalid},
		{`"cmd":"chat.post","key":"k1","data":{"text":1}`, room.CodeInvalid}, {`"cmd":"chat.post","key":"k2","data":"x"`, room.CodeInvalid},
		{`"cmd":"chat.post","key":"k3","data":{}`, room.CodeInvalid}, {`"cmd":"chat.post","key":"k4","data":{"TEXT":"x"}`, room.CodeInvalid},
		{`"cmd":"chat.post","key":"k5","data":{"text":"` + strings.Repeat("x", 2001) + `"}`, room.CodeTooLong},
		{`"cmd":"chat.post","key":"k6","data":{"text":"\u202e\u200b "}`, room.CodeInvalid},
		{`"cmd":"chat.post","key":"k7","data":{"text":"x","reply_to":"m999"}`, room.CodeNotFound},
		{`"cmd":"chat.like","key":"k8","data":{"id":"m1"}`, room.CodeNotFound}, {`"cmd":"chat.delete","key":"k9","data":{"id":"../x"}`, room.CodeNotFound},
		{`"cmd":"role.set","key":"k10","data":{"participant":"` + mine + `","role":"speaker"}`, room.CodeNotFound}, // of another room
		{`"cmd":"role.set","key":"k11","data":{"participant":"x","role":"owner"}`, room.CodeInvalid},
		{`"cmd":"hello","data":{"room":"` + id + `"}`, room.CodeBadRequest},
	} {
		b.Write(fmt.Sprintf(`{"id":%d,%s}`, 100+i, row.frame))
		if m := b.Reply(uint32(100 + i)); m.Err == nil || m.Err.Code != row.code || m.Err.Message == "" {
			t.Errorf("%s: ok %s err %+v, want %s", row.frame, m.OK, m.Err, row.code)
		}
	}
	b.Do("time", map[string]any{"t0": 0, "unknown": map[string]any{}}, nil) // unknown fields are ignored; it still stands
}

// A connection that sends only what cannot be judged is ended.
func TestAbuse(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Limits: api.Limits{RefusedCommands: 20}})
	id := s.Owner().Room("Room", time.Hour).ID
	b, _ := s.Owner().Join(id)
	for i := range 30 {
		b.Write(fmt.Sprintf(`{"cmd":"x","id":%d}`, i+2))
	}
	b.Closed(wire.CloseAbuse)
}

// T23: 5,000 sockets that never say hello, from one network: fifty are kept,
// and only for a moment; everybody else's connection works throughout.
func TestNeverHello(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Sweep: socket.SweeperOptions{Interval: 5 * time.Second, Hello: 500 * time.Millisecond}})
	id := s.Owner().Room("Room", time.Hour).ID
	inside, _ := s.Owner().Join(id)
	const sockets = 5000
	statuses := make(chan string, sockets)
	var all sync.WaitGroup
	turns := make(chan struct{}, 64)
	for range sockets {
		turns <- struct{}{}
		all.Go(func() { defer func() { <-turns }(); statuses <- halfOpen(t, s) })
	}
	all.Wait()
	close(statuses)
	count := map[string]int{}
	for status := range statuses {
		count[status]++
	}
	if count["101"] == 0 || count["429"] == 0 || count["101"]+count["429"] != sockets {
		t.Errorf("answers: %v", count)
	}
	inside.Do("time", map[string]any{"t0": 1}, nil)
	first, _, err := s.Owner().TryDial() // when the half-open ones have been thrown out
	for deadline := time.Now().Add(apitest.Patience); err != nil && time.Now().Before(deadline); {
		first, _, err = s.Owner().TryDial()
	}
	if err != nil {
		t.Fatal(err)
	}
	first.Do("hello", map[string]any{"room": id}, nil)
}

// halfOpen upgrades by hand, reads the status and hangs up a moment later if
// it is kept: as an attacker would, without a goroutine per socket.
func halfOpen(t *testing.T, s *apitest.Server) string {
	conn, err := net.Dial("tcp", s.Public.Host)
	if err != nil {
		return err.Error()
	}
	fmt.Fprintf(conn, "GET /ws HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: greenroom.v1\r\nOrigin: %s\r\n\r\n", s.Public.Host, s.Public)
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return err.Error()
	}
	status := strings.Fields(line)[1]
	if status == "101" {
		t.Cleanup(func() { conn.Close() })
	} else {
		conn.Close()
	}
	return status
}

// Without a session the hello is refused, with the code that says to stop.
func TestNobody(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	id := s.Owner().Room("Room", time.Hour).ID
	for _, hello := range []map[string]any{{"room": id}, {"room": "none"}, {"room": ""}, {"room": id, "invitation": "x"}} {
		socket, reply := s.Browser().Hello(hello)
		if reply.Err == nil || reply.Err.Code != room.CodeNotAuthenticated {
			t.Errorf("%v: %+v", hello, reply)
		}
		socket.Closed(wire.CloseNotAuthenticated)
	}
	silent := s.Browser().Dial()
	silent.Close()
}

func TestHelloRate(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Limits: api.Limits{Hellos: 3}})
	b, _ := s.Person("anna@example.org", "Anna", "A")
	id := b.Room("Room", time.Hour).ID
	for range 3 {
		socket, _ := b.Join(id)
		socket.Close()
	}
	socket, reply := b.Hello(map[string]any{"room": id})
	if reply.Err == nil || reply.Err.Code != room.CodeSlowDown || reply.Err.RetryMS <= 0 {
		t.Errorf("the fourth: %+v", reply)
	}
	socket.Closed(wire.CloseRateLimited)
	s.Clock.Advance(time.Minute)
	b.Join(id)
}

// A manager who opened an invitation of the own room in the same browser comes
// as manager, unless the hello names the invitation.
func TestManagerWithInvitation(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	card := owner.Invite(id, "anna@example.org", "viewer")
	owner.Open(card)
	if _, w := owner.Join(id); w.You.Right != "owner" {
		t.Errorf("came as %+v", w.You)
	}
	_, reply := owner.Hello(map[string]any{"room": id, "invitation": card.ID})
	var w room.Welcome
	apitest.Decode(t, reply.OK, &w)
	if w.You.Name != "Anna Guest" {
		t.Errorf("came as %+v", w.You)
	}
	owner.Patch(id, map[string]any{"title": "Still mine"}).Into(http.StatusOK, nil)
}
