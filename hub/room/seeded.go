//go:build seeded

package room

import (
	"os"
	"reflect"
	"sync"
	"time"
)

// Bugs that are sown on purpose: the fault rig is proven by servers that have
// one of them. They are only in builds with the tag seeded, and each only where
// GREENROOM_SEEDED_BUG names it. unseeded.go has what is right instead.
var bug = os.Getenv("GREENROOM_SEEDED_BUG")

// newer says whether this build takes itself for a newer release: it knows one
// kind of fact more, and has it happen behind each announcement.
var newer = os.Getenv("GREENROOM_SEEDED_RELEASE") == "newer"

// Applauded is what older releases do not know.
type Applauded struct{}

// Kind implements Fact.
func (Applauded) Kind() string { return "stage.applauded" }

func init() {
	if newer {
		facts[Applauded{}.Kind()] = reflect.TypeFor[Applauded]()
	}
}

func ofNewer(facts []Fact) []Fact {
	if _, announced := facts[0].(Announced); announced && newer {
		return append(facts, Applauded{})
	}
	return facts
}

type cachedRole struct {
	role  Role
	until time.Time
}

var (
	cachedRoles sync.Map // ParticipantID to cachedRole
	firstStarts sync.Map // ID to Millis
)

// roleOf keeps a role for five seconds, or forgets that to read a page takes one.
func (s *State) roleOf(p *Person, c Command) Role {
	if _, reads := c.(BackchannelPage); bug == "open-pages" && reads {
		return Moderator
	}
	if bug != "stale-roles" {
		return p.Role
	}
	if c, ok := cachedRoles.Load(p.ID); ok && time.Now().Before(c.(cachedRole).until) {
		return c.(cachedRole).role
	}
	cachedRoles.Store(p.ID, cachedRole{p.Role, time.Now().Add(5 * time.Second)})
	return p.Role
}

// start is the first one that was planned, whatever came of it.
func (s *State) start() Millis {
	if bug != "old-start" {
		return s.StartsAt
	}
	first, _ := firstStarts.LoadOrStore(s.ID, s.StartsAt)
	return first.(Millis)
}

// betrays tells that an address is somebody else's here.
func (s *State) betrays(match Hash) *Refusal {
	if _, invited := s.InvitedAs(match); bug == "telling-lobby" && invited && !match.IsZero() {
		return &Refusal{Code: CodeLobbyNoMatch, Message: "This address has a link of its own."}
	}
	return nil
}

func (s *State) forgetsKeys() bool    { return bug == "forgotten-keys" }
func (p *Person) forgetsDevice() bool { return bug == "forgotten-device" }
func (p *Person) silenced() bool      { return p.Muted && bug != "heard-mute" }
func keepsTexts() bool                { return bug == "kept-texts" }

// shared lets a link be claimed on every device, or on as many as ask before
// the first claim is known to all.
func (p *Person) shared() bool {
	racing := bug == "racing-claims" && len(p.Claims) > 0 && time.Since(time.UnixMilli(int64(p.Claims[0].At))) < 300*time.Millisecond
	return bug == "shared-link" || racing
}

// counting counts as if each of three instances had its own.
func counting(misses []miss) []miss {
	if bug == "local-guesses" {
		return misses[:len(misses)/3]
	}
	return misses
}

// answered forgets that somebody has answered before.
func answered(before uint32) uint32 {
	if bug == "double-count" {
		return 0
	}
	return before
}
