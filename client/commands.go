package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	mathrand "math/rand/v2"
	"slices"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// keyLife is for how long a key may be used again. The server keeps keys for
// an hour; the rest is for clocks and roads.
const keyLife = 50 * time.Minute

// Receipt is the answer to what makes or removes a message.
type Receipt struct {
	ID  string   `json:"id"`
	Pos room.Seq `json:"pos"` // where the event stands in the room's log
}

// Likes is the answer to Like and Unlike.
type Likes struct {
	ID    string   `json:"id"`
	Likes int      `json:"likes"` // after it
	Pos   room.Seq `json:"pos"`
}

// Post writes into the chat.
func (r *Room) Post(ctx context.Context, text string) (Receipt, error) {
	return answer[Receipt](r.Do(ctx, "", room.ChatPost{Text: text}))
}

// Reply writes into the chat in answer to a message.
func (r *Room) Reply(ctx context.Context, to, text string) (Receipt, error) {
	return answer[Receipt](r.Do(ctx, "", room.ChatPost{Text: text, ReplyTo: to}))
}

// Mention writes into the chat, to the staff alone, or in answer to a message,
// and tells the people whom parts of the text mean. At and N of a mention count
// code points of the text as composed (NFC).
func (r *Room) Mention(ctx context.Context, c room.ChatPost) (Receipt, error) {
	return answer[Receipt](r.Do(ctx, "", c))
}

// Like likes a message of the chat.
func (r *Room) Like(ctx context.Context, id string) (Likes, error) {
	return answer[Likes](r.Do(ctx, "", room.ChatLike{ID: id}))
}

// Unlike takes a like back.
func (r *Room) Unlike(ctx context.Context, id string) (Likes, error) {
	off := false
	return answer[Likes](r.Do(ctx, "", room.ChatLike{ID: id, On: &off}))
}

// Delete takes a message out of everybody's sight: one's own, or with the
// right chat.delete.any that of somebody lower in rank.
func (r *Room) Delete(ctx context.Context, id string) (Receipt, error) {
	return answer[Receipt](r.Do(ctx, "", room.ChatDelete{ID: id}))
}

// ChatPage gives at most limit (0: 100) messages before one, oldest first; the
// newest if before is empty.
func (r *Room) ChatPage(ctx context.Context, before string, limit int) (room.Messages, error) {
	return answer[room.Messages](r.Do(ctx, "", room.ChatPage{Before: before, Limit: limit}))
}

// Backchannel writes to moderators, speakers and managers alone.
func (r *Room) Backchannel(ctx context.Context, text string) (Receipt, error) {
	return answer[Receipt](r.Do(ctx, "", room.BackchannelPost{Text: text}))
}

// BackchannelPage is ChatPage for the backchannel.
func (r *Room) BackchannelPage(ctx context.Context, before string, limit int) (room.Messages, error) {
	return answer[room.Messages](r.Do(ctx, "", room.BackchannelPage{Before: before, Limit: limit}))
}

// SetRole makes somebody a viewer, speaker or moderator, at once and without
// their doing, and tells where in the log that stands.
func (r *Room) SetRole(ctx context.Context, who room.ParticipantID, role room.Role) (room.Seq, error) {
	ok, err := answer[Receipt](r.Do(ctx, "", room.SetRole{Participant: who, Role: role.String()}))
	return ok.Pos, err
}

// SetRoleFor is SetRole for a time, in whole seconds up to 24 hours; then the
// role goes back by itself.
func (r *Room) SetRoleFor(ctx context.Context, who room.ParticipantID, role room.Role, time time.Duration) (room.Seq, error) {
	ok, err := answer[Receipt](r.Do(ctx, "", room.SetRole{Participant: who, Role: role.String(), ForS: int(time.Seconds())}))
	return ok.Pos, err
}

// PeoplePage lists those who have been admitted, in order of name.
func (r *Room) PeoplePage(ctx context.Context, page room.PeoplePage) (room.PeopleList, error) {
	return answer[room.PeopleList](r.Do(ctx, "", page))
}

