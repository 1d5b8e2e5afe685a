package hub

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

// Two hubs write one chain, in the order of the log; refusals and what people
// do for themselves leave nothing.
func TestAuditOfTwoHubs(t *testing.T) {
	inEveryWorld(t, 2, nil, func(w *world) {
		w.create(time.Minute)
		ann := w.invite("Ann", room.Viewer)
		time.Sleep(2 * time.Minute)
		a, b := w.enter(0, ann), w.enter(1, room.Actor{Account: "owner", Session: room.HashOf("owner's")})
		wantOK(t, a.lobby("Ann"))
		wantOK(t, a.do(room.ChatPost{Text: "hello"}))
		promote := room.SetRole{Participant: "pAnn", Role: "speaker"}
		wantCode(t, a.do(promote), room.CodeForbidden)
		wantOK(t, b.do(promote))
		wantOK(t, b.do(promote)) // it is so already
		report, err := store.VerifyAudit(w.t.Context(), w.store, w.room)
		if err != nil || report.Err() != nil {
			t.Fatal(err, report.Err())
		}
		all, err := w.store.Audit(w.t.Context(), store.AuditFilter{Room: w.room, Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range slices.Backward(all) {
			got = append(got, fmt.Sprint(e.Who, " ", e.Act, " ", e.Told().Targets))
		}
		want := []string{"owner room.created []", "owner manager.set [owner]", "owner invitation.issued [iAnn pAnn]", "pAnn invitation.claimed []", "owner role.changed [pAnn]"}
		if !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		if last := all[0]; last.Session != room.HashOf("owner's") || last.Place == 0 || last.Told().Changes[0] != (room.Change{Field: "role", Before: "viewer", After: "speaker"}) {
			t.Errorf("the promotion: %+v", last)
		}
	})
}
