package client

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"greenroom/hub/room"
)

// Client is somebody on one device: a web session with the invitations it has
// opened, or an API key. It is safe for concurrent use. It holds no
// connection; rooms do.
type Client struct {
	*caller
	o options

	mu     sync.Mutex
	opened []Opened // in order of opening
}

// Opened is what an invitation link leads to. Opening binds nothing yet.
type Opened struct {
	Invitation room.InvitationID `json:"invitation"`
	Room       OpenedRoom        `json:"room"`
	FirstName  string            `json:"first_name"`
	Phase      room.Phase        `json:"phase"`
	Lobby      string            `json:"lobby"` // email or none
	Confirmed  bool              `json:"confirmed"`
}

// OpenedRoom is the room as a link shows it.
type OpenedRoom struct {
	ID          room.ID          `json:"id"`
	Title       string           `json:"title"`
	Description string           `json:"description"`
	StartsAt    time.Time        `json:"starts_at"`
	EndsAt      time.Time        `json:"ends_at"`
	State       room.Status      `json:"state"`
	Reason      string           `json:"reason"`
	Speakers    []room.Presenter `json:"speakers"`
	Organiser   string           `json:"organiser"`
}

// New gives a client of the server at an address (https://host) that uses an
// API key ([WithKey]), cookies ([WithCookies]) or, until it opens a link,
// nothing. It does not connect.
func New(address string, opts ...Option) (*Client, error) {
	o := defaults().with(opts)
	c, err := newCaller(address, &o)
	if err != nil {
		return nil, err
	}
	return &Client{caller: c, o: o}, nil
}

// Open opens an invitation link, https://host/i/<id>#<secret>, as a new
// device, or with [WithCookies] as the one it was. The error is an *Error with
// the reason of PROTOCOL §6, for instance room.CodeOtherDevice.
func Open(ctx context.Context, link string, opts ...Option) (*Client, error) {
	address, _, _, err := splitLink(link)
	if err != nil {
		return nil, err
	}
	c, err := New(address, opts...)
	if err != nil {
		return nil, err
	}
	if _, err := c.Open(ctx, link); err != nil {
		return nil, err
	}
	return c, nil
}

// splitLink takes an invitation link to pieces. Errors do not repeat it: it
// holds a secret.
func splitLink(link string) (address, id, secret string, err error) {
	u, err := url.Parse(link)
	if err != nil {
		return "", "", "", errors.New("client: this is not an invitation link")
	}
	at := strings.LastIndex(u.Path, "/i/")
	if at < 0 || u.Host == "" || u.Fragment == "" {
		return "", "", "", errors.New("client: an invitation link looks like https://host/i/…#…")
	}
	address = u.Scheme + "://" + u.Host + u.Path[:at]
	return address, u.Path[at+len("/i/"):], u.Fragment, nil
}

// Open opens one more link of the same server in this client's web session,
// or the same link again.
func (c *Client) Open(ctx context.Context, link string) (Opened, error) {
	return c.open(ctx, "api/v1/invitations/open", link, nil)
}

// MailCode has six digits mailed to the invited address, which it does not
// tell, so that whoever reads them there can [Client.Move] here. again is how
// long until the next ones can be asked for.
func (c *Client) MailCode(ctx context.Context, link string) (again time.Duration, err error) {
	body, err := c.holder(link)
	if err != nil {
		return 0, err
	}
	var said struct {
		Again int64 `json:"again_ms"`
	}
	err = c.call(ctx, http.MethodPost, "api/v1/invitations/code", body, &said)
	return time.Duration(said.Again) * time.Millisecond, err
}

// Move ties a link to this device by the digits of [Client.MailCode], and opens
// it. The device that had it is signed out.
func (c *Client) Move(ctx context.Context, link, code string) (Opened, error) {
	return c.open(ctx, "api/v1/invitations/move", link, map[string]string{"code": code})
}

func (c *Client) open(ctx context.Context, path, link string, more map[string]string) (Opened, error) {
	body, err := c.holder(link)
	if err != nil {
		return Opened{}, err
	}
	maps.Copy(body, more)
	var opened Opened
	if err := c.call(ctx, http.MethodPost, path, body, &opened); err != nil {
		return Opened{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.opened = append(c.opened, opened)
	return opened, nil
}

// holder is how requests name a link of this server.
func (c *Client) holder(link string) (map[string]string, error) {
	address, id, secret, err := splitLink(link)
	if err != nil {
		return nil, err
	}
	if u, err := url.Parse(address); err != nil || u.Host != c.base.Host || u.Scheme != c.base.Scheme {
		return nil, errors.New("client: this link belongs to another server")
	}
	return map[string]string{"invitation": id, "secret": secret}, nil
}

// Opened tells what the last opened link leads to; false if there was none.
func (c *Client) Opened() (Opened, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.opened) == 0 {
		return Opened{}, false
	}
	return c.opened[len(c.opened)-1], true
}

// Cookies are the web session and the device, to be kept for [WithCookies].
// They are credentials.
func (c *Client) Cookies() []*http.Cookie {
	if c.jar == nil {
		return nil
	}
	return c.jar.all()
}

// Renew changes the id of the web session; the old one dies. Pages do so after
// a lobby check (PROTOCOL §1). Rooms stay connected.
func (c *Client) Renew(ctx context.Context) error {
	return c.call(ctx, http.MethodPost, "api/v1/session/renew", nil, nil)
}

// Join connects to a room and waits for the answer to hello: then the mirror
// is filled. An empty id means the room of the last opened link. ctx bounds
// the joining alone; the room lives until [Room.Close] or until the server
// ends it. While the server asks to come later, Join does.
//
// The error is an *Error or a *Closed when the server refuses.
func (c *Client) Join(ctx context.Context, id room.ID, opts ...Option) (*Room, error) {
	if id == "" {
		opened, ok := c.Opened()
		if !ok {
			return nil, errors.New("client: open a link first, or name the room")
		}
		id = opened.Room.ID
	}
	r := newRoom(c, id, c.o.with(opts))
	if err := r.join(ctx); err != nil {
		r.cancel()
		return nil, err
	}
	go r.run()
	return r, nil
}
