package api

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/netip"
	"time"

	"greenroom/hub"
	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/wire"
	"greenroom/server/socket"
)

// getSocket upgrades a request. Everything that a program can be told is
// refused before the upgrade; what a person must be told is accepted, because
// browsers cannot read a failed upgrade, and refused after hello.
func (a *API) getSocket(w http.ResponseWriter, r *http.Request) error {
	bearer := r.Header.Get("Authorization") != ""
	if err := socket.CheckUpgrade(r, socket.Policy{Origins: a.origins, Cookie: !bearer}); err != nil {
		return upgradeRefused(w, err)
	}
	who, err := a.askIn(r, a.crowd)
	if err != nil && !errors.Is(err, room.CodeNotAuthenticated) {
		return err
	}
	c := &connection{api: a, who: who, network: a.clientNetwork(r), anonymous: who.row == nil && who.key == nil, language: languageOf(r)}
	if !c.enters(r.Context()) {
		return slowDown(time.Second)
	}
	conn, err := socket.Accept(w, r, a.sockets)
	if err != nil {
		c.greet()
		c.part()
		a.log.Debug("upgrade failed", "error", err)
		return nil // the refusal has been written
	}
	c.conn = conn
	a.guests.add(c)
	a.keySockets.add(c)
	conn.Serve(handler{c})
	return nil
}

// upgradeRefused tells why a request is no handshake of ours.
func upgradeRefused(w http.ResponseWriter, err error) error {
	var no *socket.Refusal
	if !errors.As(err, &no) {
		return err
	}
	code := room.CodeBadRequest
	switch no.Status {
	case http.StatusForbidden:
		code = room.CodeForbidden
	case http.StatusUpgradeRequired:
		w.Header().Set("Upgrade", "websocket")
		w.Header().Set("Connection", "Upgrade")
	}
	return &refusal{*refuse(code, "No connection: "+no.Reason+"."), no.Status}
}

// connection is one socket from its upgrade to its end. All its methods but
// end run on the socket's reader, one after another.
type connection struct {
	// set once
	api       *API
	conn      *socket.Conn
	who       asker
	network   netip.Prefix
	anonymous bool
	language  string // that the browser asks for

	// owned by the reader
	greeted   bool
	session   party
	room      room.ID
	refused   float64 // frames refused here, less what is forgiven
	refusedAt time.Time
	closed    bool
}

// party is what a connection is once it has been greeted: a session in a room,
// or a page that looks at one.
type party interface {
	Do(ctx context.Context, q wire.Request)
	Leave()
}

// handler hides the callbacks from the rest of the package.
type handler struct{ *connection }

// commandTimeout bounds what one command may wait for the store.
const commandTimeout = 30 * time.Second

// Message implements socket.Handler.
func (h handler) Message(_ *socket.Conn, text []byte) {
	c := h.connection
	defer c.recover()
	ctx, cancel := context.WithTimeout(context.Background(), commandTimeout)
	defer cancel()
	q, err := wire.DecodeCommand(text)
	if errors.Is(err, wire.ErrSyntax) && bytes.IndexByte(text, '\n') >= 0 {
		c.several(ctx, text)
		return
	}
	c.take(ctx, q, err)
}

// several takes the objects of a frame that holds more than one. Heartbeats
// among them, and frames of nothing, have passed by the connection's own count
// of those that stand alone: they are counted here.
func (c *connection) several(ctx context.Context, text []byte) {
	said := false
	for line := range bytes.SplitSeq(text, []byte{'\n'}) {
		answer, beat := socket.Heartbeat(line)
		switch {
		case c.closed:
			return
		case beat && c.abuses():
			c.close(wire.CloseAbuse)
		case beat:
			_ = c.conn.Send(answer)
			said = true
		case len(bytes.TrimSpace(line)) > 0:
			q, err := wire.DecodeCommand(line)
			c.take(ctx, q, err)
			said = true
		}
	}
	if !said && c.abuses() {
		c.close(wire.CloseAbuse)
	}
}

