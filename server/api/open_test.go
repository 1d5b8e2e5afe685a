package api_test

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/server/api"
	"greenroom/server/apitest"
)

// T3, T10: an id that does not exist and a wrong secret look the same, and the
// right secret always gets in, however much was guessed from the same network.
func TestGuessingLinks(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	id := s.Owner().Room("Room", time.Hour).ID
	publicID, secret := s.Owner().Invite(id, "anna@example.org", "viewer").Link()
	b := s.Browser()
	unknown := b.TryOpen("nobodyknows", secret)
	unknown.Refused(http.StatusNotFound, "not_found")
	for _, guess := range [][2]string{
		{publicID, "gri_wrong"}, {publicID, ""}, {publicID, secret[:len(secret)-1]}, {publicID, secret + "x"}, {publicID, strings.ToUpper(secret)},
		{publicID, strings.TrimPrefix(secret, "gri_")}, {publicID, " " + secret}, {publicID, secret[:10]}, {publicID + "x", secret}, {strings.ToUpper(publicID), secret},
		{"", secret}, {"", ""}, {publicID, strings.Repeat("x", 10000)}, {id, secret}, {publicID, "gri_" + strings.Repeat("A", 43)},
	} {
		if got := b.TryOpen(guess[0], guess[1]); got.Status != unknown.Status || string(got.Body) != string(unknown.Body) {
			t.Errorf("%q: %s", guess, got.Body)
		}
	}
	for range 14 {
		b.TryOpen("nobodyknows", secret).Refused(http.StatusNotFound, "not_found")
	}
	if no := b.TryOpen("nobodyknows", secret).Refused(http.StatusTooManyRequests, "slow_down"); no.RetryMS <= 0 || no.RetryMS > 60000 {
		t.Errorf("the 31st miss: %+v", no)
	}
	if b.Cookie("session") != "" || b.Cookie("device") != "" {
		t.Error("guessing left cookies")
	}
	s.Browser().TryOpen(publicID, secret).Into(http.StatusOK, nil)
	s.Clock.Advance(time.Minute)
	b.TryOpen("nobodyknows", secret).Refused(http.StatusNotFound, "not_found")
}

func TestTrustedProxyCountsClients(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Limits: api.Limits{Misses: 1}, Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	b := s.Browser()
	for _, from := range []string{"198.51.100.1", "198.51.100.2", "2001:db8:0:1::1", "2001:db8:0:2::1"} {
		b.Header.Set("X-Forwarded-For", from)
		b.TryOpen("x", "y").Refused(http.StatusNotFound, "not_found")
	}
	for _, from := range []string{"203.0.113.5, 198.51.100.1", "2001:db8:0:1:ffff::2", "evil, 198.51.100.2"} {
		b.Header.Set("X-Forwarded-For", from)
		b.TryOpen("x", "y").Refused(http.StatusTooManyRequests, "slow_down")
	}
}

// T5: opening binds nothing, however often and from wherever. The real person
// still gets in.
func TestScannersBindNothing(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	id := s.Owner().Room("Room", time.Hour).ID
	card := s.Owner().Invite(id, "anna@example.org", "viewer")
	publicID, secret := card.Link()
	for range 20 {
		scanner := s.Browser()
		scanner.Do("HEAD", "/i/"+publicID, nil)
		scanner.Do("GET", "/i/"+publicID, nil).Into(http.StatusOK, nil)
		scanner.TryOpen(publicID, secret).Into(http.StatusOK, nil)
		socket, _ := scanner.Join(id)
		socket.Refused("lobby.check", map[string]string{"email": ""}, room.CodeInvalid)
		socket.Close()
		scanner.Do("POST", "/api/v1/session/renew", nil).Into(http.StatusOK, nil)
	}
	anna := s.Browser()
	if opened := anna.Open(card); opened.Lobby != "email" {
		t.Errorf("opened: %+v", opened)
	}
	socket, _ := anna.Join(id)
	socket.Do("lobby.check", map[string]string{"email": "anna@example.org"}, nil)
	var seen apitest.Invitation
	list(t, s.Owner(), id, "", &seen)
	if here := []string{"confirmed", "waiting"}; !slices.Contains(here, seen.State) || seen.DevicesUsed != 1 || seen.Locked {
		t.Errorf("afterwards: %+v", seen)
	}
}

// list gives the first invitation of a page.
func list(t *testing.T, b *apitest.Browser, id, query string, into *apitest.Invitation) int {
	t.Helper()
	var page struct{ Items []apitest.Invitation }
	b.Do("GET", "/api/v1/rooms/"+id+"/invitations"+query, nil).Into(http.StatusOK, &page)
	if len(page.Items) > 0 {
		*into = page.Items[0]
	}
	return len(page.Items)
}

