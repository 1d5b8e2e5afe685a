package client

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/coder/websocket"

	"greenroom/hub/wire"
)

// patience bounds one attempt to connect, from the first packet to the answer
// to hello.
const patience = 20 * time.Second

// upgrade makes the WebSocket handshake. The library checks the answer
// (RFC 6455 §4.1); the socket under it is then taken over, so that its buffers
// go back to its pool. A refusal over HTTP is an *Error.
func upgrade(ctx context.Context, o *options, address string, header http.Header) (*conn, error) {
	h := &handshake{o: o}
	ws, resp, err := websocket.Dial(ctx, address, &websocket.DialOptions{
		HTTPClient:   &http.Client{Transport: h},
		HTTPHeader:   header,
		Subprotocols: []string{wire.Subprotocol},
	})
	if err != nil {
		return nil, h.failed(resp, err)
	}
	spoken := ws.Subprotocol()
	h.tunnel.taken = true
	_ = ws.CloseNow() // closes nothing any more, but returns its buffers
	if spoken != wire.Subprotocol {
		_ = h.nc.Close()
		return nil, errors.New("client: the server does not speak " + wire.Subprotocol)
	}
	return newConn(h.nc, h.early), nil
}

// handshake is the http.RoundTripper of one upgrade. net/http's own keeps
// buffers of 8 KiB and does not give the socket away.
type handshake struct {
	o      *options
	nc     net.Conn
	early  []byte
	tunnel *tunnel
}

func (h *handshake) failed(resp *http.Response, err error) error {
	if h.nc != nil {
		_ = h.nc.Close()
	}
	if resp == nil || resp.StatusCode == http.StatusSwitchingProtocols || resp.StatusCode < 300 {
		return fmt.Errorf("client: connect: %w", err)
	}
	body, _ := io.ReadAll(resp.Body) // at most 1 KiB, from memory
	return refused(resp.StatusCode, body)
}

// RoundTrip implements http.RoundTripper.
func (h *handshake) RoundTrip(req *http.Request) (*http.Response, error) {
	nc, err := connect(req.Context(), h.o, req.URL)
	if err != nil {
		return nil, err
	}
	h.nc = nc
	release := hurry(req.Context(), nc)
	defer release()
	if err := req.Write(nc); err != nil {
		return nil, err
	}
	br := bufio.NewReaderSize(io.LimitReader(nc, 64<<10), 512)
	resp, err := http.ReadResponse(br, req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode == http.StatusSwitchingProtocols {
		early, _ := br.Peek(br.Buffered())
		h.early = bytes.Clone(early)
		h.tunnel = &tunnel{Conn: nc}
		resp.Body = h.tunnel
		return resp, nil
	}
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 1024))
	_ = resp.Body.Close()
	_ = nc.Close()
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// tunnel is what the library holds until the socket is taken from it.
type tunnel struct {
	net.Conn
	taken bool
}

func (t *tunnel) Close() error {
	if t.taken {
		return nil
	}
	return t.Conn.Close()
}

// hurry closes a connection when the context ends, until it is released;
// release says false if that has happened.
func hurry(ctx context.Context, nc net.Conn) (release func() bool) {
	return context.AfterFunc(ctx, func() { _ = nc.Close() })
}

// connect opens the socket, with TLS for https.
func connect(ctx context.Context, o *options, u *url.URL) (net.Conn, error) {
	port := u.Port()
	if port == "" {
		port = map[bool]string{true: "443", false: "80"}[secure(u)]
	}
	nc, err := o.dial(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil || !secure(u) {
		return nc, err
	}
	config := &tls.Config{}
	if o.tls != nil {
		config = o.tls.Clone()
	}
	if config.ServerName == "" {
		config.ServerName = u.Hostname()
	}
	config.NextProtos = []string{"http/1.1"}
	over := tls.Client(nc, config)
	if err := over.HandshakeContext(ctx); err != nil {
		_ = nc.Close()
		return nil, err
	}
	return over, nil
}

func secure(u *url.URL) bool { return u.Scheme == "https" || u.Scheme == "wss" }