// LobbyCheck says which address the invitation was sent to. The right one ties
// the link to this device: the phase is then countdown before the start
// (confirmed: one enters by oneself) and live after it. A wrong one is
// room.CodeLobbyNoMatch with Error.TriesLeft, too many room.CodeLobbyLocked
// with Error.RetryMS. Where the site wants to see that the mailbox is theirs,
// the answer is Verify: a code was mailed there, to be told by LobbyCode.
func (r *Room) LobbyCheck(ctx context.Context, email string) (Entry, error) {
	return answer[Entry](r.Do(ctx, "", room.LobbyCheck{Email: email}))
}

// LobbyCode tells the code that came to the invited address. The right one ties
// the link as LobbyCheck would; a wrong one is room.CodeLobbyNoMatch with
// Error.TriesLeft: with none left, another LobbyCheck mails a new one.
func (r *Room) LobbyCode(ctx context.Context, code string) (Entry, error) {
	return answer[Entry](r.Do(ctx, "", room.LobbyCode{Code: code}))
}

// Entry is what the lobby answers.
type Entry struct {
	Phase   room.Phase `json:"phase"`
	Verify  room.Proof `json:"verify"`   // room.ProofCode: a code is wanted now; else empty
	AgainMS int64      `json:"again_ms"` // until LobbyCheck would mail another one
}

func answer[T any](ok json.RawMessage, err error) (T, error) {
	var into T
	if err != nil {
		return into, err
	}
	if err := json.Unmarshal(ok, &into); err != nil {
		return into, fmt.Errorf("client: answer: %w", err)
	}
	return into, nil
}

// NewKey gives a fresh idempotency key: 128 random bits, url-safe.
func NewKey() room.Key {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return room.Key(base64.RawURLEncoding.EncodeToString(b[:]))
}

