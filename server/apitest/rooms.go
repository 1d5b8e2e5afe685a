package apitest

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"greenroom/hub/room"
)

func personID(id string) room.PersonID { return room.PersonID(id) }

// Room is a room as HTTP tells it.
type Room struct {
	ID            string              `json:"id"`
	Title         string              `json:"title"`
	Description   string              `json:"description"`
	StartsAt      time.Time           `json:"starts_at"`
	EndsAt        time.Time           `json:"ends_at"`
	State         string              `json:"state"`
	OpenedAt      string              `json:"opened_at"`
	ClosedAt      string              `json:"closed_at"`
	Reason        string              `json:"reason"`
	Collaboration bool                `json:"collaboration"`
	LobbyCode     bool                `json:"lobby_code"`
	Speakers      []room.Presenter    `json:"speakers"`
	Type          string              `json:"type"`
	Right         string              `json:"right"`
	Invited       *int                `json:"invited"`
	Inside        *int                `json:"inside"`
	Waiting       *int                `json:"waiting"`
	Requests      int                 `json:"requests"`
	URL           string              `json:"url"`
	Managers      []map[string]string `json:"managers"`
}

// Room makes one that starts after a time from now.
func (b *Browser) Room(title string, in time.Duration) Room {
	b.T.Helper()
	var made Room
	b.Do("POST", "/api/v1/rooms", map[string]any{"title": title, "description": "What it is about.", "starts_at": b.Server.In(in)}).Into(http.StatusCreated, &made)
	return made
}

// In is a moment from now as HTTP writes it.
func (s *Server) In(d time.Duration) string { return s.Clock.Now().Add(d).Format(time.RFC3339Nano) }

// OpenDoors opens a room at once.
func (b *Browser) OpenDoors(id string) {
	b.T.Helper()
	b.Patch(id, map[string]any{"state": "open"}).Into(http.StatusOK, nil)
}

// Patch changes a room.
func (b *Browser) Patch(id string, change map[string]any) *Answer {
	b.T.Helper()
	return b.Do("PATCH", "/api/v1/rooms/"+id, change)
}

// Invitation is an invitation as HTTP tells it.
type Invitation struct {
	ID          string   `json:"id"`
	Participant string   `json:"participant"`
	Email       string   `json:"email"`
	Domain      *Domain  `json:"domain"`
	FirstName   string   `json:"first_name"`
	LastName    string   `json:"last_name"`
	Type        string   `json:"type"`
	State       string   `json:"state"`
	StateAt     string   `json:"state_at"`
	Finishing   bool     `json:"finishing"`
	ExpiresAt   string   `json:"expires_at"`
	Devices     int      `json:"devices"`
	Language    string   `json:"language"`
	Zone        string   `json:"zone"`
	DevicesUsed int      `json:"devices_used"`
	Locked      bool     `json:"locked"`
	Verified    bool     `json:"verified"`
	URL         string   `json:"url"`
	Existing    bool     `json:"existing"`
	Sent        *bool    `json:"sent"`
	Mail        *Mail    `json:"mail"`
	Warnings    []string `json:"warnings"`
}

// Domain is the domain of an address that is not plain ASCII.
type Domain struct{ ASCII, Unicode string }

// Mail is how the last mail about an invitation fared.
type Mail struct {
	About  string    `json:"about"`
	State  string    `json:"state"`
	At     time.Time `json:"at"`
	Detail string    `json:"detail"`
}

// Link is the public id and the secret in the invitation's URL.
func (i Invitation) Link() (publicID, secret string) {
	u, err := url.Parse(i.URL)
	if err != nil {
		panic(err)
	}
	return strings.TrimPrefix(u.Path, "/i/"), u.Fragment
}

// Invite invites an address as viewer, moderator or speaker; the name is made
// of the address.
func (b *Browser) Invite(id, email, kind string) Invitation {
	b.T.Helper()
	name, _, _ := strings.Cut(email, "@")
	var made Invitation
	b.Do("POST", "/api/v1/rooms/"+id+"/invitations", map[string]any{"email": email, "first_name": strings.ToUpper(name[:1]) + name[1:],
		"last_name": "Guest", "type": kind}).Into(http.StatusCreated, &made)
	return made
}

// Opened is what opening a link tells.
type Opened struct {
	Invitation string
	Room       Room
	FirstName  string `json:"first_name"`
	Phase      string
	Lobby      string
	Confirmed  bool
}

// TryOpen opens a link.
func (b *Browser) TryOpen(publicID, secret string) *Answer {
	b.T.Helper()
	return b.Do("POST", "/api/v1/invitations/open", map[string]string{"invitation": publicID, "secret": secret})
}

// Open opens an invitation's link, which must work.
func (b *Browser) Open(i Invitation) Opened {
	b.T.Helper()
	var o Opened
	publicID, secret := i.Link()
	b.TryOpen(publicID, secret).Into(http.StatusOK, &o)
	return o
}
