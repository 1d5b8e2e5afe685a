package room

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// Whoever adds a fact says whether it is an act to account for.
func TestEveryFactHasItsAuditClass(t *testing.T) {
	for kind := range facts {
		if audits[kind] == 0 {
			t.Errorf("%s has no class in audits (audit.go)", kind)
		}
	}
	for kind := range audits {
		if _, ok := facts[kind]; !ok {
			t.Errorf("audits (audit.go) has %s, which is no fact", kind)
		}
	}
	if acts := AuditActs(); !slices.IsSorted(acts) || len(acts) == 0 || slices.Contains(acts, "chat.posted") {
		t.Errorf("acts: %v", acts)
	}
}

// Every command that the table keeps from viewers, or that concerns somebody
// else, leaves exactly one act for each event.
func TestManagingCommandsAreAudited(t *testing.T) {
	seen := map[string]bool{}
	for _, phase := range phases[:7] {
		base := newWorld(t)
		base.furnish()
		phase.reach(base)
		for i := range commandsOfPeople(base) {
			c := commandsOfPeople(base)[i]
			w := *base
			w.s = base.s.Step()
			by := manager("ada")
			events, err := w.s.Decide(by, c.Command, "k", base.now)
			if err != nil {
				continue
			}
			for _, e := range events {
				if e.Fact.Kind() == "interaction.closed" {
					continue // follows from the closing, which is the act
				}
				act, kept := w.s.Audit(by, e)
				if managing := !Viewer.May(c.right) && c.right != ActBackchannelPost; kept != managing {
					t.Errorf("%s: %s is kept: %v", describe(c.Command), e.Fact.Kind(), kept)
				}
				if kept {
					seen[act.Kind] = true
					check(t, act)
				}
				w.s.Fold(e)
			}
		}
	}
	never := []string{"room.created", "invitation.claimed", "site.changed", "site.domain_set", "site.domain_removed",
		"site.mail_changed", "site.template_set", "site.template_removed", "person.erased", "content.forgotten"} // not of the list of commands
	for _, kind := range AuditActs() {
		if !seen[kind] && !slices.Contains(never, kind) {
			t.Errorf("no command of the list makes %s; seen %v", kind, slices.Sorted(maps.Keys(seen)))
		}
	}
}

// check holds an act to ids and plain values.
func check(t *testing.T, act Act) {
	t.Helper()
	for _, change := range act.Changes {
		for _, value := range []string{change.Before, change.After} {
			if strings.ContainsAny(value, " @") || len(value) > 40 {
				t.Errorf("%s tells %q of %s", act.Kind, value, change.Field)
			}
		}
	}
	for _, id := range act.Targets {
		if !strings.ContainsAny(id[:1], "apimgq") || strings.Contains(id, " ") {
			t.Errorf("%s has the target %q", act.Kind, id)
		}
	}
}

func TestAuditTellsBeforeAndAfter(t *testing.T) {
	w := newWorld(t)
	w.admit("mod", "spk", "vic")
	audit := func(by Actor, c Command) Act {
		t.Helper()
		before := w.s.Freeze()
		events := w.do(by, c)
		act, kept := before.Audit(by, events[0])
		if !kept {
			t.Fatalf("%s is not kept", c.Name())
		}
		return act
	}
	name, title, later := "Secret", "Secret title", noon+1000
	for _, c := range []struct {
		by      Actor
		command Command
		want    Act
	}{
		{manager("ada"), ReviseInvitation{Invitation: "i_vera", FirstName: &name}, Act{Kind: "invitation.revised", Targets: []string{"i_vera", "p_vera"}, Changes: []Change{{Field: "first_name"}}}},
		{manager("ada"), EditRoom{Title: &title}, Act{Kind: "room.edited", Changes: []Change{{Field: "title"}}}},
		{manager("ada"), EditRoom{StartsAt: &later}, Act{Kind: "room.scheduled", Changes: []Change{{"starts_at", "1795420800000", "1795420801000"}}}},
		{manager("ada"), RemoveManager{Person: "a_paul"}, Act{Kind: "manager.removed", Targets: []string{"p_paul", "a_paul"}, Changes: []Change{{"right", "co-publisher", ""}}}},
	} {
		if got := audit(c.by, c.command); !sameAct(got, c.want) {
			t.Errorf("%s: %+v", describe(c.command), got)
		}
	}
	w.now = moment(later)
	w.do(system, OpenDue{})
	want := Act{Kind: "role.changed", Targets: []string{"p_vic"}, Changes: []Change{{"role", "viewer", "speaker"}}}
	if got := audit(manager("ada"), SetRole{Participant: "p_vic", Role: "speaker"}); !sameAct(got, want) {
		t.Errorf("a promotion: %+v", got)
	}
}

func sameAct(a, b Act) bool {
	return a.Kind == b.Kind && slices.Equal(a.Targets, b.Targets) && slices.Equal(a.Changes, b.Changes)
}

// What the program does by itself, and what people do with their own, is no
// act; a message of somebody else is.
func TestAuditLeavesOut(t *testing.T) {
	w := newWorld(t)
	w.now = moment(noon)
	opened, err := w.s.Decide(system, OpenDue{}, "", w.now)
	if err != nil {
		t.Fatal(err)
	}
	if _, kept := w.s.Audit(system, opened[0]); kept {
		t.Error("the door's opening is kept")
	}
	w.open()
	w.admit("mod", "vic")
	post := w.do(guest("vic"), ChatPost{Text: "mine"})[0]
	id := MessageID(post.Seq)
	for who, want := range map[string]bool{"vic": false, "mod": true} {
		events, err := w.s.Decide(guest(who), ChatDelete{ID: id}, "k", w.now)
		if err != nil {
			t.Fatal(err)
		}
		if _, kept := w.s.Audit(guest(who), events[0]); kept != want {
			t.Errorf("%s deletes vic's message: kept %v", who, kept)
		}
	}
}