// Do asks any command and gives its ok. Without a key it makes one. Temporary
// refusals and lost connections are tried again under the same key until ctx
// ends, so the command is done at most once; a refusal that would only end
// after ctx does, or in more than a minute, is returned at once. To ask again
// later what ctx cut off, or after a restart of the program, choose the key
// and give the same one within 50 minutes.
//
// The error is an *Error when the server refuses, ctx's error (the outcome is
// then unknown, if the command was sent), [ErrUnknownOutcome], ErrLeft, or the
// error of [Room.Err].
func (r *Room) Do(ctx context.Context, key room.Key, c room.Command) (json.RawMessage, error) {
	if key == "" && !question(c) {
		key = NewKey()
	}
	k := &call{command: c, key: key, reply: make(chan result, 1)}
	if text, err := wire.EncodeCommand(1<<31, key, c); err != nil {
		return nil, fmt.Errorf("client: %s: %w", c.Name(), err)
	} else if len(text) > wire.MaxClientFrame {
		return nil, &Error{Code: room.CodeTooLong, Message: "The command does not fit into one frame."}
	}
	for attempt := 0; ; attempt++ {
		ok, err := r.ask(ctx, k)
		refusal, isRefusal := err.(*Error)
		if !isRefusal {
			return ok, err
		}
		wait, worth := retryAfter(ctx, refusal, attempt)
		if !worth {
			return nil, refusal
		}
		if err := r.sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// question says that a command changes nothing and needs no key.
func question(c room.Command) bool {
	switch c.(type) {
	case wire.Time, room.ChatPage, room.BackchannelPage, room.PeoplePage, room.QuestionPage, room.ReactionSend, room.ModerationPage, room.KnockPage,
		room.InteractionPage, room.InteractionAnswers:
		return true
	}
	return false
}

// retryAfter says when a refused command is worth another try. A locked lobby
// is temporary, too, but a person's matter.
func retryAfter(ctx context.Context, e *Error, attempt int) (time.Duration, bool) {
	if !e.Temporary || e.Code == room.CodeLobbyLocked || e.RetryMS > time.Minute.Milliseconds() {
		return 0, false
	}
	wait := time.Duration(e.RetryMS)*time.Millisecond + jitter(attempt)
	if by, ok := ctx.Deadline(); ok && time.Now().Add(wait).After(by) {
		return 0, false
	}
	return wait, true
}

// jitter is the back-off of PROTOCOL §5: anywhere below a window that doubles
// from 250 ms to 20 s.
func jitter(attempt int) time.Duration {
	window := min(minBackoff<<min(attempt, 10), maxBackoff)
	return time.Duration(mathrand.Int64N(int64(window)))
}

// call is a command until it is answered. It is guarded by Room.mu but for
// what is set once.
type call struct {
	// Set once.
	command room.Command
	key     room.Key
	reply   chan result // holds one; nil: a question of our own about the clock
	left    float64     // when that was asked

	id   uint32
	on   *conn     // where it was sent last; nil: not yet
	sent time.Time // first
}

// result is an ok, or an *Error, or ErrUnknownOutcome.
type result struct {
	ok  json.RawMessage
	err error
}

// ask sends a call, now or once the connection is back, and waits for its
// answer.
func (r *Room) ask(ctx context.Context, k *call) (json.RawMessage, error) {
	r.mu.Lock()
	k.on = nil
	r.calls = append(r.calls, k)
	r.mu.Unlock()
	r.send(k)
	select {
	case got := <-k.reply:
		return got.ok, got.err
	case <-ctx.Done():
		return r.giveUp(k, ctx.Err())
	case <-r.done:
		return r.giveUp(k, r.Err())
	}
}

// giveUp forgets a call, unless its answer has just come.
func (r *Room) giveUp(k *call, why error) (json.RawMessage, error) {
	r.mu.Lock()
	r.forget(k)
	r.mu.Unlock()
	select {
	case got := <-k.reply:
		return got.ok, got.err
	default:
		return nil, why
	}
}

// send puts a call on the wire of the present connection, if there is one and
// it is not there already. Ids rise in the order of the frames because wmu is
// held over both. A write that fails ends the connection; the call stays for
// the next one.
func (r *Room) send(k *call) {
	r.mu.Lock()
	c := r.conn
	r.mu.Unlock()
	if c == nil {
		return
	}
	c.wmu.Lock()
	defer c.wmu.Unlock()
	if !r.number(k, c) {
		return
	}
	text, err := wire.EncodeCommand(k.id, k.key, k.command)
	if err == nil {
		_ = c.writeLocked(opText, text, wire.WriteDeadline)
	}
}

// number gives a call its id on a connection; false if it need not be sent.
func (r *Room) number(k *call, c *conn) bool {
	now := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.conn != c || k.on == c || !slices.Contains(r.calls, k) {
		return false
	}
	if k.sent.IsZero() {
		k.sent = now
	}
	if k.key != "" && now.Sub(k.sent) > keyLife {
		r.forget(k)
		k.reply <- result{err: ErrUnknownOutcome}
		return false
	}
	c.last++
	k.id, k.on = c.last, c
	return true
}

// forget takes a call off the list; the caller holds mu.
func (r *Room) forget(k *call) {
	r.calls = slices.DeleteFunc(r.calls, func(other *call) bool { return other == k })
}

// answered finds whose answer has come on a connection and passes it on. The
// caller holds mu. The text lies in the read buffer, so it is copied.
func (r *Room) answered(c *conn, m wire.Message) *call {
	i := slices.IndexFunc(r.calls, func(k *call) bool { return k.on == c && k.id == m.Re })
	if i < 0 {
		return nil // given up
	}
	k := r.calls[i]
	r.calls = slices.Delete(r.calls, i, i+1)
	switch {
	case k.reply == nil:
	case m.Err != nil:
		k.reply <- result{err: (*Error)(m.Err)}
	default:
		k.reply <- result{ok: bytes.Clone(m.OK)}
	}
	return k
}
