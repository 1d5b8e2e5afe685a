package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
	"github.com/prometheus/client_golang/prometheus"

	"greenroom/hub"
	"greenroom/hub/broker/redis"
	"greenroom/hub/store"
	"greenroom/server/api"
	"greenroom/server/debug"
	"greenroom/server/forget"
	"greenroom/server/mail"
	"greenroom/server/post"
	"greenroom/server/socket"
	"greenroom/web"
)

// graceTime is what is left, beyond the time to drain, for requests under way, last frames and
// the last commits.
const graceTime = 15 * time.Second

// server is one running server: what its parts need of each other.
type server struct {
	// set once, in the order of start
	settings
	log      *slog.Logger
	out      io.Writer // for people: links and addresses, never the log
	public   *url.URL
	folder   string
	people   net.Listener // nil before listen, unless systemd has opened it
	keeper   net.Listener // nil: none
	store    store.Store
	registry *prometheus.Registry
	between  *redis.Broker // nil: this server works alone
	hub      *hub.Hub
	sockets  *connections
	forget   *forget.Worker
	api      *api.API
	post     *post.Office // nil: mail is not set up
	outbox   *mail.Outbox // only with --dev

	gate  *gate
	parts parts
}

// serve runs the server until a signal or a failure.
func serve(ctx context.Context, line *commandLine, stdout, stderr io.Writer) error {
	people, keeper, err := inherit(line)
	if err != nil {
		return err
	}
	s, err := judge(line)
	if err != nil {
		return err
	}
	log, err := newLogger(stderr, line.LogLevel, line.LogFormat)
	if err != nil {
		return err
	}
	for _, warning := range s.warnings {
		log.Warn(warning)
	}
	r := &server{settings: s, log: log, out: stdout, people: people, keeper: keeper, parts: parts{log: log}}
	r.gate = newGate(r.works, log)
	ctx, hard, release := signals(ctx, log)
	defer release()
	failed := make(chan error, 2)
	if err := r.start(ctx, failed); err != nil {
		r.parts.log = slog.New(slog.DiscardHandler)
		return errors.Join(err, r.parts.stop(hard))
	}
	select {
	case <-ctx.Done():
		err = nil
	case err = <-failed:
	}
	return errors.Join(err, r.stop(hard))
}

