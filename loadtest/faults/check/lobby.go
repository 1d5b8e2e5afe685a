package check

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"greenroom/loadtest/faults/history"
)

// How many wrong addresses a link and one web session have (PROTOCOL §7).
const (
	linkTries     = 20
	linkWindow    = 24 * time.Hour
	sessionTries  = 5
	sessionWindow = 15 * time.Minute
)

// guesses is B1.
func guesses(r *Run, v *Verdict) {
	for _, p := range r.known() {
		missed := r.missed(p)
		if len(missed) == 0 {
			continue
		}
		v.Checked++
		bySession := map[string][]*history.Logged{}
		for _, e := range missed {
			session := read[struct{ Session string }](e.Data).Session
			bySession[session] = append(bySession[session], e)
		}
		for _, own := range bySession {
			if more := tooMany(own, sessionTries, sessionWindow); more != nil {
				v.broken(more, "one session guessed %d times at the link of %s, %d are allowed", len(own), p.Person, sessionTries)
			}
		}
		if more := tooMany(missed, linkTries, linkWindow); more != nil {
			v.broken(more, "%d wrong addresses were taken for the link of %s, %d are allowed", len(missed), p.Person, linkTries)
		}
		r.answeredGuesses(v, p)
		if len(missed) >= linkTries {
			r.staysLocked(v, p, missed[linkTries-1])
		}
	}
}

// missed lists the wrong addresses since the link was last renewed or freed.
func (r *Run) missed(p *history.Person) (all []*history.Logged) {
	for _, e := range r.Logs[p.Room].Kind("invitation.missed", "invitation.renewed", freed) {
		switch {
		case read[target](e.Data).Participant != p.Participant:
		case e.Kind == "invitation.missed":
			all = append(all, e)
		default:
			all = nil
		}
	}
	return all
}

// tooMany gives more entries than a limit within some time, if there are.
func tooMany(all []*history.Logged, limit int, window time.Duration) []history.Entry {
	for i := limit; i < len(all); i++ {
		if all[i].StoreAt-all[i-limit].StoreAt < window.Milliseconds() {
			return entriesOf(all[i-limit : i+1])
		}
	}
	return nil
}

func entriesOf(all []*history.Logged) (entries []history.Entry) {
	for _, e := range all {
		entries = append(entries, e)
	}
	return entries
}

// answeredGuesses counts what people were answered, whatever the log says. The
// last miss is answered as locked.
func (r *Run) answeredGuesses(v *Verdict, p *history.Person) {
	var entries []history.Entry
	for _, o := range r.Ops {
		switch {
		case o.Person == p.Person && o.Cmd == "lobby.check" && o.Code == "lobby_no_match":
			entries = append(entries, o.Invoke, o.Last)
		case (o.Cmd == history.HTTPLink || o.Cmd == history.HTTPReset) && o.Outcome != Refused:
			if t := r.target(o); t != nil && t.Person == p.Person {
				entries = nil
			}
		}
	}
	if n := len(entries) / 2; n > linkTries {
		v.broken(entries, "%d guesses at the link of %s were answered, %d are allowed", n, p.Person, linkTries)
	}
}

// staysLocked looks for an address that was still judged after the last try.
func (r *Run) staysLocked(v *Verdict, p *history.Person, last *history.Logged) {
	for _, o := range r.Ops {
		if o.Person != p.Person || o.Cmd != "lobby.check" || o.At < r.rig(last.StoreAt)+seconds(1) || r.Began == nil {
			continue
		}
		if o.Outcome == OK || o.Code == "lobby_no_match" {
			v.broken(of(last, o.Invoke, o.Last), "the link of %s was locked at %d and still answered an address with %s", p.Person, last.Pos, outcomeOf(o))
		}
	}
}

// sameAnswer is B2.
func sameAnswer(r *Run, v *Verdict) {
	invited := map[string]bool{}
	for _, p := range r.Persons {
		invited[strings.ToLower(p.Email)] = p.Email != ""
	}
	var known, unknown []*Op // to the site
	for _, o := range r.Ops {
		if o.Cmd != "lobby.check" || o.Code != "lobby_no_match" {
			continue
		}
		if email := strings.ToLower(read[target](o.Data).Email); invited[email] {
			known = append(known, o)
		} else {
			unknown = append(unknown, o)
		}
	}
	if v.Checked = min(len(known), len(unknown)); v.Checked == 0 {
		return
	}
	first := unknown[0]
	for _, o := range slices.Concat(known, unknown) {
		if !sameJSON(withoutTries(o.Answer), withoutTries(first.Answer)) {
			v.broken(of(first.Invoke, first.Last, o.Invoke, o.Last), "two wrong addresses were answered differently")
		}
	}
}

func withoutTries(answer json.RawMessage) json.RawMessage {
	fields := read[map[string]json.RawMessage](answer)
	delete(fields, "tries_left")
	text, err := json.Marshal(fields)
	if err != nil {
		return answer
	}
	return text
}
