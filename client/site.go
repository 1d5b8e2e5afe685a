package client

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"greenroom/hub/room"
)

// Site is a server as managers use it over HTTP, by an API key (PROTOCOL §1
// and §8). Every method asks once; errors are *Error when the server refuses.
// It is safe for concurrent use.
type Site struct {
	URL string // public address, https://host
	Key string // grk_…

	// Transport carries the requests; nil: http.DefaultTransport.
	Transport http.RoundTripper
}

// NewRoom describes a room to be made. EndsAt may be zero: open end.
type NewRoom struct {
	Title         string            `json:"title"`
	Description   string            `json:"description,omitempty"`
	StartsAt      time.Time         `json:"starts_at"`
	EndsAt        time.Time         `json:"ends_at,omitzero"`
	Speakers      []room.Presenter  `json:"speakers,omitempty"`
	Collaboration *bool             `json:"collaboration,omitempty"` // nil: true
	LobbyCode     bool              `json:"lobby_code,omitempty"`    // everybody proves their mailbox
	HostAbsent    *room.AbsenceRule `json:"host_absent,omitempty"`   // nil: as the site says
}

// RoomPatch changes what is not nil or empty. State opens ("open") or closes
// ("closed") the room.
type RoomPatch struct {
	Title         *string           `json:"title,omitempty"`
	Description   *string           `json:"description,omitempty"`
	StartsAt      *time.Time        `json:"starts_at,omitempty"`
	EndsAt        *time.Time        `json:"ends_at,omitempty"`
	NoEnd         bool              `json:"-"` // takes the end away
	Speakers      *[]room.Presenter `json:"speakers,omitempty"`
	Collaboration *bool             `json:"collaboration,omitempty"`
	LobbyCode     *bool             `json:"lobby_code,omitempty"`
	HostAbsent    *room.AbsenceRule `json:"host_absent,omitempty"` // Then "site": as the site says
	Results       *bool             `json:"results,omitempty"`     // are shown when the room is over
	ClosingWords  *string           `json:"closing_words,omitempty"`
	ClosingLink   *string           `json:"closing_link,omitempty"` // https, or nothing
	State         room.Status       `json:"state,omitempty"`
	Reason        string            `json:"reason,omitempty"`
}

// MarshalJSON writes ends_at:null for NoEnd.
func (p RoomPatch) MarshalJSON() ([]byte, error) {
	type plain RoomPatch
	if !p.NoEnd {
		return json.Marshal(plain(p))
	}
	return json.Marshal(struct {
		plain
		EndsAt *time.Time `json:"ends_at"`
	}{plain: plain(p)})
}

// RoomInfo is a room as its managers see it.
type RoomInfo struct {
	ID            room.ID           `json:"id"`
	Title         string            `json:"title"`
	Description   string            `json:"description"`
	StartsAt      time.Time         `json:"starts_at"`
	EndsAt        time.Time         `json:"ends_at"`
	State         room.Status       `json:"state"`
	OpenedAt      time.Time         `json:"opened_at"`
	ClosedAt      time.Time         `json:"closed_at"`
	Reason        string            `json:"reason"`
	Collaboration bool              `json:"collaboration"`
	LobbyCode     bool              `json:"lobby_code"`  // for managers
	HostAbsent    *room.AbsenceRule `json:"host_absent"` // for managers, as the next two
	ClosingWords  string            `json:"closing_words"`
	ClosingLink   string            `json:"closing_link"`
	Results       bool              `json:"results"`
	Speakers      []room.Presenter  `json:"speakers"`
	Right         string            `json:"right"`
	Invited       int               `json:"invited"`
	Inside        int               `json:"inside"`
	Waiting       int               `json:"waiting"`
	URL           string            `json:"url"`
}

// Invite asks somebody in. Type is viewer, speaker or moderator.
type Invite struct {
	Email     string    `json:"email"`
	FirstName string    `json:"first_name"`
	LastName  string    `json:"last_name"`
	Type      string    `json:"type"`
	SendEmail bool      `json:"send_email,omitempty"`
	ExpiresAt time.Time `json:"expires_at,omitzero"` // zero: a day, or the room's end
	Devices   int       `json:"devices,omitempty"`   // 0: as the site says
	Language  string    `json:"language,omitempty"`  // of the mail, as in BCP 47
	Zone      string    `json:"zone,omitempty"`      // of times in the mail, by its IANA name
}

