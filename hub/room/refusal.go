package room

import "time"

// Code names a refusal; the values are the wire's error codes (PROTOCOL §6).
// A Code is an error, so that errors.Is(err, CodeForbidden) asks for the kind.
type Code string

func (c Code) Error() string { return string(c) }

// The codes.
const (
	CodeBadRequest        Code = "bad_request"
	CodeUnknownCommand    Code = "unknown_command"
	CodeNotAuthenticated  Code = "not_authenticated"
	CodeForbidden         Code = "forbidden"
	CodeDomainBlocked     Code = "domain_blocked"
	CodeMuted             Code = "muted"
	CodeRemoved           Code = "removed"
	CodeBanned            Code = "banned"
	CodeCollaborationOff  Code = "collaboration_off"
	CodeNotFound          Code = "not_found"
	CodeConflict          Code = "conflict"
	CodeClosed            Code = "closed"
	CodeNotOpenYet        Code = "not_open_yet"
	CodePaused            Code = "paused"
	CodeOver              Code = "over"
	CodeInvitationExpired Code = "invitation_expired"
	CodeInvitationRevoked Code = "invitation_revoked"
	CodeInvitationUsed    Code = "invitation_used"
	CodeRoomDeleted       Code = "room_deleted"
	CodeTooLong           Code = "too_long"
	CodeInvalid           Code = "invalid"
	CodeLobbyNoMatch      Code = "lobby_no_match"
	CodeOtherDevice       Code = "other_device"
	CodeSlowDown          Code = "slow_down"
	CodeLobbyLocked       Code = "lobby_locked"
	CodeUnavailable       Code = "unavailable"
	CodeBusy              Code = "busy"
)

// Codes lists every code, for the documents' test.
func Codes() []Code {
	return []Code{
		CodeBadRequest, CodeUnknownCommand, CodeNotAuthenticated, CodeForbidden,
		CodeCollaborationOff, CodeNotFound, CodeConflict, CodeClosed,
		CodeNotOpenYet, CodeOver, CodeInvitationExpired, CodeInvitationRevoked,
		CodeInvitationUsed, CodeRoomDeleted, CodeTooLong, CodeInvalid,
		CodeLobbyNoMatch, CodeOtherDevice, CodeSlowDown, CodeLobbyLocked,
		CodeUnavailable, CodeBusy, CodeDomainBlocked, CodeMuted, CodeRemoved, CodeBanned,
		CodePaused,
	}
}

// Refusal is a typed no, with what the person needs to go on.
type Refusal struct {
	Code      Code
	Message   string            // one plain English sentence
	Fields    map[string]string // field → what is wrong with it (invalid)
	Retry     time.Duration     // when to try again; 0: no use
	TriesLeft int               // lobby_no_match; -1 elsewhere is never sent
	SinceAt   Millis            // other_device: since when the link is tied
	At        Millis            // when it ended: expired, revoked, over
	Reason    string            // the organisers' own words
	Domain    string            // domain_blocked: the domain of the address, A-labels
	By        string            // conflict: whose change came first
	Final     bool              // the connection ends after it
}

func (r *Refusal) Error() string { return string(r.Code) + ": " + r.Message }

// Is matches the refusal's code.
func (r *Refusal) Is(target error) bool { return target == error(r.Code) }

func refuse(code Code, message string) *Refusal { return &Refusal{Code: code, Message: message} }

func invalid(field, message string) *Refusal {
	return &Refusal{Code: CodeInvalid, Message: "This value does not fit: " + field + ".", Fields: map[string]string{field: message}}
}
