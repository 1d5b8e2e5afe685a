package client_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"greenroom/client"
	"greenroom/hub/room"
	"greenroom/hub/wire"
	"greenroom/server/api"
	"greenroom/server/apitest"
)

// house is a real server with a room, as a manager has it.
type house struct {
	*testing.T
	server *apitest.Server
	site   client.Site
	room   client.RoomInfo
	emails map[string]string // by link
}

func open(t *testing.T) *house {
	t.Helper()
	s := apitest.Start(t, apitest.Options{Limits: api.Limits{Hellos: 10_000}})
	key := s.APIKey(*s.Owner().Me().Person)
	transport := &http.Transport{DisableKeepAlives: true}
	h := &house{T: t, server: s, site: client.Site{URL: s.Public.String(), Key: key.Key, Transport: transport}, emails: map[string]string{}}
	var err error
	h.room, err = h.site.CreateRoom(t.Context(), client.NewRoom{Title: "Engines", StartsAt: s.Clock.Now().Add(time.Hour)})
	h.must(err)
	return h
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) invite(email, kind string) client.Invitation {
	h.Helper()
	first, _, _ := strings.Cut(email, "@")
	i, err := h.site.Invite(h.Context(), h.room.ID, client.Invite{Email: email, FirstName: first, LastName: "Guest", Type: kind})
	h.must(err)
	h.emails[i.URL] = email
	return i
}

// enter opens a link on a new device and joins.
func (h *house) enter(link string, opts ...client.Option) *client.Room {
	h.Helper()
	c, err := client.Open(h.Context(), link, opts...)
	h.must(err)
	r, err := c.Join(h.Context(), "")
	h.must(err)
	h.Cleanup(r.Close)
	return r
}

// live is enter, the address said and the door passed.
func (h *house) live(link string, opts ...client.Option) *client.Room {
	h.Helper()
	r := h.enter(link, opts...)
	_, err := r.LobbyCheck(h.Context(), h.emails[link])
	h.must(err)
	h.until(r, "inside", func(m *room.Mirror) bool { return m.Phase == room.PhaseLive })
	return r
}

func (h *house) openDoors() {
	h.Helper()
	_, err := h.site.PatchRoom(h.Context(), h.room.ID, client.RoomPatch{State: room.StatusOpen})
	h.must(err)
}

func (h *house) owner() *client.Room {
	h.Helper()
	c, err := h.site.Client()
	h.must(err)
	r, err := c.Join(h.Context(), h.room.ID)
	h.must(err)
	h.Cleanup(r.Close)
	return r
}

func (h *house) until(r *client.Room, what string, fits func(*room.Mirror) bool) {
	h.Helper()
	ctx, cancel := context.WithTimeout(h.Context(), apitest.Patience)
	defer cancel()
	if err := r.Until(ctx, fits); err != nil {
		r.Read(func(m *room.Mirror) { h.Logf("mirror: %+v", *m) })
		h.Fatalf("%s: %v", what, err)
	}
}

func (h *house) ended(r *client.Room, code wire.CloseCode) {
	h.Helper()
	select {
	case <-r.Done():
	case <-time.After(apitest.Patience):
		h.Fatal("the room goes on")
	}
	var closed *client.Closed
	if err := r.Err(); !errors.As(err, &closed) || closed.Code != code {
		h.Fatalf("ended with %v, want %d", err, code)
	}
}