// take judges one decoded command.
func (c *connection) take(ctx context.Context, q wire.Request, err error) {
	switch {
	case errors.Is(err, wire.ErrSyntax):
		c.close(wire.CloseBadRequest)
	case c.session == nil:
		c.hello(ctx, q, err)
	case err != nil:
		c.refuse(q.ID, err)
	default:
		c.command(ctx, q)
	}
}

// Closed implements socket.Handler.
func (h handler) Closed(_ *socket.Conn, err error) {
	c := h.connection
	if c.session != nil {
		c.session.Leave()
	}
	c.greet()
	c.part()
	c.api.guests.remove(c)
	c.api.keySockets.remove(c)
	c.api.log.Debug("socket closed", "error", err)
}

// recover ends a connection whose command met a fault of ours; the client
// comes back and asks again.
func (c *connection) recover() {
	if p := recover(); p != nil {
		c.api.logPanic(p, "GET /ws")
		c.close(wire.CloseInternal)
	}
}

// enters counts the connection in, if there is room for it.
func (c *connection) enters(ctx context.Context) bool {
	if c.anonymous {
		return c.api.doors.enter(c.network, true)
	}
	return c.api.doors.await(ctx, c.network)
}

// greet takes the connection off the half-open ones, once.
func (c *connection) greet() {
	if !c.greeted {
		c.greeted = true
		c.api.doors.greeted(c.network)
	}
}

func (c *connection) part() {
	if c.anonymous {
		c.api.doors.left(c.network)
	}
}

// end closes the socket from another goroutine than its reader's.
func (c *connection) end(code wire.CloseCode) { c.conn.Close(int(code), code.String()) }

func (c *connection) close(code wire.CloseCode) {
	c.closed = true
	c.conn.Close(int(code), code.String())
}

// tell answers a command with a refusal.
func (c *connection) tell(id uint32, no *room.Refusal) {
	_ = c.conn.Send(wire.NewFrame(wire.AppendError(nil, id, wire.ErrorOf(no)))) // a connection that fails ends by itself
}

// hello takes the first command; what is none ends the connection.
func (c *connection) hello(ctx context.Context, q wire.Request, err error) {
	var no *room.Refusal
	if errors.As(err, &no) {
		c.tell(q.ID, no)
	}
	enter := c.first(q)
	if err != nil || enter == nil {
		c.close(wire.CloseBadRequest)
		return
	}
	c.greet()
	c.conn.Ready()
	if err := enter(ctx); err != nil {
		c.turnAway(q.ID, err)
	}
}

// first gives what a connection's first command asks for; nil: it is none.
func (c *connection) first(q wire.Request) func(context.Context) error {
	switch first := q.Command.(type) {
	case wire.Hello:
		return func(ctx context.Context) error { return c.join(ctx, q.ID, first) }
	case wire.LookInvitations:
		return func(ctx context.Context) error { return c.look(ctx, q.ID, first) }
	}
	return nil
}

func (c *connection) join(ctx context.Context, id uint32, hello wire.Hello) error {
	by, err := c.actor(ctx, hello)
	if err != nil {
		return err
	}
	c.room = hello.Room
	if err := c.takeover(ctx, by, hello); err != nil {
		return err
	}
	session, err := c.api.hub.Join(ctx, hub.Join{Room: hello.Room, Actor: by, Conn: c.conn, Hello: hello, ReplyTo: id})
	if err == nil {
		c.session = session
	}
	return err
}

// look lets a manager's page look at a room's invitations. Only an account may;
// what the browser has opened beside it does not matter.
func (c *connection) look(ctx context.Context, id uint32, first wire.LookInvitations) error {
	if _, err := c.actor(ctx, wire.Hello{Room: first.Room}); err != nil {
		return err
	}
	if c.who.person == nil {
		return finally(errNobody)
	}
	look, err := c.api.hub.Look(ctx, first.Room, c.api.actor(c.who, first.Room), c.conn, id)
	if err == nil {
		c.session = look
	}
	return err
}

// takeover moves the seat of somebody signed in with the invited address to
// this device, if the hello asks for it. Where there is nothing to move, or
// nothing shows that it is theirs, the hello is judged as any other.
func (c *connection) takeover(ctx context.Context, by room.Actor, hello wire.Hello) error {
	if !hello.Takeover || by.Verified.IsZero() {
		return nil
	}
	_, err := c.api.hub.Do(ctx, hello.Room, by, room.MoveDevice{}, nil)
	var no *room.Refusal
	if errors.As(err, &no) {
		return nil
	}
	return err
}

