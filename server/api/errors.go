package api

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/wire"
)

// status is the table of PROTOCOL §6: what each code is in HTTP.
var status = map[room.Code]int{
	room.CodeBadRequest:        http.StatusBadRequest,
	room.CodeUnknownCommand:    http.StatusBadRequest,
	room.CodeNotAuthenticated:  http.StatusUnauthorized,
	codeReauthenticate:         http.StatusUnauthorized,
	room.CodeForbidden:         http.StatusForbidden,
	room.CodeCollaborationOff:  http.StatusForbidden,
	room.CodeDomainBlocked:     http.StatusForbidden,
	room.CodeMuted:             http.StatusForbidden,
	room.CodePaused:            http.StatusConflict,
	room.CodeRemoved:           http.StatusForbidden,
	room.CodeBanned:            http.StatusForbidden,
	room.CodeNotFound:          http.StatusNotFound,
	room.CodeConflict:          http.StatusConflict,
	room.CodeClosed:            http.StatusConflict,
	room.CodeNotOpenYet:        http.StatusConflict,
	room.CodeOver:              http.StatusConflict,
	room.CodeInvitationExpired: http.StatusGone,
	room.CodeInvitationRevoked: http.StatusGone,
	room.CodeInvitationUsed:    http.StatusGone,
	room.CodeRoomDeleted:       http.StatusGone,
	room.CodeTooLong:           http.StatusRequestEntityTooLarge,
	room.CodeInvalid:           http.StatusUnprocessableEntity,
	room.CodeLobbyNoMatch:      http.StatusUnprocessableEntity,
	room.CodeOtherDevice:       http.StatusLocked,
	room.CodeSlowDown:          http.StatusTooManyRequests,
	room.CodeLobbyLocked:       http.StatusTooManyRequests,
	room.CodeUnavailable:       http.StatusServiceUnavailable,
	room.CodeBusy:              http.StatusServiceUnavailable,
}

// refusal is a no of this package, with a status of its own where the code's
// is not the one.
type refusal struct {
	room.Refusal
	status int
}

func (r *refusal) Unwrap() error { return &r.Refusal }

func refuse(code room.Code, message string) *room.Refusal {
	return &room.Refusal{Code: code, Message: message}
}

func invalid(field, message string) *room.Refusal {
	return &room.Refusal{Code: room.CodeInvalid, Message: "This value does not fit: " + field + ".", Fields: map[string]string{field: message}}
}

func slowDown(retry time.Duration) *room.Refusal {
	return &room.Refusal{Code: room.CodeSlowDown, Message: "Too many attempts. Please wait a moment.", Retry: retry}
}

// The refusals without details. They are shared: never change one.
var (
	errNoRoute   = refuse(room.CodeNotFound, "There is nothing at this address.")
	errNotFound  = refuse(room.CodeNotFound, "There is nothing here, or not for you.")
	errMethod    = &refusal{*refuse(room.CodeBadRequest, "This address does not take the method."), http.StatusMethodNotAllowed}
	errNobody    = refuse(room.CodeNotAuthenticated, "Sign in, or open your invitation link.")
	errSignIn    = refuse(room.CodeNotAuthenticated, "This did not match. Check both and try again.")
	errKey       = refuse(room.CodeNotAuthenticated, "This API key is not valid.")
	errForbidden = refuse(room.CodeForbidden, "Your role may not do this.")
	errLastOwner = refuse(room.CodeConflict, "The site's last owner stays.")
	errForeign   = refuse(room.CodeForbidden, "Requests from other sites are not accepted.")
	errNotJSON   = refuse(room.CodeBadRequest, "A JSON object is wanted, with the content type application/json.")
	errBrokenOff = refuse(room.CodeBadRequest, "The request broke off.")
	errNotReady  = refuse(room.CodeUnavailable, "This instance cannot serve right now.")
	errTooLong   = refuse(room.CodeTooLong, "This is more than 64 KiB.")
)