func TestFromALinkToAPromotion(t *testing.T) {
	h := open(t)
	ada, bo := h.invite("ada@example.org", "viewer"), h.invite("bo@example.org", "viewer")

	// The countdown: one confirms early, the other does not.
	adas := h.enter(ada.URL)
	if adas.Phase() != room.PhaseCountdown || adas.You().Confirmed {
		t.Fatalf("phase %s, you %+v", adas.Phase(), adas.You())
	}
	var refusal *client.Error
	if _, err := adas.LobbyCheck(t.Context(), "eve@example.org"); !errors.As(err, &refusal) || refusal.Code != room.CodeLobbyNoMatch || refusal.TriesLeft == nil {
		t.Fatalf("a wrong address: %v", err)
	}
	if _, err := adas.Post(t.Context(), "too early"); !errors.Is(err, room.CodeNotOpenYet) {
		t.Fatalf("a message in the countdown: %v", err)
	}
	entry, err := adas.LobbyCheck(t.Context(), "Ada@Example.org")
	h.must(err)
	if entry.Phase != room.PhaseCountdown || entry.Verify != "" {
		t.Fatalf("entry %+v", entry)
	}
	bos := h.enter(bo.URL)

	// The door.
	h.openDoors()
	h.until(adas, "ada is inside by herself", func(m *room.Mirror) bool { return m.Phase == room.PhaseLive })
	h.until(bos, "bo is in the lobby", func(m *room.Mirror) bool { return m.Phase == room.PhaseLobby })
	if _, err := bos.LobbyCheck(t.Context(), "bo@example.org"); err != nil {
		t.Fatal(err)
	}
	h.until(bos, "bo is inside", func(m *room.Mirror) bool { return m.Phase == room.PhaseLive })

	// Inside.
	first, err := adas.Post(t.Context(), "hello")
	h.must(err)
	_, err = bos.Reply(t.Context(), first.ID, "hello yourself")
	h.must(err)
	likes, err := bos.Like(t.Context(), first.ID)
	h.must(err)
	if likes.Likes != 1 {
		t.Errorf("likes %+v", likes)
	}
	chat := func(want ...string) func(*room.Mirror) bool {
		return func(m *room.Mirror) bool {
			var got []string
			for _, message := range m.Chat.Items {
				got = append(got, message.Text)
			}
			return slices.Equal(got, want)
		}
	}
	h.until(adas, "ada sees both", chat("hello", "hello yourself"))
	h.until(adas, "ada sees the like", func(m *room.Mirror) bool { return m.Chat.Items[0].Likes == 1 })
	if _, err := bos.Delete(t.Context(), first.ID); !errors.Is(err, room.CodeForbidden) {
		t.Errorf("somebody else's message: %v", err)
	}
	if _, err := bos.PeoplePage(t.Context(), room.PeoplePage{}); !errors.Is(err, room.CodeForbidden) {
		t.Errorf("a viewer lists people: %v", err)
	}

	// The promotion, and its end.
	owner := h.owner()
	_, err = owner.SetRole(t.Context(), ada.Participant, room.Speaker)
	h.must(err)
	h.until(adas, "ada is a speaker", func(m *room.Mirror) bool { return m.You.Role == "speaker" && m.Backchannel != nil })
	h.until(bos, "bo sees that", func(m *room.Mirror) bool {
		return slices.ContainsFunc(m.Stage, func(x room.Member) bool { return x.Participant == ada.Participant })
	})
	_, err = adas.Backchannel(t.Context(), "psst")
	h.must(err)
	h.until(owner, "the owner hears it", func(m *room.Mirror) bool { return m.Backchannel != nil && len(m.Backchannel.Items) == 1 })
	if page, err := adas.BackchannelPage(t.Context(), "", 10); err != nil || len(page.Items) != 1 {
		t.Errorf("backchannel %+v, %v", page, err)
	}
	if people, err := adas.PeoplePage(t.Context(), room.PeoplePage{Query: "bo"}); err != nil || people.Total != 1 {
		t.Errorf("people %+v, %v", people, err)
	}
	_, err = owner.SetRole(t.Context(), ada.Participant, room.Viewer)
	h.must(err)
	h.until(adas, "ada is a viewer again", func(m *room.Mirror) bool { return m.You.Role == "viewer" && m.Backchannel == nil })
	if _, err := adas.Backchannel(t.Context(), "still here?"); !errors.Is(err, room.CodeForbidden) {
		t.Errorf("backchannel after the demotion: %v", err)
	}
	_, err = owner.Delete(t.Context(), first.ID)
	h.must(err)
	h.until(bos, "the message is gone", chat("hello yourself"))
	if page, err := bos.ChatPage(t.Context(), "", 10); err != nil || len(page.Items) != 1 {
		t.Errorf("chat page %+v, %v", page, err)
	}
	if offset, roundTrip, err := bos.TimeOffset(t.Context()); err != nil || offset.Abs() > roundTrip+5*time.Millisecond {
		t.Errorf("clock: %v ± %v, %v", offset, roundTrip, err)
	}

	// The end.
	_, err = h.site.PatchRoom(t.Context(), h.room.ID, client.RoomPatch{State: room.StatusClosed, Reason: "thank you"})
	h.must(err)
	h.until(bos, "it is over", func(m *room.Mirror) bool { return m.Phase == room.PhaseOver && m.Room.Reason == "thank you" })
}

func TestAnotherDeviceResetAndRevoke(t *testing.T) {
	h := open(t)
	h.openDoors()
	ada := h.invite("ada@example.org", "viewer")
	first := h.live(ada.URL)

	var refusal *client.Error
	if _, err := client.Open(t.Context(), ada.URL); !errors.As(err, &refusal) || refusal.Code != room.CodeOtherDevice || refusal.SinceAt == 0 {
		t.Fatalf("on a second device: %v", err)
	}
	_, err := h.site.ResetDevice(t.Context(), h.room.ID, ada.ID)
	h.must(err)
	h.ended(first, wire.CloseDisplaced)

	second := h.live(ada.URL)
	h.must(h.site.Revoke(t.Context(), h.room.ID, ada.ID))
	h.ended(second, wire.CloseInvitationInvalid)
	if _, err := client.Open(t.Context(), ada.URL); !errors.Is(err, room.CodeInvitationRevoked) {
		t.Errorf("a revoked link: %v", err)
	}
	if _, err := h.site.NewLink(t.Context(), h.room.ID, "nonsense"); !errors.Is(err, room.CodeNotFound) {
		t.Errorf("no such invitation: %v", err)
	}
	h.must(h.site.DeleteRoom(t.Context(), h.room.ID, "done"))
}

