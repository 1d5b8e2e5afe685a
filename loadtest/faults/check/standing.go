package check

import (
	"greenroom/loadtest/faults/history"
)

// standing is what a connection was told that its person is, from a place on.
type standing struct {
	pos   uint64
	phase string
	role  string // viewer, speaker, moderator or manager
}

// Phases in which a person is in the room.
func inside(phase string) bool { return phase == "live" || phase == "backstage" }

func staff(role string) bool { return role != "" && role != "viewer" }

type told struct {
	Phase string
	Role  string
	You   struct{ Role string }
}

// standings gives what a connection was told, in order of places.
func (c *Conn) standings() []standing {
	if c.Hello == nil || c.stood != nil {
		return c.stood
	}
	all := []standing{{c.Hello.Pos, c.Hello.Phase, read[told](c.Hello.You).Role}}
	if c.Hello.Mode == "resumed" && c.Resume.Pos < c.Hello.Pos {
		all[0].pos = c.Resume.Pos // the missed follow
	}
	for _, e := range c.Events {
		now := all[len(all)-1]
		now.pos = e.Pos
		switch told := read[told](e.Data); e.Name {
		case "phase.changed":
			now.phase, now.role = told.Phase, told.You.Role
		case "me.role":
			now.role = told.Role
		case "me.removed", "me.revoked", "room.closed", "room.deleted":
			now.phase = "over"
		default:
			continue
		}
		all = append(all, now)
	}
	c.stood = all
	return all
}

// at gives what the person was at a place, as told.
func at(all []standing, pos uint64) (s standing) {
	for _, next := range all {
		if next.pos > pos {
			break
		}
		s = next
	}
	return s
}

// stand is somebody's role from a place of the log on.
type stand struct {
	pos  uint64
	role string
	e    *history.Logged // nil: as invited
}

// rolesOf folds a participant's role out of the log. The log's word for
// managers is their right.
func (r *Run) rolesOf(room, participant string) (all []stand) {
	for _, e := range r.Logs[room].Kind("invitation.issued", "role.changed", "manager.set") {
		f := read[struct{ Participant, Type, Role, Right string }](e.Data)
		if f.Participant != participant {
			continue
		}
		role := f.Role
		switch e.Kind {
		case "invitation.issued":
			role = f.Type
		case "manager.set":
			role = "manager"
		}
		all = append(all, stand{e.Pos, role, e})
	}
	return all
}

// roleAt gives the role behind a place, and the entry that made it.
func roleAt(all []stand, pos uint64) (s stand) {
	for _, next := range all {
		if next.pos > pos {
			break
		}
		s = next
	}
	return s
}

// demotion is a place from which on somebody is a viewer, and where that ends.
type demotion struct {
	person      *history.Person
	at          *history.Logged
	from, until uint64 // places between, both not included
}

// demotions lists who was of staff and is not any more.
func (r *Run) demotions() (all []demotion) {
	for _, p := range r.known() {
		roles := r.rolesOf(p.Room, p.Participant)
		for i := 1; i < len(roles); i++ {
			if staff(roles[i].role) || !staff(roles[i-1].role) {
				continue
			}
			d := demotion{p, roles[i].e, roles[i].pos, ^uint64(0)}
			if i+1 < len(roles) {
				d.until = roles[i+1].pos
			}
			all = append(all, d)
		}
	}
	return all
}

// known lists the persons whose participant is known.
func (r *Run) known() (all []*history.Person) {
	for _, p := range history.Of[*history.Person](r.h) {
		if p.Participant != "" && r.Persons[p.Person] == p {
			all = append(all, p)
		}
	}
	return all
}

// connsOf lists the connections of a person.
func (r *Run) connsOf(person string) (all []*Conn) {
	for _, c := range r.Conns {
		if c.Person == person {
			all = append(all, c)
		}
	}
	return all
}
