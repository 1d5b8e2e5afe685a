package api

import (
	"context"
	"crypto/rand"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"greenroom/hub"
	"greenroom/hub/broker"
	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/socket"
)

// Config is everything an API is given. Store, Hub, Public, Index, Assets, Log
// and Sockets are required.
type Config struct {
	Store    store.Store
	Hub      *hub.Hub
	Public   *url.URL       // scheme and host that people type; links are made of it alone
	Origins  []string       // further origins whose pages may call, as browsers write them
	Proxies  []netip.Prefix // whose X-Forwarded-For is believed
	Index    []byte         // the one page of the web application
	Assets   fs.FS          // its scripts and styles, served below /assets/
	Log      *slog.Logger
	Sockets  socket.Options // of every connection; Sweeper must be set and running
	Mailer   Mailer         // nil: mail is not set up
	Forget   func()         // says that somebody asked to be erased; nil: nobody is told
	Provider *Provider      // nil: none
	Ready    func(context.Context) error
	Now      func() time.Time // this machine's clock; nil: time.Now
	Version  string
	Limits   Limits
	Broker   broker.Broker // to the other instances, which the limits are shared with; nil: there are none
	Argon2   Argon2        // cost of a password hash; the zero value is the default
}

// API answers HTTP and sockets. New makes it, Run keeps it tidy.
type API struct {
	// set once
	store    store.Store
	hub      *hub.Hub
	public   *url.URL
	origins  []string
	proxies  []netip.Prefix
	pages    pages
	log      *slog.Logger
	sockets  socket.Options
	mailer   Mailer
	forget   func()
	provider *Provider
	ready    func(context.Context) error
	now      func() time.Time
	version  string
	limits   Limits
	cookies  cookieNames
	hashes   hasher
	pepper   []byte // key of the matches of mail addresses

	// each guards itself
	misses     *limiter[netip.Prefix]
	wishes     *limiter[netip.Prefix]
	signIns    *limiter[string] // by account and network
	signInAll  *limiter[string] // by account
	codes      *limiter[string] // codes asked for, by address and network
	codesAll   *limiter[string] // codes asked for, by address
	fresh      *limiter[room.InvitationID]
	signInIP   *limiter[netip.Prefix]
	hellos     *limiter[string]
	guestJoins *limiter[netip.Prefix]
	tests      *limiter[string] // of mails, by account
	exports    *limiter[room.PersonID]
	files      *limiter[room.PersonID]
	lookups    *limiter[room.PersonID]
	shares     *shares // nil: this instance is alone
	doors      *doors
	crowd      *crowd
	guests     *guests
	blind      atomic.Bool   // the last look for sessions that have ended failed
	sheets     chan struct{} // one for each list of guests in work
	rosters    rosters
	reports    reports
	keySockets *keySockets
}

// New makes an API. It reads the site's secret from the store, once.
func New(ctx context.Context, c Config) (*API, error) {
	pepper, err := c.Store.Secret(ctx, "address")
	if err != nil {
		return nil, err
	}
	a := &API{store: c.Store, hub: c.Hub, public: c.Public, proxies: c.Proxies, log: c.Log, sockets: c.Sockets, mailer: c.Mailer, forget: c.Forget, provider: c.Provider,
		ready: c.Ready, now: c.Now, version: c.Version, limits: c.Limits.orDefaults(), pepper: pepper}
	if a.forget == nil {
		a.forget = func() {} // whoever forgets looks by itself
	}
	if a.now == nil {
		a.now = time.Now
	}
	if a.ready == nil {
		a.ready = c.Store.Ping
	}
	if a.version == "" {
		a.version = "dev"
	}
	a.origins = append([]string{origin(c.Public)}, slices.Clone(c.Origins)...)
	a.crowd = newCrowd(c.Store, a.now)
	a.pages = newPages(c.Index, c.Assets)
	a.cookies = cookieNamesFor(c.Public)
	a.hashes = newHasher(c.Argon2, runtime.GOMAXPROCS(0))
	if c.Broker != nil {
		a.shares = newShares(c.Broker, rand.Text(), c.Log)
	}
	a.makeLimiters()
	return a, nil
}

// origin is a URL's origin as browsers write it; the caller's URL has no
// default port and is lower case.
func origin(u *url.URL) string { return u.Scheme + "://" + u.Host }

// link makes a web address on the public URL.
func (a *API) link(path, fragment string) string {
	u := url.URL{Scheme: a.public.Scheme, Host: a.public.Host, Path: path, Fragment: fragment}
	return u.String()
}

// Handler answers every request to the public listener.
func (a *API) Handler() http.Handler { return a.guard(a.routes()) }

const (
	sweepEvery  = time.Hour
	guestsEvery = time.Minute
	endedEvery  = 3 * time.Second // an ended session's sockets are closed within 4 s (SECURITY.md T33)
)

// Run deletes sessions that have ended, closes the sockets of those that end
// while connected, and forgets limits that nobody meets any more. It returns
// when ctx is done.
func (a *API) Run(ctx context.Context) {
	quick, often, seldom := time.NewTicker(endedEvery), time.NewTicker(guestsEvery), time.NewTicker(sweepEvery)
	defer quick.Stop()
	defer often.Stop()
	defer seldom.Stop()
	looked := a.now()
	var sharing sync.WaitGroup
	defer sharing.Wait()
	sharing.Go(func() { a.shares.run(ctx, a.now) })
	for {
		select {
		case <-ctx.Done():
			return
		case <-quick.C:
			looked = a.checkEnded(ctx, looked)
			a.checkKeys(ctx)
		case <-often.C:
			a.sweepGuests(ctx)
			a.sweepLimiters()
		case <-seldom.C:
			now := a.now()
			if err := a.store.SweepSessions(ctx, now.Add(-sessionLife), now.Add(-sessionIdle)); err != nil && ctx.Err() == nil {
				a.log.Warn("sessions that ended could not be swept", "error", err)
			}
		}
	}
}