func TestADeviceComesBackByItsCookies(t *testing.T) {
	h := open(t)
	h.openDoors()
	ada := h.invite("ada@example.org", "viewer")
	c, err := client.Open(t.Context(), ada.URL)
	h.must(err)
	r, err := c.Join(t.Context(), "")
	h.must(err)
	_, err = r.LobbyCheck(t.Context(), "ada@example.org")
	h.must(err)
	h.must(c.Renew(t.Context()))
	cookies := c.Cookies()
	r.Close()
	again := h.enter(ada.URL, client.WithCookies(cookies))
	if again.Phase() != room.PhaseLive {
		t.Errorf("phase %s", again.Phase())
	}
}

func TestDrainedRoomsComeBack(t *testing.T) {
	h := open(t)
	h.openDoors()
	events := make(chan client.Event, 100)
	r := h.live(h.invite("ada@example.org", "viewer").URL, client.WithHandler(func(_ *client.Room, ev client.Event) {
		if ev.Name == client.Lost || ev.Name == client.Back || ev.Name == "drain" {
			events <- ev
		}
	}))
	h.must(h.server.Instances[0].Hub.Drain(t.Context(), 0))
	for _, want := range []string{"drain", client.Lost, client.Back} {
		select {
		case ev := <-events:
			if ev.Name != want {
				t.Fatalf("%s, want %s", ev.Name, want)
			}
		case <-time.After(apitest.Patience):
			t.Fatalf("no %s", want)
		}
	}
	if _, err := r.Post(t.Context(), "back again"); err != nil {
		t.Error(err)
	}
}

// Lines that break at any moment, in both directions: every message is there
// once, in the same order for all.
func TestBrokenLinesLoseAndDoubleNothing(t *testing.T) {
	h := open(t)
	h.openDoors()
	const people, each = 4, 12
	var rooms []*client.Room
	var breaks atomic.Int64
	count := func(_ *client.Room, ev client.Event) {
		if ev.Name == client.Lost {
			breaks.Add(1)
		}
	}
	for n := range people {
		link := h.invite(fmt.Sprintf("guest%d@example.org", n), "moderator").URL
		rooms = append(rooms, h.live(link, client.WithDialer(brittle(uint64(n))), client.WithHandler(count)))
	}
	var posting sync.WaitGroup
	for n, r := range rooms {
		posting.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), 4*apitest.Patience) // whoever lost the line often waits long before the next try
			defer cancel()
			for i := range each {
				if _, err := r.Post(ctx, fmt.Sprintf("%d/%d", n, i)); err != nil {
					t.Errorf("%d/%d: %v", n, i, err)
				}
			}
		})
	}
	posting.Wait()
	all := func(m *room.Mirror) (got []string) {
		for _, message := range m.Chat.Items {
			got = append(got, message.Text)
		}
		return got
	}
	var want []string
	for n, r := range rooms {
		h.until(r, fmt.Sprintf("guest %d has all messages", n), func(m *room.Mirror) bool { return len(m.Chat.Items) >= people*each })
		var got []string
		r.Read(func(m *room.Mirror) { got = all(m) })
		if n == 0 {
			want = got
		}
		if !slices.Equal(got, want) {
			t.Errorf("guest %d sees %q, guest 0 %q", n, got, want)
		}
	}
	if breaks.Load() < people {
		t.Errorf("the lines broke %d times only", breaks.Load())
	}
	slices.Sort(want)
	if len(want) != people*each || len(slices.Compact(want)) != people*each {
		t.Errorf("%d messages, %d different ones; want %d", len(want), len(slices.Compact(want)), people*each)
	}
}

// brittle gives lines that break after so many bytes, now early, now late.
func brittle(seed uint64) func(context.Context, string, string) (net.Conn, error) {
	random := rand.New(rand.NewPCG(seed, 7))
	var mu sync.Mutex
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		mu.Lock()
		defer mu.Unlock()
		return &brittleConn{Conn: c, left: 3000 + random.IntN(9000)}, nil
	}
}

type brittleConn struct {
	net.Conn
	mu   sync.Mutex
	left int
}

func (c *brittleConn) spend(n int) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left -= n; c.left < 0 {
		c.Conn.Close()
		return net.ErrClosed
	}
	return nil
}

func (c *brittleConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if broken := c.spend(n); broken != nil {
		return 0, broken
	}
	return n, err
}

func (c *brittleConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p) // it arrives, and nobody will know
	if broken := c.spend(n); broken != nil {
		return 0, broken
	}
	return n, err
}
