package client

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"greenroom/hub/room"
)

// sessions answers as a server does that opens links.
func sessions(t *testing.T) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Origin"); got != "http://stage.test" {
			t.Errorf("Origin %q", got)
		}
		switch r.URL.Path {
		case "/api/v1/invitations/open":
			var body struct{ Invitation, Secret string }
			if err := json.NewDecoder(r.Body).Decode(&body); err != nil || body.Invitation != "inv1" {
				t.Errorf("body %+v, %v", body, err)
			}
			if body.Secret != "secret" {
				w.Header().Set("Content-Type", "application/problem+json")
				w.WriteHeader(http.StatusLocked)
				io.WriteString(w, `{"type":"about:blank","title":"Locked","status":423,"code":"other_device","detail":"In use.","since_at":"2026-10-20T10:00:00.5Z"}`)
				return
			}
			http.SetCookie(w, &http.Cookie{Name: "greenroom-80", Value: "s1", HttpOnly: true})
			http.SetCookie(w, &http.Cookie{Name: "greenroom-device-80", Value: "d1", HttpOnly: true})
			io.WriteString(w, `{"invitation":"inv1","room":{"id":"r1","title":"Engines","starts_at":"2026-10-20T10:00:00Z"},"first_name":"Ada","phase":"countdown","lobby":"email"}`)
		case "/api/v1/invitations/code":
			if body, _ := io.ReadAll(r.Body); string(body) != `{"invitation":"inv1","secret":"secret"}` {
				t.Errorf("body %s", body)
			}
			http.SetCookie(w, &http.Cookie{Name: "greenroom-80", Value: "s1", HttpOnly: true})
			io.WriteString(w, `{"again_ms":60000}`)
		case "/api/v1/invitations/move":
			body, _ := io.ReadAll(r.Body)
			if got := r.Header.Get("Cookie"); string(body) != `{"code":"123456","invitation":"inv1","secret":"secret"}` || got != "greenroom-80=s1" {
				t.Errorf("body %s, cookies %q", body, got)
			}
			io.WriteString(w, `{"invitation":"inv1","room":{"id":"r1"},"phase":"live","confirmed":true}`)
		case "/api/v1/session/renew":
			if got := r.Header.Get("Cookie"); !strings.Contains(got, "greenroom-80=s1") {
				t.Errorf("cookies %q", got)
			}
			http.SetCookie(w, &http.Cookie{Name: "greenroom-80", Value: "s2"})
			w.WriteHeader(http.StatusNoContent)
		}
	}
}

func TestOpenALink(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		s.http = sessions(t)
		c, err := Open(t.Context(), "http://stage.test/i/inv1#secret", WithDialer(s.dial))
		if err != nil {
			t.Fatal(err)
		}
		opened, ok := c.Opened()
		if !ok || opened.Room.ID != "r1" || opened.FirstName != "Ada" || opened.Phase != room.PhaseCountdown {
			t.Errorf("opened %+v", opened)
		}
		if got := len(c.Cookies()); got != 2 {
			t.Errorf("%d cookies", got)
		}
		if err := c.Renew(t.Context()); err != nil {
			t.Error(err)
		}
		again, err := New("http://stage.test", WithCookies(c.Cookies()))
		if err != nil || again.headers().Get("Cookie") != "greenroom-device-80=d1; greenroom-80=s2" {
			t.Errorf("cookies of a later client: %q, %v", again.headers().Get("Cookie"), err)
		}
	})
}

func TestMoveHere(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		s.http = sessions(t)
		c, err := New("http://stage.test", WithDialer(s.dial))
		if err != nil {
			t.Fatal(err)
		}
		if again, err := c.MailCode(t.Context(), "http://stage.test/i/inv1#secret"); again != time.Minute || err != nil {
			t.Errorf("again after %s, %v", again, err)
		}
		moved, err := c.Move(t.Context(), "http://stage.test/i/inv1#secret", "123456")
		if opened, ok := c.Opened(); err != nil || !ok || !moved.Confirmed || opened.Room.ID != "r1" {
			t.Errorf("moved %+v, %v", moved, err)
		}
		if _, err := c.Move(t.Context(), "http://elsewhere.test/i/inv1#secret", "123456"); err == nil {
			t.Error("a link of another server was sent")
		}
	})
}

func TestOpenIsRefused(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		s.http = sessions(t)
		_, err := Open(t.Context(), "http://stage.test/i/inv1#other", WithDialer(s.dial))
		var refusal *Error
		if !errors.As(err, &refusal) || !errors.Is(err, room.CodeOtherDevice) || refusal.Message != "In use." || refusal.SinceAt != 1792490400500 {
			t.Errorf("got %#v", err)
		}
	})
}

