package wire

import (
	"maps"
	"slices"

	"greenroom/hub/room"
)

// CloseCode is a WebSocket close code of the contract (PROTOCOL §5). Codes
// below 4500 ask to come back, the others to show the reason and stop.
type CloseCode int

// The codes.
const (
	CloseDrain             CloseCode = 4000
	CloseSlowConsumer      CloseCode = 4001
	CloseNoPong            CloseCode = 4002
	CloseResync            CloseCode = 4003
	CloseInternal          CloseCode = 4004
	CloseSessionRefresh    CloseCode = 4005
	CloseHelloTimeout      CloseCode = 4006
	CloseOverloaded        CloseCode = 4007
	CloseRateLimited       CloseCode = 4008
	CloseStoreUnavailable  CloseCode = 4009
	CloseBadRequest        CloseCode = 4500
	CloseVersion           CloseCode = 4501
	CloseNotAuthenticated  CloseCode = 4502
	CloseInvitationInvalid CloseCode = 4503
	CloseOtherDevice       CloseCode = 4504
	CloseDisplaced         CloseCode = 4505
	CloseRemoved           CloseCode = 4506
	CloseBanned            CloseCode = 4507
	CloseRoomOver          CloseCode = 4508
	CloseRoomDeleted       CloseCode = 4509
	CloseAbuse             CloseCode = 4510
	CloseLobbyLocked       CloseCode = 4511
	CloseDomainBlocked     CloseCode = 4512
	CloseConnectionLimit   CloseCode = 4513
)

var closeNames = map[CloseCode]string{
	CloseDrain: "drain", CloseSlowConsumer: "slow_consumer", CloseNoPong: "no_pong", CloseResync: "resync",
	CloseInternal: "internal", CloseSessionRefresh: "session_refresh", CloseHelloTimeout: "hello_timeout",
	CloseOverloaded: "overloaded", CloseRateLimited: "rate_limited", CloseStoreUnavailable: "store_unavailable",
	CloseBadRequest: "bad_request", CloseVersion: "version", CloseNotAuthenticated: "not_authenticated",
	CloseInvitationInvalid: "invitation_invalid", CloseOtherDevice: "other_device", CloseDisplaced: "displaced",
	CloseRemoved: "removed", CloseBanned: "banned", CloseRoomOver: "room_over", CloseRoomDeleted: "room_deleted",
	CloseAbuse: "abuse", CloseLobbyLocked: "lobby_locked", CloseDomainBlocked: "domain_blocked",
	CloseConnectionLimit: "connection_limit",
}

// String is the code's name, which is also the reason in the close frame.
func (c CloseCode) String() string { return closeNames[c] }

// CloseCodes lists every code of the contract.
func CloseCodes() []CloseCode { return slices.Sorted(maps.Keys(closeNames)) }

// Reconnect says whether a client should come back by itself. RFC 6455's own
// 1001, 1005 and 1006 ask for that too.
func (c CloseCode) Reconnect() bool {
	return c >= 4000 && c < 4500 || c == 1001 || c == 1005 || c == 1006
}

// closeFor is the code that follows a final refusal.
var closeFor = map[room.Code]CloseCode{
	room.CodeBadRequest:        CloseBadRequest,
	room.CodeNotAuthenticated:  CloseNotAuthenticated,
	room.CodeNotFound:          CloseInvitationInvalid,
	room.CodeInvitationExpired: CloseInvitationInvalid,
	room.CodeInvitationRevoked: CloseInvitationInvalid,
	room.CodeInvitationUsed:    CloseOtherDevice,
	room.CodeOtherDevice:       CloseOtherDevice,
	room.CodeOver:              CloseRoomOver,
	room.CodeRoomDeleted:       CloseRoomDeleted,
	room.CodeLobbyLocked:       CloseLobbyLocked,
	room.CodeDomainBlocked:     CloseDomainBlocked,
	room.CodeRemoved:           CloseRemoved,
	room.CodeBanned:            CloseBanned,
	room.CodeUnavailable:       CloseStoreUnavailable,
	room.CodeBusy:              CloseOverloaded,
	room.CodeSlowDown:          CloseRateLimited,
}

// CloseFor gives the close code that follows a final refusal.
func CloseFor(code room.Code) CloseCode {
	if c, ok := closeFor[code]; ok {
		return c
	}
	return CloseInternal
}
