package client

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"

	"greenroom/hub/room"
)

// Option changes how a client or one of its rooms works. Options given to
// [New] and [Open] hold for every room joined; those given to [Client.Join]
// for that room alone.
type Option func(*options)

type options struct {
	key        string
	cookies    []*http.Cookie
	dial       func(ctx context.Context, network, address string) (net.Conn, error)
	tls        *tls.Config
	transport  http.RoundTripper
	name       string
	handler    func(*Room, Event)
	weigh      func(*Room, int)
	lean       bool
	noClock    bool
	invitation room.InvitationID
	takeover   bool
	queue      int
}

func defaults() options {
	return options{
		dial:  (&net.Dialer{KeepAlive: -1}).DialContext, // the protocol's pings notice a dead peer
		name:  "go/1",
		queue: 1024,
	}
}

func (o options) with(more []Option) options {
	for _, option := range more {
		option(&o)
	}
	return o
}

// WithKey authenticates by an API key (grk_…), as managers and programs do.
func WithKey(key string) Option { return func(o *options) { o.key = key } }

// WithCookies starts from cookies of an earlier client ([Client.Cookies]), so
// that a device stays the one that claimed its link.
func WithCookies(cookies []*http.Cookie) Option { return func(o *options) { o.cookies = cookies } }

// WithDialer makes every connection, of sockets and of HTTP. TLS comes on top
// of it, so it may tunnel through a proxy, which is not asked otherwise.
func WithDialer(dial func(ctx context.Context, network, address string) (net.Conn, error)) Option {
	return func(o *options) { o.dial = dial }
}

// WithTLS sets the TLS configuration of https servers.
func WithTLS(c *tls.Config) Option { return func(o *options) { o.tls = c } }

// WithTransport carries the HTTP requests (not the sockets). Without it every
// request makes a connection of its own and leaves none behind.
func WithTransport(t http.RoundTripper) Option { return func(o *options) { o.transport = t } }

// WithName is what the server's logs call this program, "name/version".
func WithName(name string) Option { return func(o *options) { o.name = name } }

// WithHandler calls f for every event, in order, on the goroutine that reads
// the connection: f must not block, close the room or ask commands, and
// Event.Data is valid only during the call. It costs no queue; programs with
// very many rooms want it. [Room.Events] works beside it.
func WithHandler(f func(*Room, Event)) Option { return func(o *options) { o.handler = f } }

// WithScales calls f for every frame of the server with the bytes of its text,
// before it is taken in, under the same rules as [WithHandler]. What a person
// costs the network is measured by it.
func WithScales(f func(r *Room, bytes int)) Option { return func(o *options) { o.weigh = f } }

// WithLeanMirror keeps the room, one's own role and the phase, but no messages
// and no stage, and does not decode what only concerns them. What all lean
// mirrors of a program are told alike is read once for all of them.
func WithLeanMirror() Option { return func(o *options) { o.lean = true } }

// WithoutClock does not measure the server's clock; [Room.Now] then rests on
// the time told at hello. It saves five commands at each connect.
func WithoutClock() Option { return func(o *options) { o.noClock = true } }

// WithInvitation chooses among several opened invitations of one room.
func WithInvitation(id room.InvitationID) Option { return func(o *options) { o.invitation = id } }

// WithTakeover asks to move a link that is tied to another device here, where
// the server offers that.
func WithTakeover() Option { return func(o *options) { o.takeover = true } }

// WithQueue bounds how many events wait for an iterator; default 1024. All of
// them together may hold 256 KiB of data.
func WithQueue(events int) Option { return func(o *options) { o.queue = max(events, 1) } }
