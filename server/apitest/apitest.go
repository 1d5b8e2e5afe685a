// Package apitest runs whole servers inside a test: the HTTP interface, the
// hub, SQLite in a temporary file and the local broker, one instance or
// several on one store. It is black box: people are browsers with cookie jars
// and raw sockets.
//
//	s := apitest.Start(t, apitest.Options{})
//	owner := s.Owner()
//	talk := owner.Room("Talk", time.Hour)
//	anna := s.Browser()
//	anna.Open(owner.Invite(talk.ID, "anna@example.org", "viewer"))
//	socket := anna.Enter(talk.ID)
//
// Nothing here sleeps: helpers wait for a frame or a condition, and fail the
// test when it does not come within Patience. Time is moved by Server.Clock.
package apitest

import (
	"bytes"
	"cmp"
	"context"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/mail"
	"net/netip"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"greenroom/hub"
	"greenroom/hub/broker/local"
	"greenroom/hub/store"
	"greenroom/hub/store/sqlite"
	"greenroom/server/api"
	"greenroom/server/oidc"
	"greenroom/server/post"
	"greenroom/server/socket"
)

// Patience is how long a helper waits for what must come.
const Patience = 20 * time.Second

// Options of a server; the zero value is one instance with cheap passwords.
type Options struct {
	Instances int // 0: one
	Limits    api.Limits
	Mail      post.Carrier // nil: mail is not set up; what is queued is sent by Instance.Post.Deliver, or by itself with Deliver
	Deliver   bool         // send mails as they are queued
	Provider  *oidc.Config // nil: none; Redirect is filled in
	Accounts  bool         // the provider's unknown people get an account
	Proxies   []netip.Prefix
	Origins   []string
	Index     []byte // nil: a page of one line
	Assets    fs.FS  // nil: one script
	Sweep     socket.SweeperOptions
	Wrap      func(store.Store) store.Store // between the instances and the store: counts, faults
	Folder    *string                       // if set, it is told where the database lies
	Public    string                        // empty: the first instance's own address
}

// Server is one or more instances on one store.
type Server struct {
	T         testing.TB
	Clock     *Clock // of the store and of all instances
	Store     store.Store
	Public    *url.URL // the first instance's
	Instances []*Instance

	logs  logs
	owner *Browser
}

// Instance is one of them.
type Instance struct {
	URL     string
	Hub     *hub.Hub
	API     *api.API
	Sockets *socket.Counters
	Post    *post.Office // nil without mail
}

// Start runs a server until the test ends.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	s := &Server{T: t, Clock: new(Clock)}
	log := slog.New(slog.NewTextHandler(&s.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	folder := t.TempDir()
	if o.Folder != nil {
		*o.Folder = folder
	}
	opened, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(folder, "greenroom.db"), Now: s.Clock.Now, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	s.Store = opened
	if o.Wrap != nil {
		s.Store = o.Wrap(opened)
	}
	shouts := local.New(0)
	t.Cleanup(func() {
		_ = shouts.Close()
		_ = opened.Close()
		if t.Failed() {
			t.Logf("log of the server:\n%s", s.logs.String())
		}
	})
	for range max(o.Instances, 1) {
		s.start(o, shouts, log)
	}
	return s
}

func (s *Server) start(o Options, shouts *local.Broker, log *slog.Logger) {
	s.T.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.T.Fatal(err)
	}
	i := &Instance{URL: "http://" + listener.Addr().String(), Sockets: new(socket.Counters)}
	if s.Public == nil {
		if s.Public, err = url.Parse(cmp.Or(o.Public, i.URL)); err != nil {
			s.T.Fatal(err)
		}
	}
	i.Hub = hub.New(hub.Config{Store: s.Store, Broker: shouts, Instance: listener.Addr().String(), Log: log, Metrics: hub.NewMetrics(nil), Now: s.Clock.Now})
	sweeper := socket.NewSweeper(o.Sweep)
	var mailer api.Mailer
	if o.Mail != nil {
		i.Post, err = post.New(s.T.Context(), post.Config{Store: s.Store, Rooms: i.Hub, Carrier: o.Mail, From: mail.Address{Address: "rooms@greenroom.example"}, Public: s.Public, Log: log})
		if err != nil {
			s.T.Fatal(err)
		}
		mailer = i.Post
	}
	var provider *api.Provider
	if o.Provider != nil {
		c := *o.Provider
		c.Redirect, c.Now = s.Public.JoinPath(api.CallbackPath).String(), s.Clock.Now
		provider = &api.Provider{Name: "Example ID", Accounts: o.Accounts, OpenID: oidc.New(c)}
	}
	if o.Index == nil {
		o.Index, o.Assets = []byte("<!doctype html><title>greenroom</title><script src=\"/assets/app-1.js\"></script>\n"),
			fstest.MapFS{"app-1.js": {Data: []byte("\"use strict\";\n")}}
	}
	i.API, err = api.New(s.T.Context(), api.Config{Store: s.Store, Hub: i.Hub, Public: s.Public, Origins: o.Origins, Proxies: o.Proxies, Index: o.Index, Assets: o.Assets,
		Log: log, Sockets: socket.Options{Sweeper: sweeper, Observer: i.Sockets}, Mailer: mailer, Provider: provider, Now: s.Clock.Now, Version: "test", Limits: o.Limits,
		Argon2: api.Argon2{Passes: 1, KiB: 64}})
	if err != nil {
		s.T.Fatal(err)
	}
	s.Instances = append(s.Instances, i)
	s.run(i, listener, sweeper, o.Deliver && i.Post != nil)
}

// run serves until the test ends, then takes everything down in order.
func (s *Server) run(i *Instance, listener net.Listener, sweeper *socket.Sweeper, deliver bool) {
	ctx, stop := context.WithCancel(context.Background())
	var wait sync.WaitGroup
	server := &http.Server{Handler: i.API.Handler(), ReadHeaderTimeout: 5 * time.Second, MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(slog.NewTextHandler(&s.logs, nil), slog.LevelError)}
	wait.Go(func() { _ = server.Serve(listener) })
	wait.Go(func() { sweeper.Run(ctx) })
	wait.Go(func() { i.API.Run(ctx) })
	if deliver {
		wait.Go(func() { i.Post.Run(ctx) })
	}
	s.T.Cleanup(func() {
		_ = server.Close()
		hurry, cancel := context.WithTimeout(context.Background(), Patience)
		defer cancel()
		if err := i.Hub.Close(hurry); err != nil {
			s.T.Errorf("hub: %v", err)
		}
		for c := range sweeper.All() {
			c.Close(1001, "test ends")
		}
		stop()
		wait.Wait()
	})
}

// Logs is everything logged so far, at debug level.
func (s *Server) Logs() string { return s.logs.String() }

type logs struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

// Clock is the real clock, moved ahead by tests.
type Clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

// Now reads it.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

// Advance moves it. What was due meanwhile happens within about a second.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}