// actor decides as whom somebody comes. The session is read again: it may have
// ended, or opened another invitation, since the upgrade.
func (c *connection) actor(ctx context.Context, hello wire.Hello) (room.Actor, error) {
	a := c.api
	if c.anonymous {
		return room.Actor{}, finally(errNobody)
	}
	if wait := a.hellos.take(string(c.who.bound[:]), a.now()); wait > 0 {
		return room.Actor{}, slowDown(wait)
	}
	all, err := c.openings(ctx)
	if err != nil {
		return room.Actor{}, err
	}
	by := a.actor(c.who, hello.Room)
	o, found := openingOf(all, hello.Room, hello.Invitation)
	switch {
	case hello.Invitation != "" && !found:
		return by, finally(errNotFound)
	case hello.Invitation != "":
		return through(by, o), nil
	case found:
		return a.asManager(ctx, by, o, hello.Room)
	case c.who.person == nil:
		return by, finally(errNobody)
	}
	return by, nil
}

// errRefresh says that the session got a new id between upgrade and hello: the
// browser has it already, the client has only to come again.
var errRefresh = errors.New("api: the session was renewed")

func (c *connection) openings(ctx context.Context) ([]store.Opening, error) {
	if c.who.row == nil {
		return nil, nil
	}
	o, err := c.api.crowd.read.ask(ctx, c.who.row.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, errRefresh
	}
	return o.Openings, err
}

// asManager prefers a manager's own seat to an invitation that was opened in
// the same browser, unless the hello names it.
func (a *API) asManager(ctx context.Context, by room.Actor, o store.Opening, id room.ID) (room.Actor, error) {
	if by.Account == "" {
		return through(by, o), nil
	}
	state, err := a.hub.State(ctx, id)
	if err != nil {
		return by, err
	}
	if _, manages := state.Manager(by.Account); manages {
		return by, nil
	}
	return through(by, o), nil
}

func finally(no *room.Refusal) *room.Refusal {
	last := *no
	last.Final = true
	return &last
}

// turnAway answers a hello that is refused: the error, and then the code that
// says whether to come back.
func (c *connection) turnAway(id uint32, err error) {
	if errors.Is(err, errRefresh) {
		c.close(wire.CloseSessionRefresh)
		return
	}
	var no *room.Refusal
	if !errors.As(err, &no) {
		c.api.log.Error("hello failed", "error", err)
		no = &room.Refusal{Code: room.CodeUnavailable, Message: "The room cannot be opened right now.", Retry: time.Second}
	}
	c.tell(id, no)
	c.close(wire.CloseFor(no.Code))
}

// command brings one into the form that the rules expect and hands it on.
func (c *connection) command(ctx context.Context, q wire.Request) {
	q.Command = normalCommand(q.Command)
	if s, inside := c.session.(*hub.Session); inside {
		switch asked := q.Command.(type) {
		case room.LobbyCheck:
			c.lobbyCheck(ctx, s, q, asked)
			return
		case room.LobbyCode:
			c.lobbyCode(ctx, s, q, asked)
			return
		}
	}
	c.session.Do(ctx, q)
}

// abuses counts refused frames, which are forgiven by and by: a newer client
// may ask for what we do not know, but not on end.
func (c *connection) abuses() bool {
	now := c.api.now()
	forgiven := now.Sub(c.refusedAt).Seconds() * wire.CommandsPerS
	c.refused, c.refusedAt = max(c.refused-forgiven, 0)+1, now
	return c.refused > float64(c.api.limits.RefusedCommands)
}

// refuse answers a frame that never reaches the hub and its rates, and ends a
// connection that sends too many.
func (c *connection) refuse(id uint32, err error) {
	var no *room.Refusal
	if !errors.As(err, &no) {
		no = refuse(room.CodeBadRequest, "This cannot be understood.")
	}
	if c.abuses() {
		c.close(wire.CloseAbuse)
		return
	}
	c.tell(id, no)
}