func TestLinksThatAreNone(t *testing.T) {
	for _, link := range []string{"", "http://stage.test/r/1", "http://stage.test/i/inv1", "/i/inv1#secret", "ftp://stage.test/i/a#topsecret", "::#topsecret"} {
		_, err := Open(t.Context(), link)
		if err == nil || strings.Contains(err.Error(), "topsecret") {
			t.Errorf("%q: %v", link, err)
		}
	}
	c, err := New("https://stage.test/rooms/")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Open(t.Context(), "https://elsewhere.test/i/a#b"); err == nil {
		t.Error("a link of another server was sent")
	}
}

func TestRefusedUpgradeIsTyped(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
		io.WriteString(w, `{"code":"not_authenticated","detail":"Sign in."}`)
	}))
	defer server.Close()
	c, err := New(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Join(t.Context(), "r1"); !errors.Is(err, room.CodeNotAuthenticated) {
		t.Errorf("got %v", err)
	}
}

func TestSiteSpeaksTheContract(t *testing.T) {
	var asked, body string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		asked, body = r.Method+" "+r.URL.RequestURI(), string(text)
		if r.Header.Get("Authorization") != "Bearer grk_1" || r.Header.Get("Origin") != "" {
			t.Errorf("headers %v", r.Header)
		}
		if strings.Contains(r.URL.Path, "/404") {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		if r.Method == http.MethodDelete {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		io.WriteString(w, `{"id":"x","url":"http://h/i/x#y","starts_at":"2026-10-20T10:00:00Z"}`)
	}))
	defer server.Close()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	site := Site{URL: server.URL, Key: "grk_1", Transport: transport}
	ctx := t.Context()
	start := time.Date(2026, 10, 20, 10, 0, 0, 0, time.UTC)
	title := "B"
	for _, test := range []struct {
		ask         func() error
		asked, body string
	}{
		{func() error { _, err := site.CreateRoom(ctx, NewRoom{Title: "A", StartsAt: start}); return err },
			"POST /api/v1/rooms", `{"title":"A","starts_at":"2026-10-20T10:00:00Z"}`},
		{func() error { _, err := site.Room(ctx, "r1"); return err }, "GET /api/v1/rooms/r1", ""},
		{func() error { _, err := site.PatchRoom(ctx, "r1", RoomPatch{Title: &title, NoEnd: true}); return err },
			"PATCH /api/v1/rooms/r1", `{"title":"B","ends_at":null}`},
		{func() error {
			_, err := site.PatchRoom(ctx, "r1", RoomPatch{State: room.StatusOpen, EndsAt: &start})
			return err
		}, "PATCH /api/v1/rooms/r1", `{"ends_at":"2026-10-20T10:00:00Z","state":"open"}`},
		{func() error { return site.DeleteRoom(ctx, "r1", "") }, "DELETE /api/v1/rooms/r1", ""},
		{func() error { return site.DeleteRoom(ctx, "r1", "flood") }, "DELETE /api/v1/rooms/r1", `{"reason":"flood"}`},
		{func() error {
			i, err := site.Invite(ctx, "r1", Invite{Email: "a@b.example", FirstName: "A", LastName: "B", Type: "viewer"})
			if i.URL != "http://h/i/x#y" {
				t.Errorf("invitation %+v", i)
			}
			return err
		}, "POST /api/v1/rooms/r1/invitations", `{"email":"a@b.example","first_name":"A","last_name":"B","type":"viewer"}`},
		{func() error { _, err := site.Report(ctx, "r1", 2); return err }, "GET /api/v1/rooms/r1/report?session=2", ""},
		{func() error { _, err := site.Attendance(ctx, "r1", 0, "3.a+b"); return err }, "GET /api/v1/rooms/r1/report/attendance?after=3.a%2Bb&session=0", ""},
		{func() error {
			file, err := site.Export(ctx, "r1", "chat", "csv", 1)
			if err == nil {
				_, err = io.Copy(io.Discard, file)
				file.Close()
			}
			return err
		}, "POST /api/v1/rooms/r1/exports", `{"format":"csv","session":1,"what":"chat"}`},
		{func() error { return site.Revoke(ctx, "r1", "i1") }, "DELETE /api/v1/rooms/r1/invitations/i1", ""},
		{func() error { _, err := site.NewLink(ctx, "r1", "i1"); return err }, "POST /api/v1/rooms/r1/invitations/i1/link", ""},
		{func() error { _, err := site.ResetDevice(ctx, "r1", "i1"); return err }, "POST /api/v1/rooms/r1/invitations/i1/device-reset", ""},
	} {
		if err := test.ask(); err != nil {
			t.Errorf("%s: %v", test.asked, err)
		}
		if asked != test.asked || body != test.body {
			t.Errorf("asked %s %s, want %s %s", asked, body, test.asked, test.body)
		}
	}
	if _, err := site.Export(ctx, "404", "chat", "csv", 0); !errors.Is(err, room.CodeNotFound) {
		t.Errorf("a file of a room that is not there: %v", err)
	}
	if _, err := site.Room(ctx, "404"); !errors.Is(err, room.CodeNotFound) {
		t.Errorf("a room that is not there: %v", err)
	}
}