// start starts the parts in order. What it has started is in parts, even if it fails.
func (r *server) start(ctx context.Context, failed chan<- error) error {
	for _, step := range []func(context.Context) error{
		r.listen, r.openStore, r.startHub, r.startForgetting, r.startPost, r.startAPI, r.firstOwner,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	r.serveHTTP("admin listener", r.keeper, r.keeperHandler(), failed)
	r.serveHTTP("public listener", r.people, r.gate.guard(r.sockets.observe(r.api.Handler())), failed)
	r.gate.open()
	r.log.Info("listening", "url", r.public.String(), "admin", r.keeperURL(), "version", version)
	r.parts.runs("watchdog", r.watchdog)
	r.tell(daemon.SdNotifyReady)
	return r.welcome(ctx)
}

// stop is start backwards, after everybody was asked to come back later.
func (r *server) stop(hard context.Context) error {
	ctx, cancel := context.WithTimeout(hard, r.drain+graceTime)
	defer cancel()
	r.gate.drain()
	r.tell(daemon.SdNotifyStopping)
	r.log.Info("draining", "connections", r.sockets.Len(), "over", r.drain)
	if err := r.hub.Drain(ctx, r.drain); err != nil {
		r.log.Warn("not everybody could be asked to come back later", "error", err)
	}
	err := r.parts.stop(ctx)
	r.log.Info("ended")
	return err
}

// works says whether people are well served here: the store answers and its settings can be read.
// Redis is not asked: without it everything goes on, on all servers alike.
func (r *server) works(ctx context.Context) error {
	if err := r.hub.Fit(ctx); err != nil {
		return err
	}
	return r.store.Ping(ctx)
}

// listen takes the ports first: whoever starts the server twice hears of it before anything is
// touched.
func (r *server) listen(ctx context.Context) error {
	if err := r.take(ctx, &r.people, "public port", "--listen", r.settings.listen); err != nil {
		return err
	}
	r.public = r.at(r.people.Addr().(*net.TCPAddr).Port)
	if r.admin == "" {
		return nil
	}
	return r.take(ctx, &r.keeper, "admin port", "--admin-listen", r.admin)
}

// take opens a port, unless it was inherited.
func (r *server) take(ctx context.Context, port *net.Listener, name, flag, address string) (err error) {
	if *port == nil {
		if *port, err = (&net.ListenConfig{}).Listen(ctx, "tcp", address); err != nil {
			return explainListen(flag, address, err)
		}
	}
	r.parts.started(name, closer((*port).Close))
	return nil
}

func (r *server) openStore(ctx context.Context) error {
	folder, cleanup, err := r.settings.folder()
	if err != nil {
		return err
	}
	r.folder = folder
	r.parts.started("data folder", closer(func() error { cleanup(); return nil }))
	if path := r.settings.store.path(folder); path != "" {
		unlock, err := lock(path)
		if err != nil {
			return explainStore(path, err)
		}
		r.parts.started("lock", closer(func() error { unlock(); return nil }))
	}
	if r.store, err = r.settings.store.open(ctx, folder, r.log); err != nil {
		return err
	}
	r.parts.started("store", closer(r.store.Close))
	return nil
}

func (r *server) startHub(ctx context.Context) error {
	limit := tuneMemory(r.memory)
	r.log.Debug("memory", "limit", limit)
	r.parts.runs("memory", returnMemory)
	r.registry = newRegistry()
	watchStore(r.registry, r.store)
	between, err := r.startBroker(ctx)
	if err != nil {
		return err
	}
	epoch, err := r.store.Secret(ctx, restored)
	if err != nil {
		return err
	}
	r.hub = hub.New(hub.Config{Store: r.store, Broker: between, Epoch: hex.EncodeToString(epoch[:6]), Instance: rand.Text(), Log: r.log, Metrics: hub.NewMetrics(r.registry), Now: wallClock()})
	r.parts.started("hub", r.hub.Close)
	return nil
}

func (r *server) startAPI(ctx context.Context) error {
	r.sockets = newConnections(r.registry, r.log)
	r.parts.runs("sweeper", r.sockets.Run)
	config := api.Config{
		Store: r.store, Hub: r.hub, Public: r.public, Origins: r.origins(r.public), Proxies: r.proxies,
		Index: web.Index(), Assets: web.Assets(), Log: r.log, Ready: r.gate.ready, Version: version, Forget: r.forget.Wake,
		Sockets: socket.Options{Sweeper: r.sockets.Sweeper, Observer: r.sockets}, Now: wallClock(),
	}
	if r.post != nil {
		config.Mailer = r.post
	}
	if r.between != nil {
		config.Broker = r.between
	}
	config.Provider = r.provider.signsIn(r.public)
	var err error
	if r.api, err = api.New(ctx, config); err != nil {
		return err
	}
	r.parts.runs("api", r.api.Run)
	r.parts.started("sessions", r.endSessions)
	return nil
}

// endSessions ends what Drain did not reach, and waits a moment for the last frames to leave.
func (r *server) endSessions(ctx context.Context) error {
	for c := range r.sockets.All() {
		c.Close(drainCode, "drain")
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(socket.DefaultLinger + time.Second)
	for r.sockets.Len() > 0 {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-deadline:
			return nil
		case <-tick.C:
		}
	}
	return nil
}

// keeperHandler is the admin listener's side.
func (r *server) keeperHandler() http.Handler {
	c := debug.Config{
		Rooms: r.hub.Rooms, Check: r.hub.Check, Ready: r.gate.ready, Metrics: r.registry, Log: r.log, Loopback: loopback(hostOf(r.admin)),
		Facts: []debug.Fact{{Name: "Release", Value: buildText()}, {Name: "Address", Value: r.public.String()}, {Name: "Data", Value: r.folder},
			{Name: "Store", Value: r.settings.store.name(r.folder)}},
		Latest: func() []debug.Fact { return append(r.brokerFacts(), r.keeping()...) },
	}
	if r.outbox != nil {
		c.Pages = map[string]http.Handler{"/mail": r.outbox.Page()}
	}
	return debug.Handler(c)
}

// keeperURL is the address of the debug page, or empty.
func (r *server) keeperURL() string {
	if r.keeper == nil {
		return ""
	}
	return "http://" + r.keeper.Addr().String()
}

// closer is a stop that cannot be hurried. A port may have been closed by its http.Server already.
func closer(f func() error) func(context.Context) error {
	return func(context.Context) error {
		if err := f(); !errors.Is(err, net.ErrClosed) {
			return err
		}
		return nil
	}
}

// echo is how long the first signal is still the same one: timeout(1) and some supervisors send it
// to the program and to its group.
const echo = 500 * time.Millisecond

// signals gives a context that the first SIGTERM or SIGINT ends, and one that the second ends. The
// third ends the program.
func signals(parent context.Context, log *slog.Logger) (first, second context.Context, release func()) {
	first, ask := context.WithCancel(parent)
	second, insist := context.WithCancel(context.WithoutCancel(parent))
	c := make(chan os.Signal, 2)
	signal.Notify(c, syscall.SIGTERM, os.Interrupt)
	done := make(chan struct{})
	go func() {
		var asked time.Time
		for {
			select {
			case <-done:
				return
			case <-c:
			}
			switch {
			case asked.IsZero():
				asked = time.Now()
				ask()
			case time.Since(asked) > echo:
				log.Warn("stopping at once: a second signal came")
				signal.Stop(c)
				insist()
				return
			}
		}
	}()
	return first, second, func() { signal.Stop(c); close(done); ask(); insist() }
}
