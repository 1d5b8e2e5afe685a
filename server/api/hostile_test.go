package api_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"greenroom/hub/wire"
	"greenroom/server/api"
	"greenroom/server/apitest"
)

// Who is invited again under another name is found by that name.
func TestTheSearchKnowsNewNames(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	owner.Invite(id, "ana@example.org", "viewer")
	invitations := "/api/v1/rooms/" + id + "/invitations"
	owner.Do("POST", invitations, map[string]any{"email": "ana@example.org", "first_name": "Zebulon", "last_name": "Quux", "type": "viewer"}).Into(http.StatusOK, nil)
	var list struct{ Items []apitest.Invitation }
	owner.Do("GET", invitations+"?q="+url.QueryEscape("zebulon quux"), nil).Into(http.StatusOK, &list)
	if len(list.Items) != 1 {
		t.Errorf("found %d by the new name", len(list.Items))
	}
}

// T10: a room that is not mine looks like none.
func TestForeignRoomsLookLikeNone(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	id := s.Owner().Room("Room", time.Hour).ID
	dora, _ := s.Person("dora@example.org", "Dora", "X")
	none := "/api/v1/rooms/" + strings.Repeat("a", len(id))
	foreign, unknown := dora.Do("GET", "/api/v1/rooms/"+id, nil), dora.Do("GET", none, nil)
	if a, b := foreign.Refused(http.StatusNotFound, "not_found"), unknown.Refused(http.StatusNotFound, "not_found"); a.Detail != b.Detail {
		t.Errorf("foreign: %q, unknown: %q", a.Detail, b.Detail)
	}
	_, foreignHello := dora.Hello(map[string]any{"room": id})
	_, unknownHello := dora.Hello(map[string]any{"room": strings.Repeat("a", len(id))})
	if foreignHello.Err == nil || unknownHello.Err == nil || foreignHello.Err.Message != unknownHello.Err.Message {
		t.Errorf("foreign: %+v, unknown: %+v", foreignHello.Err, unknownHello.Err)
	}
}

// A body that breaks off is the client's fault, and no line in the log.
func TestABodyThatBreaksOff(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	nc, err := net.Dial("tcp", s.Public.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	fmt.Fprintf(nc, "POST /api/v1/session HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{", s.Public.Host)
	if err := nc.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(nc), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if text, _ := io.ReadAll(answer.Body); answer.StatusCode != http.StatusBadRequest {
		t.Errorf("%d %s", answer.StatusCode, text)
	}
	if log := s.Logs(); strings.Contains(log, "request failed") {
		t.Error(log)
	}
}

// A good command now and then is no licence.
func TestAbuseWithGoodCommandsBetween(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Limits: api.Limits{RefusedCommands: 20}})
	id := s.Owner().Room("Room", time.Hour).ID
	b, _ := s.Owner().Join(id)
	for i := range 60 {
		b.Write(fmt.Sprintf(`{"cmd":"x","id":%d}`, 2*i+2))
		if i%10 == 0 {
			b.Write(fmt.Sprintf(`{"cmd":"time","id":%d,"data":{"t0":1}}`, 2*i+3))
		}
	}
	b.Closed(wire.CloseAbuse)
}

// Heartbeats beside other objects are no way around the limit of those that
// stand alone; nor are frames of nothing.
func TestAbuseInFramesOfSeveral(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Limits: api.Limits{RefusedCommands: 20}})
	id := s.Owner().Room("Room", time.Hour).ID
	b, _ := s.Owner().Join(id)
	b.Write(`{"ping":1}` + "\n" + `{"cmd":"time","id":2,"data":{"t0":1}}`)
	b.Reply(2)
	b.Write(strings.Repeat(`{"ping":1}`+"\n", 100) + `{"cmd":"time","id":3,"data":{"t0":1}}`)
	b.Closed(wire.CloseAbuse)
	c, _ := s.Owner().Join(id)
	for range 60 {
		c.Write("\n")
	}
	c.Closed(wire.CloseAbuse)
}
