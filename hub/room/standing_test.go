package room

import (
	"testing"
	"time"
)

// Each row stands above the next: with all that fits below it, it wins.
func TestInvitationStatePrecedence(t *testing.T) {
	now := time.UnixMilli(1_000_000)
	claim := []Claim{{Device: HashOf("d")}}
	past, future := Millis(999_999), Millis(1_000_001)
	here := Standing{Been: true, Mail: InvitationBounced}
	inside, waiting := here, here // nobody is inside without a claim
	inside.Inside, waiting.Waiting = true, true
	for _, c := range []struct {
		what string
		p    Person
		w    Standing
		want InvitationState
	}{
		{"withdrawn, presence lags behind", Person{Revoked: true, ExpiresAt: future}, inside, InvitationRevoked},
		{"freed a moment ago, presence lags behind", Person{Opened: true, ExpiresAt: future}, Standing{Inside: true}, InvitationOpened},
		{"inside and let finish", Person{Finishing: true, Claims: claim, ExpiresAt: past}, inside, InvitationInside},
		{"inside on an expired link", Person{Claims: claim, Opened: true, ExpiresAt: past}, inside, InvitationInside},
		{"inside on one device, waiting on another", Person{Claims: claim, ExpiresAt: past}, Standing{Inside: true, Waiting: true}, InvitationInside},
		{"back before the doors", Person{Claims: claim, ExpiresAt: past}, waiting, InvitationWaiting},
		{"waits without having confirmed", Person{Opened: true, ExpiresAt: future}, Standing{Waiting: true}, InvitationWaiting},
		{"banned, presence lags behind", Person{out: outBanned, ExpiresAt: future}, inside, InvitationBanned},
		{"banned and withdrawn", Person{out: outBanned, Revoked: true, ExpiresAt: future}, here, InvitationRevoked},
		{"sent out", Person{out: outRemoved, Opened: true, ExpiresAt: past}, here, InvitationRemoved},
		{"sent out, comes back", Person{out: outRemoved, Opened: true, ExpiresAt: future}, waiting, InvitationWaiting},
		{"let finish, has gone", Person{Finishing: true, Claims: claim, ExpiresAt: past}, here, InvitationRevoked},
		{"has been inside", Person{Claims: claim, Opened: true, ExpiresAt: past}, here, InvitationLeft},
		{"has been inside, device freed", Person{ExpiresAt: past}, here, InvitationLeft},
		{"tied to a device", Person{Claims: claim, Opened: true, ExpiresAt: past}, Standing{Mail: InvitationSent}, InvitationConfirmed},
		{"opened and expired", Person{Opened: true, ExpiresAt: past}, Standing{Mail: InvitationBounced}, InvitationExpired},
		{"expires now", Person{ExpiresAt: 1_000_000}, Standing{}, InvitationExpired},
		{"opened though the mail bounced", Person{Opened: true, ExpiresAt: future}, Standing{Mail: InvitationBounced}, InvitationOpened},
		{"bounced", Person{ExpiresAt: future}, Standing{Mail: InvitationBounced}, InvitationBounced},
		{"given up", Person{ExpiresAt: future}, Standing{Mail: InvitationFailed}, InvitationFailed},
		{"queued", Person{ExpiresAt: future}, Standing{Mail: InvitationQueued}, InvitationQueued},
		{"sent", Person{ExpiresAt: future}, Standing{Mail: InvitationSent}, InvitationSent},
		{"a fresh one", Person{ExpiresAt: future}, Standing{}, InvitationIssued},
	} {
		if got := InvitationStateOf(&c.p, c.w, now); got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
	if all := InvitationStates(); len(all) != 14 || all[0] != InvitationRevoked || all[13] != InvitationIssued {
		t.Errorf("states: %v", all)
	}
}