// problem is the document of RFC 9457, with the fields of PROTOCOL §1. Times
// are RFC 3339, as everywhere in HTTP.
type problem struct {
	Type      string            `json:"type"`
	Title     string            `json:"title"`
	Status    int               `json:"status"`
	Code      room.Code         `json:"code"`
	Detail    string            `json:"detail"`
	Instance  string            `json:"instance,omitempty"`
	Temporary bool              `json:"temporary,omitempty"`
	RetryMS   int64             `json:"retry_ms,omitempty"`
	Fields    map[string]string `json:"fields,omitempty"`
	SinceAt   string            `json:"since_at,omitempty"`
	At        string            `json:"at,omitempty"`
	ExpiresAt string            `json:"expires_at,omitempty"`
	ClosedAt  string            `json:"closed_at,omitempty"`
	Reason    string            `json:"reason,omitempty"`
	Domain    string            `json:"domain,omitempty"`
	By        string            `json:"by,omitempty"`
	TriesLeft *int              `json:"tries_left,omitempty"`
	Room      *refusedRoom      `json:"room,omitempty"` // these three to holders of a right link only
	AskedAt   string            `json:"asked_at,omitempty"`
	Can       []help            `json:"can,omitempty"`
}

func problemOf(no *room.Refusal, code int) problem {
	p := problem{Type: "urn:greenroom:problem:" + string(no.Code), Title: http.StatusText(code), Status: code, Code: no.Code, Detail: no.Message,
		Temporary: wire.Temporary(no.Code), RetryMS: no.Retry.Milliseconds(), Fields: no.Fields,
		SinceAt: moment(no.SinceAt), At: moment(no.At), Reason: no.Reason, Domain: no.Domain, By: no.By}
	switch no.Code {
	case room.CodeInvitationExpired:
		p.ExpiresAt = p.At
	case room.CodeOver, room.CodeRoomDeleted:
		p.ClosedAt = p.At
	case room.CodeLobbyNoMatch:
		p.TriesLeft = &no.TriesLeft
	}
	return p
}

// fail answers an error: the one place where errors become documents. What is
// not a refusal is logged here, once, and told as an id.
func (a *API) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // the peer has hung up
	}
	no, code := refusalOf(err)
	if no != nil {
		p := problemOf(no, code)
		var t interface {
			error
			into(*problem)
		}
		if errors.As(err, &t) {
			t.into(&p)
		}
		writeProblem(w, p)
		return
	}
	id := rand.Text()[:12]
	a.log.Error("request failed", "id", id, "route", r.Pattern, "error", err)
	p := problemOf(&room.Refusal{Code: room.CodeUnavailable, Message: "This does not work right now. Please try again.", Retry: time.Second}, http.StatusServiceUnavailable)
	p.Instance = "urn:greenroom:error:" + id
	writeProblem(w, p)
}

// refusalOf finds what is to be told; nil for what went wrong inside.
func refusalOf(err error) (*room.Refusal, int) {
	var own *refusal
	if errors.As(err, &own) {
		return &own.Refusal, own.status
	}
	var no *room.Refusal
	var fields wire.FieldErrors
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &no):
	case errors.As(err, &fields):
		no = &room.Refusal{Code: room.CodeInvalid, Message: "Some values do not fit.", Fields: fields}
	case errors.As(err, &long):
		no = errTooLong
	case errors.Is(err, wire.ErrSyntax):
		no = errNotJSON
	case errors.Is(err, store.ErrNotFound):
		no = errNotFound
	case errors.Is(err, store.ErrLastOwner):
		no = errLastOwner
	default:
		return nil, 0
	}
	if code, ok := status[no.Code]; ok {
		return no, code
	}
	return no, http.StatusServiceUnavailable
}

func writeProblem(w http.ResponseWriter, p problem) {
	text, err := json.Marshal(p)
	if err != nil { // a problem holds only texts and numbers
		panic(err)
	}
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Content-Length", strconv.Itoa(len(text)))
	h.Set("Cache-Control", "no-store")
	h.Del("Content-Disposition")
	if p.RetryMS > 0 {
		h.Set("Retry-After", strconv.FormatInt((p.RetryMS+999)/1000, 10))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="greenroom"`)
	}
	w.WriteHeader(p.Status)
	_, _ = w.Write(text)
}
