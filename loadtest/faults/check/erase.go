package check

import (
	"encoding/json"
	"strings"

	"greenroom/loadtest/faults/history"
)

// erased is E1.
func erased(r *Run, v *Verdict) {
	for _, s := range history.Of[*history.Searched](r.h) {
		if s.Looked == 0 {
			continue
		}
		v.Checked++
		if len(s.Found) > 0 {
			v.broken(of(r.entryOf(s.Person), s), "%q of the erased %s was found in the %s", s.Found, s.Person, s.Where)
		}
	}
	for _, o := range r.Ops {
		if t := r.target(o); o.Cmd == history.HTTPErase && o.Outcome == OK && t != nil && r.Logs[t.Room] != nil {
			v.Checked++
			r.leavesNothing(v, t, o)
		}
	}
	r.gapless(v)
}

func (r *Run) entryOf(person string) history.Entry {
	if p := r.Persons[person]; p != nil {
		return p
	}
	return nil
}

// shortWord is what is too short to be sought: it stands in other words, too.
const shortWord = 5

// wordsOf is what must not be left of somebody.
func (r *Run) wordsOf(p *history.Person) (words []string) {
	for _, w := range []string{p.Email, p.First + " " + p.Last, p.First, p.Last} {
		if len(w) >= shortWord && !r.shares(p, w) {
			words = append(words, w)
		}
	}
	for _, o := range r.Ops {
		if text := textOf(o.Data); o.Person == p.Person && len(text) >= shortWord {
			words = append(words, text)
		}
	}
	return words
}

// shares says whether a word is in somebody else's name as well.
func (r *Run) shares(p *history.Person, word string) bool {
	for _, other := range r.Persons {
		if other.Person != p.Person && strings.Contains(other.First+" "+other.Last+" "+other.Email, word) {
			return true
		}
	}
	return false
}

// leavesNothing looks through the log, and through what came by a hello behind
// the erasure.
func (r *Run) leavesNothing(v *Verdict, p *history.Person, by *Op) {
	words := r.wordsOf(p)
	for _, e := range r.Logs[p.Room].Entries {
		if w := found(e.Data, words); w != "" {
			v.broken(of(p, by.Invoke, e), "%q of the erased %s is in the log at %d", w, p.Person, e.Pos)
			return
		}
	}
	at := r.forgottenAt(p)
	for _, c := range r.byRoom[p.Room] {
		if c.Hello == nil || c.Hello.Pos < at {
			continue
		}
		if w := found(c.Hello.Snapshot, words); w != "" {
			v.broken(of(p, by.Invoke, c.Hello), "%q of the erased %s is in a snapshot", w, p.Person)
		}
		for _, e := range c.Events {
			if w := found(e.Data, words); w != "" {
				v.broken(of(p, by.Invoke, c.Hello, e), "%q of the erased %s came to %s at %d, behind the erasure", w, p.Person, c.Person, e.Pos)
			}
		}
	}
}

// forgottenAt is the place of the erasure of somebody.
func (r *Run) forgottenAt(p *history.Person) uint64 {
	for _, e := range r.Logs[p.Room].Kind("person.erased") {
		if read[target](e.Data).Participant == p.Participant {
			return e.Pos
		}
	}
	return ^uint64(0)
}

func found(data json.RawMessage, words []string) string {
	text := string(data)
	for _, w := range words {
		if strings.Contains(text, w) {
			return w
		}
	}
	return ""
}

// gapless looks at the numbers of every log.
func (r *Run) gapless(v *Verdict) {
	for room, l := range r.Logs {
		for i, e := range l.Entries {
			if e.Pos != uint64(i)+1 {
				v.broken(of(e), "place %d of %s is missing", i+1, room)
				break
			}
		}
	}
}