// Invitation is the right of one address to come. URL, the link, is told once,
// when it is made.
type Invitation struct {
	ID          room.InvitationID  `json:"id"`
	Participant room.ParticipantID `json:"participant"`
	Email       string             `json:"email"`
	FirstName   string             `json:"first_name"`
	LastName    string             `json:"last_name"`
	Type        string             `json:"type"`
	State       string             `json:"state"`
	ExpiresAt   time.Time          `json:"expires_at"`
	Devices     int                `json:"devices"`
	DevicesUsed int                `json:"devices_used"`
	Locked      bool               `json:"locked"`
	CreatedAt   time.Time          `json:"created_at"`
	URL         string             `json:"url"`
	Existing    bool               `json:"existing"` // the address was invited before: names and type changed
}

// CreateRoom makes a room, whose owner is the key's person.
func (s Site) CreateRoom(ctx context.Context, r NewRoom) (RoomInfo, error) {
	return site[RoomInfo](ctx, s, http.MethodPost, r, "rooms")
}

// Room gives one room.
func (s Site) Room(ctx context.Context, id room.ID) (RoomInfo, error) {
	return site[RoomInfo](ctx, s, http.MethodGet, nil, "rooms", string(id))
}

// PatchRoom edits, moves, opens or closes a room; live for everybody in it.
func (s Site) PatchRoom(ctx context.Context, id room.ID, p RoomPatch) (RoomInfo, error) {
	return site[RoomInfo](ctx, s, http.MethodPatch, p, "rooms", string(id))
}

// DeleteRoom ends a room for good; reason may be empty and is shown to all.
func (s Site) DeleteRoom(ctx context.Context, id room.ID, reason string) error {
	var body any
	if reason != "" {
		body = map[string]string{"reason": reason}
	}
	_, err := site[struct{}](ctx, s, http.MethodDelete, body, "rooms", string(id))
	return err
}

// Invite makes an invitation and its link.
func (s Site) Invite(ctx context.Context, id room.ID, i Invite) (Invitation, error) {
	return site[Invitation](ctx, s, http.MethodPost, i, "rooms", string(id), "invitations")
}

// Revoke ends an invitation and that person's live sessions.
func (s Site) Revoke(ctx context.Context, id room.ID, invitation room.InvitationID) error {
	_, err := site[struct{}](ctx, s, http.MethodDelete, nil, "rooms", string(id), "invitations", string(invitation))
	return err
}

// NewLink makes a new link; the old one dies.
func (s Site) NewLink(ctx context.Context, id room.ID, invitation room.InvitationID) (Invitation, error) {
	return site[Invitation](ctx, s, http.MethodPost, nil, "rooms", string(id), "invitations", string(invitation), "link")
}

// ResetDevice frees an invitation of the devices that it is tied to, and
// closes them.
func (s Site) ResetDevice(ctx context.Context, id room.ID, invitation room.InvitationID) (Invitation, error) {
	return site[Invitation](ctx, s, http.MethodPost, nil, "rooms", string(id), "invitations", string(invitation), "device-reset")
}

// Client gives a client that joins rooms as the key's person.
func (s Site) Client(opts ...Option) (*Client, error) {
	return New(s.URL, append([]Option{WithKey(s.Key)}, opts...)...)
}

func site[T any](ctx context.Context, s Site, method string, body any, path ...string) (T, error) {
	return siteQuery[T](ctx, s, method, nil, body, path...)
}

func siteQuery[T any](ctx context.Context, s Site, method string, query url.Values, body any, path ...string) (T, error) {
	var into T
	c, err := s.caller()
	if err != nil {
		return into, err
	}
	full := sitePath(path)
	if len(query) > 0 {
		full += "?" + query.Encode()
	}
	err = c.call(ctx, method, full, body, &into)
	return into, err
}

func (s Site) caller() (*caller, error) {
	o := defaults()
	o.key, o.transport = s.Key, s.Transport
	if o.transport == nil {
		o.transport = http.DefaultTransport
	}
	return newCaller(s.URL, &o)
}

func sitePath(path []string) string {
	full := "api/v1"
	for _, part := range path {
		full += "/" + url.PathEscape(part)
	}
	return full
}
