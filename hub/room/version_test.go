package room

import (
	"maps"
	"slices"
	"testing"
)

// Of two who edit the same version the second is told what was changed, and
// by whom.
func TestConcurrentEdits(t *testing.T) {
	w := newWorld(t)
	first := w.s.Version()
	later := w.s.StartsAt + 600_000
	w.do(manager("eva"), EditRoom{Version: first, Title: ptr("Eva's"), StartsAt: &later})
	w.do(manager("eva"), EditRoom{State: StatusOpen})
	w.do(manager("eva"), EditRoom{State: StatusClosed})
	_, err := w.try(manager("ada"), EditRoom{Version: first, Description: ptr("Ada's")})
	no, _ := err.(*Refusal)
	if no == nil || no.Code != CodeConflict || no.By != w.person("eva").Name() {
		t.Fatalf("the second edit: %+v", err)
	}
	if fields := slices.Sorted(maps.Keys(no.Fields)); !slices.Equal(fields, []string{"starts_at", "title"}) {
		t.Errorf("changed: %v", fields)
	}
	if w.do(manager("ada"), EditRoom{Version: first, Title: ptr("Eva's")}) != nil {
		t.Error("what is so already is no conflict")
	}
	now := w.s.Version()
	w.do(manager("ada"), EditRoom{Version: now, Description: ptr("Ada's")})
	w.do(manager("ada"), EditRoom{Version: first, State: StatusOpen}) // the door has no version
	w.refused(manager("eva"), EditRoom{Version: now, Collaboration: ptr(false)}, CodeConflict)
	w.refused(manager("eva"), EditRoom{Version: w.s.Version() + 1, Collaboration: ptr(false)}, CodeConflict)
	w.do(manager("eva"), EditRoom{Collaboration: ptr(false)})
	restored, err := Restore(w.s.ID, w.s.Archive())
	if err != nil || restored.edits != w.s.edits {
		t.Errorf("restored: %+v, %v", restored.edits, err)
	}
}

// A copy has its own owner, and the managers that it is given.
func TestCopyWithManagers(t *testing.T) {
	s := New("copy")
	by := Actor{Account: "a_eva", SiteRole: SiteMember}
	create := CreateRoom{Title: "Tea", StartsAt: noon, Epoch: "e", Owner: SetManager{Participant: "p1", Person: "a_eva", FirstName: "Eva", LastName: "E", Right: Owner},
		Managers: []SetManager{
			{Participant: "p2", Person: "a_ada", FirstName: "Ada", LastName: "A", Right: Owner},
			{Participant: "p3", Person: "a_eva", FirstName: "Eva", LastName: "E", Right: CoEditor},
			{Participant: "p4", Person: "a_vic", FirstName: "Vic", LastName: "V", Right: Viewer},
			{Participant: "p5", Person: "a_paul", FirstName: "Paul", LastName: "P", Right: CoPublisher},
		}}
	events, err := s.Decide(by, create, "", moment(noon-3_600_000))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		s.Fold(e)
	}
	for account, want := range map[PersonID]Role{"a_eva": Owner, "a_ada": Owner, "a_vic": NoRole, "a_paul": CoPublisher} {
		p, ok := s.Manager(account)
		if ok != (want != NoRole) || ok && p.Role != want {
			t.Errorf("%s: %+v", account, p)
		}
	}
}
