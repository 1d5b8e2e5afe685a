package check

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/anishathalye/porcupine"

	"greenroom/loadtest/faults/history"
)

// What happens to one variable.
type (
	// input is one operation on a register.
	input struct {
		op    *Op
		set   bool   // otherwise it is told
		value string // what it is set to, or who asks
	}
	// output is what the answer tells; allows says whether a value fits it.
	output struct {
		says   string
		allows func(value string) bool
	}
)

// register is the history of one variable.
type register struct {
	of      *history.Person
	initial string
	ops     []porcupine.Operation
}

// patience is how long one register may take to check. What takes longer is
// neither shown good nor bad.
const patience = 20 * time.Second

// model is a register whose writes may be conditional: a write takes place only
// where its output allows the value that it finds.
func (g register) model() porcupine.Model {
	return porcupine.Model{
		Init: func() any { return g.initial },
		Step: func(state, in, out any) (bool, any) {
			i, o := in.(input), out.(output)
			if !o.allows(state.(string)) {
				return false, state
			}
			if i.set {
				return true, i.value
			}
			return true, state
		},
		DescribeOperation: func(in, out any) string {
			i, o := in.(input), out.(output)
			return fmt.Sprintf("%s %s by %s: %s", i.op.Cmd, i.value, i.op.Person, o.says)
		},
		DescribeState: func(state any) string { return state.(string) },
	}
}

// add adds an operation. One of unknown outcome may take place at any time
// since.
func (g *register) add(o *Op, set bool, value string, out output) {
	ended := int64(o.Ended)
	if o.Ended == never {
		ended = math.MaxInt64
	}
	g.ops = append(g.ops, porcupine.Operation{ClientId: len(g.ops), Input: input{o, set, value}, Call: int64(o.At), Output: out, Return: ended})
}

func anything(string) bool { return true }

// check looks for an order of the operations that explains every answer.
func (g register) check(v *Verdict, what string) {
	if len(g.ops) == 0 {
		return
	}
	model := g.model()
	result, info := porcupine.CheckOperationsVerbose(model, g.ops, patience)
	if result != porcupine.Unknown {
		v.Checked += len(g.ops)
	}
	if result != porcupine.Illegal {
		return
	}
	if v.Picture == nil {
		var page bytes.Buffer
		if porcupine.Visualize(model, info, &page) == nil {
			v.Picture = page.Bytes()
		}
	}
	v.broken(g.entries(), "no order of %d operations explains the answers about %s of %s", len(g.ops), what, g.of.Person)
}

// entries are the operations as they stand in the history.
func (g register) entries() (all []history.Entry) {
	for _, o := range g.ops {
		in := o.Input.(input)
		if all = append(all, in.op.Invoke); in.op.Last != nil {
			all = append(all, in.op.Last)
		}
	}
	slices.SortStableFunc(all, func(a, b history.Entry) int { return cmp.Compare(a.Time(), b.Time()) })
	return all
}

// once makes one operation of all sendings of a key: from the first of which
// the outcome is not a refusal to the answer. It gives nil for a sending that is
// part of another.
func (r *Run) once(o *Op) *Op {
	if o.Key == "" {
		return o
	}
	tries := slices.DeleteFunc(slices.Clone(r.byKey[who{o.Person, o.Key}]), func(try *Op) bool { return try.Outcome == Refused })
	if len(tries) <= 1 || o.Outcome == Refused {
		return o
	}
	if tries[0] != o {
		return nil
	}
	whole := *o
	for _, try := range tries {
		if try.Outcome == OK && try.Ended < whole.Ended {
			whole.Outcome, whole.Ended, whole.Pos, whole.Answer, whole.Last = OK, try.Ended, try.Pos, try.Answer, try.Last
		}
	}
	return &whole
}

// happened says whether an operation without an answer has happened, as far as
// the log tells: with a key it does, without one it may have.
func (r *Run) mayHaveHappened(o *Op) bool {
	return o.Key == "" || r.Logs[o.Room] == nil || len(r.made(o)) > 0
}

// roleRegister is R3: by the log, each command of somebody is judged by the
// role that they have at its place; by the answers, what they may do and what
// they are made are one register.
func roleRegister(r *Run, v *Verdict) {
	for _, p := range r.known() {
		r.judgedInPlace(v, p)
		if g := r.roleOf(p); g.written() {
			g.check(v, "the role")
		}
	}
}

// written says whether the register was ever set, and ever told.
func (g register) written() bool {
	set := func(o porcupine.Operation) bool { return o.Input.(input).set }
	return slices.ContainsFunc(g.ops, set) && !allOf(g.ops, set)
}

func allOf[T any](all []T, fits func(T) bool) bool {
	return !slices.ContainsFunc(all, func(x T) bool { return !fits(x) })
}

// judgedInPlace looks for what somebody did at a place where they might not.
func (r *Run) judgedInPlace(v *Verdict, p *history.Person) {
	roles := r.rolesOf(p.Room, p.Participant)
	if len(roles) < 2 {
		return // never changed
	}
	for _, e := range r.Logs[p.Room].Kind("backchannel.posted") {
		if e.Participant != p.Participant {
			continue
		}
		v.Checked++
		if s := roleAt(roles, e.Pos-1); !staff(s.role) {
			v.broken(of(s.e, e), "%s wrote to the backchannel at %d, being a viewer since %d", p.Person, e.Pos, s.pos)
		}
	}
}

// roleOf collects what changed somebody's role and what tells of it.
func (r *Run) roleOf(p *history.Person) register {
	g := register{of: p, initial: p.Role}
	for _, o := range r.Ops {
		if role, may := r.setsRole(o, p); may && role != "" {
			if o = r.once(o); o != nil && o.Outcome != Refused && (o.Outcome == OK || r.mayHaveHappened(o)) {
				g.add(o, true, role, output{outcomeOf(o), anything})
			}
			continue
		}
		if o.Person != p.Person || !staffCommands[o.Cmd] || !r.inside(o) {
			continue
		}
		switch {
		case o.Outcome == OK && !o.Again: // an answer given again says nothing of now
			g.add(o, false, "", output{"ok", staff})
		case o.Outcome == Refused && o.Code == "forbidden":
			g.add(o, false, "", output{"forbidden", func(role string) bool { return !staff(role) }})
		}
	}
	return g
}

func outcomeOf(o *Op) string {
	switch o.Outcome {
	case OK:
		return "ok"
	case Refused:
		return o.Code
	}
	return "unknown"
}

// inside says whether an operation's connection was told that its person is in
// the room before it was sent: a refusal then is about the role.
func (r *Run) inside(o *Op) bool {
	c := r.byConn[o.Conn]
	if c == nil || c.Hello == nil || c.Hello.At > o.At {
		return false
	}
	phase := c.Hello.Phase
	for _, e := range c.Events {
		if e.At > o.At {
			break
		}
		if e.Name == "phase.changed" {
			phase = read[told](e.Data).Phase
		}
	}
	return phase == "live"
}