// Who holds the right secret is told the truth; expiry ends opening and
// claiming, never the claimed device.
func TestOldLinks(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	id := s.Owner().Room("Room", time.Hour).ID
	card, late := s.Owner().Invite(id, "anna@example.org", "viewer"), s.Owner().Invite(id, "late@example.org", "viewer")
	oldID, oldSecret := card.Link()

	var fresh struct{ ID, URL, ExpiresAt string }
	s.Owner().Do("POST", "/api/v1/rooms/"+id+"/invitations/"+card.ID+"/link", map[string]any{}).Into(http.StatusOK, &fresh)
	s.Browser().TryOpen(oldID, oldSecret).Refused(http.StatusGone, "invitation_expired")
	card.URL = fresh.URL
	anna, lates := s.Browser(), s.Browser()
	anna.Open(card)
	lates.Open(late)
	socket, _ := anna.Join(id)
	socket.Do("lobby.check", map[string]string{"email": "anna@example.org"}, nil)
	waiting, _ := lates.Join(id)

	s.Clock.Advance(26 * time.Hour) // behind the end of a room without an end
	publicID, secret := late.Link()
	if no := lates.TryOpen(publicID, secret).Refused(http.StatusGone, "invitation_expired"); no.At == "" {
		t.Errorf("expired without a time: %+v", no)
	}
	waiting.Refused("lobby.check", map[string]string{"email": "late@example.org"}, room.CodeInvitationExpired)
	device := anna.Cookie("device")
	again := s.Browser() // days later the session is gone, the device cookie is not
	again.SetCookie("device", device)
	if opened := again.Open(card); opened.Phase != "live" || opened.Lobby != "none" {
		t.Errorf("the claimed device: %+v", opened)
	}
	s.Browser().TryOpen(card.Link()).Refused(http.StatusGone, "invitation_expired")
}

// Several invitations in one browser: opening adds, hello chooses.
func TestSeveralInvitations(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	one, two := s.Owner().Room("One", time.Hour).ID, s.Owner().Room("Two", 2*time.Hour).ID
	anna, other, second := s.Owner().Invite(one, "anna@example.org", "viewer"), s.Owner().Invite(two, "anna@example.org", "viewer"), s.Owner().Invite(one, "mia@example.org", "moderator")
	b := s.Browser()
	b.Open(anna)
	before := b.Cookie("session")
	b.Open(other)
	b.Open(second)
	if b.Cookie("session") != before {
		t.Error("opening replaced a valid session")
	}
	if me := b.Me(); me.Person != nil || len(me.Invitations) != 3 || me.Invitations[2].Invitation != second.ID || me.Invitations[0].Room != one {
		t.Errorf("session: %+v", me)
	}
	for want, hello := range map[string]map[string]any{
		"Mia Guest":  {"room": one},
		"Anna Guest": {"room": one, "invitation": anna.ID},
	} {
		socket, reply := b.Hello(hello)
		var w room.Welcome
		if reply.Err != nil {
			t.Fatalf("%v: %+v", hello, *reply.Err)
		}
		apitest.Decode(t, reply.OK, &w)
		if w.You.Name != want {
			t.Errorf("%v came as %s", hello, w.You.Name)
		}
		socket.Close()
	}
	b.Open(anna) // the last opened is the default
	_, w := b.Join(one)
	if w.You.Name != "Anna Guest" {
		t.Errorf("came as %s", w.You.Name)
	}
	for _, hello := range []map[string]any{{"room": one, "invitation": other.ID}, {"room": two, "invitation": anna.ID}, {"room": "none"}, {"room": one, "invitation": "none"}} {
		socket, reply := b.Hello(hello)
		if reply.Err == nil || reply.Err.Code != room.CodeNotFound && reply.Err.Code != room.CodeNotAuthenticated {
			t.Errorf("%v: %+v", hello, reply)
		}
		socket.CloseCode()
	}
	var rooms struct{ Items []apitest.Room }
	b.Do("GET", "/api/v1/rooms", nil).Into(http.StatusOK, &rooms)
	if len(rooms.Items) != 2 || rooms.Items[0].ID != one || rooms.Items[0].Right != "" || rooms.Items[0].Invited != nil || rooms.Items[0].Inside != nil {
		t.Errorf("rooms: %+v", rooms.Items)
	}
}

// T10: an address that is invited elsewhere looks like one that is nowhere.
func TestLobbyTellsNothing(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	one, two := s.Owner().Room("One", time.Hour).ID, s.Owner().Room("Two", time.Hour).ID
	s.Owner().Invite(two, "elsewhere@example.org", "viewer")
	s.Owner().Invite(one, "mia@example.org", "moderator")
	card := s.Owner().Invite(one, "anna@example.org", "viewer")
	var answers []string
	for _, guess := range []string{"nobody@example.org", "elsewhere@example.org", "mia@example.org", "owner@example.org"} {
		b := s.Browser()
		b.Open(card)
		socket, _ := b.Join(one)
		no := socket.Refused("lobby.check", map[string]string{"email": guess}, room.CodeLobbyNoMatch)
		answers = append(answers, no.Message)
	}
	for _, a := range answers {
		if a != answers[0] {
			t.Errorf("answers differ: %q", answers)
		}
	}
	// Rooms that exist look like rooms that do not.
	stranger, _ := s.Person("stranger@example.org", "S", "S")
	known, unknown := stranger.Do("GET", "/api/v1/rooms/"+one, nil), stranger.Do("GET", "/api/v1/rooms/none", nil)
	if known.Status != http.StatusNotFound || unknown.Status != http.StatusNotFound {
		t.Errorf("%d and %d", known.Status, unknown.Status)
	}
}
