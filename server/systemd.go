package main

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/coreos/go-systemd/v22/activation"
	"github.com/coreos/go-systemd/v22/daemon"
)

// adminSocket is the FileDescriptorName of the admin listener's socket; every other name is people's.
const adminSocket = "admin"

// inherit takes the sockets that systemd has opened (sd_listen_fds(3)), in place of --listen and
// --admin-listen. It keeps them open while the server is replaced: who comes meanwhile waits and is
// not refused. Where nothing was passed both are nil.
func inherit(line *commandLine) (people, keeper net.Listener, err error) {
	for _, file := range activation.Files(true) {
		to, flag := &people, &line.Listen
		if file.Name() == adminSocket {
			to, flag = &keeper, &line.AdminListen
		}
		if *to != nil {
			return nil, nil, refuse("Leave one ListenStream= for people and, with FileDescriptorName=admin in a socket unit of its own, one for the admin listener.",
				"systemd passes two sockets named %q", file.Name())
		}
		if *to, err = inheritOne(file); err != nil {
			return nil, nil, err
		}
		*flag = (*to).Addr().String()
	}
	return people, keeper, nil
}

func inheritOne(file *os.File) (net.Listener, error) {
	defer file.Close()
	l, err := net.FileListener(file)
	if err == nil && l.Addr().Network() == "tcp" {
		return l, nil
	}
	return nil, refuse("Write ListenStream= with a port, or with an address and a port, and Accept=no.",
		"the socket %q that systemd passes is none that a server can listen on", file.Name())
}

// tell says to systemd how it goes (sd_notify(3)). Where it does not ask nothing happens.
func (r *server) tell(state string) {
	if _, err := daemon.SdNotify(false, state); err != nil {
		r.log.Warn("systemd could not be told", "state", state, "error", err)
	}
}

// watchdog tells systemd again and again that people's listener answers, until it is stopped; if it
// does not, systemd starts the server anew. It ends at once where systemd does not watch.
func (r *server) watchdog(ctx context.Context) {
	span, err := daemon.SdWatchdogEnabled(true)
	if err != nil {
		r.log.Warn("systemd's watchdog is not understood", "error", err)
	}
	if span == 0 {
		return
	}
	tick := time.NewTicker(span / 3)
	defer tick.Stop()
	for {
		if err := r.alive(ctx, span/3); err == nil {
			r.tell(daemon.SdNotifyWatchdog)
		} else if ctx.Err() == nil {
			r.log.Error("people's listener does not answer", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// alive asks people's listener as somebody outside would.
func (r *server) alive(ctx context.Context, patience time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	self := caller{base: &url.URL{Scheme: "http", Host: r.people.Addr().String()}, host: r.public.Host}
	return self.call(ctx, http.MethodGet, "/healthz", nil, &struct{}{})
}
