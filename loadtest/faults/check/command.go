package check

import (
	"encoding/json"

	"greenroom/loadtest/faults/history"
)

// idempotent is I1.
func idempotent(r *Run, v *Verdict) {
	for _, l := range r.Logs {
		for k, made := range l.byKey {
			if len(made) > 1 {
				v.Checked++
				v.broken(of(made[0], made[1]), "the key %s of %s made %d events", k.what, k.of, len(made))
			}
		}
	}
	for _, sent := range r.byKey {
		if len(sent) < 2 || len(r.made(sent[0])) == 0 {
			continue
		}
		var first *Op
		for _, o := range sent {
			switch {
			case o.Outcome != OK:
			case first == nil:
				first = o
			default:
				v.Checked++
				if o.Pos != first.Pos || !sameJSON(withoutAgain(o.Answer), withoutAgain(first.Answer)) {
					v.broken(of(first.Invoke, first.Last, o.Invoke, o.Last), "one key of %s was answered with %d and with %d, or otherwise differently", o.Person, first.Pos, o.Pos)
				}
			}
		}
	}
}

func withoutAgain(answer json.RawMessage) json.RawMessage {
	fields := read[map[string]json.RawMessage](answer)
	if fields == nil {
		return answer
	}
	delete(fields, "again")
	text, err := json.Marshal(fields)
	if err != nil {
		return answer
	}
	return text
}

// inOrder is I2.
func inOrder(r *Run, v *Verdict) {
	last := map[history.Conn]*Op{}
	for _, o := range r.Ops {
		made := r.made(o)
		if o.Conn == 0 || o.Outcome != OK || o.Again || len(made) == 0 || o.Pos != made[0].Pos {
			continue
		}
		if before := last[o.Conn]; before != nil {
			v.Checked++
			if o.Pos <= before.Pos {
				v.broken(of(before.Invoke, before.Last, o.Invoke, o.Last), "%s of %s is at %d, and the %s that the same connection sent before at %d", o.Cmd, o.Person, o.Pos, before.Cmd, before.Pos)
			}
		}
		last[o.Conn] = o
	}
}
