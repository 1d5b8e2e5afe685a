package room

import "testing"

func TestManagers(t *testing.T) {
	set := func(name string, right Role) SetManager {
		return SetManager{Participant: ParticipantID("p_x" + name), Person: PersonID("a_" + name), FirstName: name, LastName: "X", Right: right}
	}
	remove := func(name string) RemoveManager { return RemoveManager{Person: PersonID("a_" + name)} }
	for _, c := range []struct {
		by   string
		what Command
		want Code // empty: allowed
	}{
		{"ada", set("new", Owner), ""}, {"ada", set("otto", CoEditor), ""}, {"ada", remove("otto"), ""}, {"ada", set("ada", CoOwner), ""}, {"ada", remove("ada"), ""},
		{"cora", set("new", CoEditor), ""}, {"cora", set("new", CoOwner), CodeForbidden}, {"cora", set("new", Owner), CodeForbidden},
		{"cora", set("eva", CoPublisher), ""}, {"cora", set("ada", CoEditor), CodeForbidden}, {"cora", remove("ada"), CodeForbidden}, {"cora", remove("cora"), CodeForbidden},
		{"cora", remove("paul"), ""}, {"cora", remove("nobody"), CodeNotFound}, {"cora", set("cora", CoOwner), CodeForbidden},
		{"eva", set("paul", CoPublisher), CodeForbidden}, {"eva", remove("paul"), CodeForbidden}, {"ada", set("new", Moderator), CodeInvalid}, {"ada", set("new", NoRole), CodeInvalid},
	} {
		w := newWorld(t)
		if _, err := w.try(manager(c.by), c.what); codeOf(err) != c.want {
			t.Errorf("%s: %s: %v, want %q", c.by, describe(c.what), err, c.want)
		}
	}
}

func TestTheLastOwnerStays(t *testing.T) {
	w := newWorld(t)
	w.do(manager("ada"), RemoveManager{Person: "a_otto"})
	w.refused(manager("otto"), EditRoom{}, CodeNotFound)
	w.refused(manager("ada"), RemoveManager{Person: "a_ada"}, CodeConflict)
	w.refused(manager("ada"), w.setManager("Ada", CoOwner), CodeConflict)
	if w.do(manager("ada"), w.setManager("Ada", Owner)) != nil {
		t.Error("owner already")
	}
	w.do(manager("ada"), w.setManager("Eva", Owner))
	w.do(manager("eva"), w.setManager("Ada", CoPublisher))
	w.refused(manager("eva"), RemoveManager{Person: "a_eva"}, CodeConflict)
	if w.s.owners != 1 {
		t.Errorf("%d owners", w.s.owners)
	}
}

// A removed manager who comes back has a new seat and the old one stays ended.
func TestAManagerIsAddedAgain(t *testing.T) {
	w := newWorld(t)
	w.open()
	w.do(manager("eva"), Enter{})
	w.do(manager("ada"), RemoveManager{Person: "a_eva"})
	w.refused(manager("eva"), Enter{}, CodeNotFound)
	if w.s.admitted != 0 || len(w.s.stage) != 0 {
		t.Fatalf("%d admitted, stage %v", w.s.admitted, w.s.stage)
	}
	w.refused(manager("ada"), w.setManager("Eva", Owner), CodeConflict) // her old seat's id
	again := w.setManager("Eva", CoPublisher)
	again.Participant = "p_eva2"
	w.do(manager("ada"), again)
	p, ok := w.s.Manager("a_eva")
	if !ok || p.ID != "p_eva2" || p.Role != CoPublisher || p.Entered {
		t.Fatalf("%+v", p)
	}
	if old := w.person("eva"); !old.Revoked {
		t.Error("the old seat lives")
	}
	w.do(manager("eva"), Enter{})
	w.do(manager("eva"), ChatPost{Text: "again"})
	if w.s.admitted != 1 || len(w.s.stage) != 1 {
		t.Errorf("%d admitted, stage %v", w.s.admitted, w.s.stage)
	}
}

func TestRoles(t *testing.T) {
	set := func(name, role string) SetRole {
		return SetRole{Participant: ParticipantID("p_" + name), Role: role}
	}
	for _, c := range []struct {
		by   Actor
		what SetRole
		want Code
	}{
		{guest("mod"), set("vic", "speaker"), ""}, {guest("mod"), set("spk", "viewer"), ""}, {guest("mod"), set("vic", "moderator"), CodeForbidden},
		{guest("mod"), set("mod", "viewer"), CodeForbidden}, {guest("mod"), set("mod2", "viewer"), CodeForbidden}, {guest("mod"), set("paul", "viewer"), CodeForbidden},
		{guest("spk"), set("vic", "speaker"), CodeForbidden}, {guest("vic"), set("vic", "speaker"), CodeForbidden},
		{manager("paul"), set("vic", "moderator"), ""}, {manager("paul"), set("mod", "viewer"), ""}, {manager("paul"), set("eva", "viewer"), CodeForbidden},
		{manager("ada"), set("otto", "viewer"), CodeForbidden}, {manager("ada"), set("vic", "owner"), CodeInvalid}, {manager("ada"), set("vic", ""), CodeInvalid},
		{manager("ada"), set("vic", "Speaker"), CodeInvalid}, {manager("ada"), set("nobody", "viewer"), CodeNotFound}, {manager("ada"), set("gone", "viewer"), CodeNotFound},
		{manager("ada"), set("vera", "speaker"), ""}, // not in yet
	} {
		w := newWorld(t)
		w.invite("mod2", Moderator)
		w.invite("gone", Viewer)
		w.do(manager("ada"), RevokeInvitation{Invitation: "i_gone"})
		w.open()
		w.admit("mod", "spk", "vic")
		if _, err := w.try(c.by, c.what); codeOf(err) != c.want {
			t.Errorf("%s: %v, want %q", describe(c.what), err, c.want)
		}
	}
	w := newWorld(t)
	w.open()
	w.admit("mod", "spk", "vic")
	w.do(guest("mod"), set("spk", "viewer"))
	w.refused(guest("spk"), BackchannelPost{Text: "still?"}, CodeForbidden) // R3
	if w.do(guest("mod"), set("spk", "viewer")) != nil {
		t.Error("a viewer already")
	}
}

// An account that is renamed is called so by the rooms that it manages.
func TestRenamedManager(t *testing.T) {
	w := newWorld(t)
	rename := RenameManager{Person: "a_paul", FirstName: " Paula ", LastName: "Lind"}
	w.refused(manager("ada"), rename, CodeForbidden)
	was, _ := w.s.Manager("a_paul")
	right := was.Role
	if events := w.do(system, rename); len(events) != 1 || events[0].Fact.Kind() != "manager.set" {
		t.Errorf("%+v", events)
	}
	if p, ok := w.s.Manager("a_paul"); !ok || p.Name() != "Paula Lind" || p.Role != right {
		t.Errorf("%+v", p)
	}
	for _, nothing := range []RenameManager{rename, {Person: "a_nobody", FirstName: "N", LastName: "N"}} {
		if events := w.do(system, nothing); len(events) != 0 {
			t.Errorf("%+v made %+v", nothing, events)
		}
	}
}
