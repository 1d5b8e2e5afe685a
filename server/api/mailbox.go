package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"greenroom/hub"
	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/wire"
	"greenroom/server/mailaddr"
	"greenroom/server/redact"
)

// mailedCode is a code on its way to an invited mailbox: what the room's log
// keeps of it, and the mail that is written in the same commit.
type mailedCode struct {
	hash  room.Hash
	mail  store.MailRow
	spent bool // the mailbox has had the codes of a day
}

// rows are the mail, if the room has sent the code.
func (c mailedCode) rows(events []room.Event) (rows []store.Row) {
	for _, e := range events {
		if _, sent := e.Fact.(room.CodeSent); sent {
			rows = append(rows, c.mail)
		}
	}
	return rows
}

// roomCode is what a room keeps of a code that one device may use.
func (a *API) roomCode(id room.ID, device room.Hash, code redact.Secret) room.Hash {
	typed := redact.Secret(strings.Map(digit, string(code)))
	return a.codeHash("room "+string(id), device, typed)
}

// mailCode makes a code for the invited mailbox. The caller has made sure that
// there is a mailer.
func (a *API) mailCode(ctx context.Context, id room.ID, inv room.InvitationID, device room.Hash, language string) (mailedCode, error) {
	row, err := a.address(ctx, id, inv)
	if err != nil {
		return mailedCode{}, err
	}
	to, err := mailaddr.Parse(row.Email)
	if err != nil {
		return mailedCode{}, err
	}
	if row.Language != "" {
		language = row.Language
	}
	code := newCode()
	made := mailedCode{hash: a.roomCode(id, device, code), mail: a.codeMail(to, code, language, id, inv)}
	had, err := a.store.CodeLoad(ctx, made.mail.Recipient)
	made.spent = had >= a.limits.CodesRecipient
	return made, err
}

// judgeCode refuses what is no six digits: it is no guess and not counted.
func judgeCode(code string) error {
	if typed := strings.Map(digit, code); len(typed) != 6 || strings.Trim(typed, "0123456789") != "" {
		return invalid("code", "has six digits")
	}
	return nil
}

type codeAnswer struct {
	AgainMS int64 `json:"again_ms"` // until the next one can be asked for
}

// postCode mails a code to the invited address, so that whoever reads it there
// can move here. Whoever asks does not learn the address.
func (a *API) postCode(w http.ResponseWriter, r *http.Request) error {
	var in holderBody
	if err := readBody(w, r, &in, false); err != nil {
		return err
	}
	h, err := a.holder(r, in)
	if err != nil {
		return err
	}
	if a.mailer == nil {
		return invalid("code", "needs mail, which is not set up on this site")
	}
	if h, err = a.browser(w, r, h); err != nil {
		return err
	}
	code, err := a.mailCode(r.Context(), h.link.Room, h.link.Invitation, h.by.Device, languageOf(r))
	if err != nil {
		return err
	}
	out, err := a.hub.Do(r.Context(), h.link.Room, h.by, room.SendCode{Code: code.hash, Spent: code.spent}, code.rows)
	if err != nil {
		return a.tell(h, err)
	}
	a.wake()
	p, ok := out.State.Invited(h.by.Invitation)
	if !ok {
		return errNotFound
	}
	_, next := out.State.CodeWaits(p, h.by, a.hub.Now())
	return answer(w, http.StatusOK, codeAnswer{next.Milliseconds()})
}

// browser gives a holder's browser a session and a device cookie, as opening
// the link would.
func (a *API) browser(w http.ResponseWriter, r *http.Request, h holder) (holder, error) {
	if h.who.row == nil {
		if wait := a.fresh.take(h.link.Invitation, a.now()); wait > 0 {
			return h, slowDown(wait)
		}
		who, err := a.freshSession(r.Context(), w, h.who)
		if err != nil {
			return h, err
		}
		h.who, h.by.Session = who, who.bound
	}
	h.by.Device = a.keepDevice(w, r)
	return h, nil
}

// postMove ties the invitation to this browser by a mailed code. The device
// that had it is signed out with the new claim in the log.
func (a *API) postMove(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		holderBody
		Code redact.Secret `json:"code"`
	}
	if err := readBody(w, r, &in, false); err != nil {
		return err
	}
	h, err := a.holder(r, in.holderBody)
	if err != nil {
		return err
	}
	if err := judgeCode(string(in.Code)); err != nil {
		return err
	}
	if h.who.row == nil || h.by.Device.IsZero() {
		return errNobody // the code is for the browser that asked for it
	}
	out, err := a.hub.Do(r.Context(), h.link.Room, h.by, room.MoveDevice{Code: a.roomCode(h.link.Room, h.by.Device, in.Code)}, nil)
	if err != nil {
		return a.tell(h, err)
	}
	opening := store.Opening{Room: h.link.Room, Invitation: h.link.Invitation, Link: h.link.Generation}
	if err := a.store.PutOpening(r.Context(), h.who.row.ID, opening); err != nil {
		return err
	}
	return a.tellOpened(w, out.State, h.by)
}

// lobbyCheck compares an address with the invited one.
func (c *connection) lobbyCheck(ctx context.Context, s *hub.Session, q wire.Request, check room.LobbyCheck) {
	address, err := mailaddr.Parse(check.Email)
	if err != nil {
		c.refuse(q.ID, invalid("email", err.Error())) // no guess: it is not counted
		return
	}
	check.Match, check.Domain = mailaddr.Match(c.api.pepper, c.room, address.Canonical), address.Domain()
	code, err := c.codeFor(ctx, s)
	if err != nil {
		c.api.log.Error("a code cannot be made", "room", c.room, "error", err)
		c.refuse(q.ID, &room.Refusal{Code: room.CodeUnavailable, Message: "This does not work right now.", Retry: time.Second})
		return
	}
	check.Code, check.Spent = code.hash, code.spent
	q.Command = check
	s.DoWith(ctx, q, code.rows)
	c.api.wake()
}

// codeFor makes the code that the lobby may want after the right address, for
// whichever address was given: the room decides, and the way is the same.
func (c *connection) codeFor(ctx context.Context, s *hub.Session) (mailedCode, error) {
	a, by := c.api, s.Actor()
	if a.mailer == nil || by.Invitation == "" || s.Proof() != room.ProofCode {
		return mailedCode{}, nil
	}
	return a.mailCode(ctx, c.room, by.Invitation, by.Device, c.language)
}

func (c *connection) lobbyCode(ctx context.Context, s *hub.Session, q wire.Request, typed room.LobbyCode) {
	if err := judgeCode(typed.Code); err != nil {
		c.refuse(q.ID, err)
		return
	}
	typed.Hash = c.api.roomCode(c.room, s.Actor().Device, redact.Secret(typed.Code))
	q.Command = typed
	s.Do(ctx, q)
}
