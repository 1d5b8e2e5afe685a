package room

import (
	"slices"
	"strings"
	"testing"
)

// The table once more, as people read it: who may, by first letters of viewer,
// speaker, moderator, co-publisher, co-editor, co-owner, owner.
const rightsByRole = `
chat.post           v s m p e c o
chat.like           v s m p e c o
chat.delete         v s m p e c o
chat.page           v s m p e c o
question.ask        v s m p e c o
question.vote       v s m p e c o
question.page       v s m p e c o
hand.raise          v s m p e c o
reaction.send       v s m p e c o
question.answer     - s m p e c o
question.claim      - s m p e c o
backchannel.post    - s m p e c o
backchannel.page    - s m p e c o
people.page         - s m p e c o
chat.report         v s m p e c o
chat.clear          - - m p e c o
participant.mute    - - m p e c o
participant.remove  - - m p e c o
participant.ban     - - m p e c o
moderation.page     - - m p e c o
room.settings       - - m p e c o
admit.grant         - - m p e c o
announcement.post   - - m p e c o
pin.set             - - m p e c o
stage.source        - - m p e c o
room.pause          - - m p e c o
room.go_live        - - m p e c o
question.publish    - - m p e c o
question.dismiss    - - m p e c o
hand.clear          - - m p e c o
stage.leave         - s m - - - -
participant.rename  - - m p e c o
interaction.page    v s m p e c o
interaction.answer  v s m p e c o
interaction.answers - - m p e c o
interaction.create  - - m p e c o
interaction.launch  - - m p e c o
chat.delete.any     - - m p e c o
role.set:viewer     - - m p e c o
role.set:speaker    - - m p e c o
role.set:moderator  - - - p e c o
invitation.manage   - - - p e c o
room.edit           - - - p e c o
room.schedule       - - - p e c o
room.open           - - - p e c o
room.close          - - - p e c o
manager.set         - - - - - c o
room.delete         - - - - - c o
`

func TestRights(t *testing.T) {
	seen := 0
	for row := range strings.Lines(strings.TrimSpace(rightsByRole)) {
		cells := strings.Fields(row)
		action := Action(cells[0])
		if NoRole.May(action) {
			t.Errorf("nobody may %s", action)
		}
		for i, r := 1, Viewer; r <= Owner; i, r = i+1, r+1 {
			if want := cells[i] != "-"; r.May(action) != want || slices.Contains(r.Rights(), action) != want {
				t.Errorf("%s may %s: %t, told %v", r, action, r.May(action), r.Rights())
			}
		}
		seen++
	}
	if seen != len(rights) {
		t.Errorf("%d actions in this test, %d in the table", seen, len(rights))
	}
	if Owner.May("") || Owner.May("room.explode") {
		t.Error("an unknown action is allowed")
	}
}

func TestRanks(t *testing.T) {
	order := [][]Role{{NoRole}, {Viewer}, {Speaker}, {Moderator}, {CoPublisher, CoEditor}, {CoOwner}, {Owner}}
	for i, lower := range order {
		for j, higher := range order {
			for _, a := range lower {
				for _, b := range higher {
					want := i > j || a == Owner && b == Owner
					if a.Outranks(b) != want {
						t.Errorf("%s outranks %s: %t", a, b, !want)
					}
				}
			}
		}
	}
}

func TestRoleNames(t *testing.T) {
	for r := Viewer; r <= Owner; r++ {
		var back Role
		text, err := r.MarshalText()
		if err != nil || back.UnmarshalText(text) != nil || back != r || ParseRole(r.String()) != r {
			t.Errorf("%s is read as %s", r, back)
		}
		if r.Manages() != (r.Shown() == "manager") || r.Manages() != (r.Right() != "") || r.Manages() == r.Invitable() {
			t.Errorf("%s: shown %q, right %q", r, r.Shown(), r.Right())
		}
	}
	for _, name := range []string{"", "manager", "Viewer", "admin"} {
		if r := ParseRole(name); r != NoRole {
			t.Errorf("%q is %s", name, r)
		}
	}
}
