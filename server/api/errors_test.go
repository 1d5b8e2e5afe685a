package api

import (
	"testing"

	"greenroom/hub/room"
)

// The table of statuses has every code of the contract.
func TestStatusTable(t *testing.T) {
	for code, want := range map[room.Code]int{"bad_request": 400, "unknown_command": 400, "not_authenticated": 401, "forbidden": 403, "collaboration_off": 403,
		"not_found": 404, "conflict": 409, "closed": 409, "not_open_yet": 409, "over": 409, "invitation_expired": 410, "invitation_revoked": 410,
		"invitation_used": 410, "room_deleted": 410, "too_long": 413, "invalid": 422, "lobby_no_match": 422, "other_device": 423, "slow_down": 429,
		"lobby_locked": 429, "unavailable": 503, "busy": 503, "reauthenticate": 401} {
		if got := status[code]; got != want {
			t.Errorf("%s: %d, want %d", code, got, want)
		}
	}
}
