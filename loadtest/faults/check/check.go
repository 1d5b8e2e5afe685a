package check

import (
	"fmt"
	"strings"

	"greenroom/loadtest/faults/history"
)

// Witness is one case in which a promise was broken.
type Witness struct {
	Says    string          // one sentence
	Entries []history.Entry // that show it
}

// Verdict is what came of one promise.
type Verdict struct {
	Invariant  string // L1 … E1
	Promise    string // one sentence
	Checked    int    // cases in the history; 0: not exercised
	Violations []Witness
	Picture    []byte // a page that shows a register's history, where that is what failed
}

// Exercised says whether the history had a case of the promise at all.
func (v Verdict) Exercised() bool { return v.Checked > 0 }

// Holds says whether the promise was exercised and kept.
func (v Verdict) Holds() bool { return v.Exercised() && len(v.Violations) == 0 }

// Broken says whether the history has a case in which the promise was broken.
func (v Verdict) Broken() bool { return len(v.Violations) > 0 }

// String is the verdict as one line.
func (v Verdict) String() string {
	switch {
	case len(v.Violations) > 0:
		return fmt.Sprintf("%-3s BROKEN         %d of %d: %s", v.Invariant, len(v.Violations), v.Checked, v.Violations[0].Says)
	case !v.Exercised():
		return fmt.Sprintf("%-3s NOT EXERCISED  %s", v.Invariant, v.Promise)
	}
	return fmt.Sprintf("%-3s holds          %d checked", v.Invariant, v.Checked)
}

// Checker is one promise and how it is checked.
type Checker struct {
	Invariant string
	Promise   string
	check     func(*Run, *Verdict)
}

// Checkers is every promise, in the order in which they are told.
var Checkers = []Checker{
	{"L1", "what was answered ok is in the log exactly once", durable},
	{"L2", "nothing is in the log or delivered that nobody asked for, or that was refused", noPhantom},
	{"L3", "all clients and the store agree on what is at a place", agreement},
	{"L4", "places never fall, nothing comes twice, nothing is missing", order},
	{"L5", "after a resume a client's state is that of a fresh snapshot", resumed},
	{"L7", "ten seconds after the last fault everybody's state is the store's", convergence},
	{"L8", "what was answered ok is everywhere within a second, two without Redis", staleness},
	{"R1", "nothing of staff behind a demotion reaches who was demoted", demotedSeesNothing},
	{"R3", "a person's role is a linearizable register", roleRegister},
	{"R4", "who gets another role is told so on the same connection", toldRole},
	{"R5", "who was banned, removed or revoked is out", sentOut},
	{"R6", "nothing that a muted person says is in the log", muted},
	{"R7", "no page, resume or export after a demotion has anything of staff", demotedReadsNothing},
	{"D2", "nothing of an older device is committed after the link has a newer one", oldDevice},
	{"D3", "a link belongs to the device that claimed it until it is freed", ownerRegister},
	{"D4", "who was on a killed instance is back within ten seconds", comesBack},
	{"D5", "of many devices that claim one link at once exactly one wins", oneWins},
	{"O1", "the door opens once", opensOnce},
	{"O2", "the door never opens before its time by the store's clock", neverEarly},
	{"O3", "everybody before the door is let in soon, and nobody is inside before", letIn},
	{"O4", "a start that was moved in time does not open the door", moved},
	{"I1", "a key commits once and every answer to it is the same", idempotent},
	{"I2", "commands of one connection commit in the order sent", inOrder},
	{"P1", "the result counts everybody's last answer once", counts},
	{"C1", "the number of people inside is that of people connected", counted},
	{"C2", "viewers who come and go cost no message each", fewMessages},
	{"B1", "guesses at a link are limited over all instances together", guesses},
	{"B2", "a wrong address is answered the same whether it is invited elsewhere or not", sameAnswer},
	{"S1", "a stalled reader delays nobody and costs no more than its outbox", stalled},
	{"E1", "of an erased person nothing is left but numbers", erased},
}

// All gives the verdict on every promise.
func All(h *history.History) []Verdict {
	r := NewRun(h)
	verdicts := make([]Verdict, 0, len(Checkers))
	for _, c := range Checkers {
		verdicts = append(verdicts, c.On(r))
	}
	return verdicts
}

// On gives the verdict on one promise.
func (c Checker) On(r *Run) Verdict {
	v := Verdict{Invariant: c.Invariant, Promise: c.Promise}
	c.check(r, &v)
	return v
}

// Of finds the checker of a promise.
func Of(invariant string) (Checker, bool) {
	for _, c := range Checkers {
		if strings.EqualFold(c.Invariant, invariant) {
			return c, true
		}
	}
	return Checker{}, false
}

// mostWitnesses bounds what is kept of one promise; the rest is only counted.
const mostWitnesses = 100

// broken notes a case that breaks the promise.
func (v *Verdict) broken(entries []history.Entry, format string, args ...any) {
	w := Witness{Says: fmt.Sprintf(format, args...)}
	if len(v.Violations) < mostWitnesses {
		w.Entries = entries
	}
	v.Violations = append(v.Violations, w)
}

// of lists the entries of a witness; nil ones are left out.
func of(entries ...history.Entry) []history.Entry { return entries }
