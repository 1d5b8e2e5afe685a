package room

import (
	"cmp"
	"time"
)

// SiteID is the id of the site's own log. It is folded by the same kind of
// feed as a room's, and nobody enters it.
const SiteID ID = "site"

// Site is the settings that hold for all rooms. A Site never changes: a fact
// makes another one. It is for reading only.
type Site struct {
	Version      Seq // place of the last change of what a SiteChange holds
	Name         string
	Accent       string // #rrggbb; empty: the design's own
	Logo         Logo
	Invitations  bool // anybody is invited anywhere at all
	LinkMinutes  int  // how long a link works if nothing else is said
	LinkFixed    bool // not a minute longer; else to the room's end, if that is later
	Devices      int  // how many devices a link works on if nothing else is said; 0: any number
	Inviters     Circle
	Creators     Circle
	EarlyMinutes int         // how long before the start staff may enter; 0: not at all
	Absence      AbsenceRule // of a room that nobody runs
	Lobby        LobbyProof
	Retention    Retention
	Domains      DomainRules
	Mail         SiteMail
	StageOrigins []string // from where pages may be shown on a stage
	Filter       Filter   // holds in every room, beside the room's own
	Unwelcome    []string // its words, as they are compared
}

// Logo names the picture of the site; its bytes are a row beside the log.
type Logo struct {
	Hash string `json:"hash,omitempty"` // SHA-256 in hexadecimal; empty: none
	Kind string `json:"kind,omitempty"` // its media type
}

// Proof is what somebody in the lobby has to show.
type Proof string

// The proofs.
const (
	ProofNone Proof = "none" // to know the invited address
	ProofCode Proof = "code" // to read the mail that comes there
)

// LobbyProof is the proof that each type of invitation asks for.
type LobbyProof struct {
	Viewer    Proof `json:"viewer"`
	Speaker   Proof `json:"speaker"`
	Moderator Proof `json:"moderator"`
}

// Of gives the proof for a type.
func (l LobbyProof) Of(role Role) Proof {
	switch role {
	case Speaker:
		return l.Speaker
	case Moderator:
		return l.Moderator
	}
	return l.Viewer
}

// Retention is for how many days what is kept.
type Retention struct {
	ContentDays int `json:"content_days"` // what was written in a room, from its end on
	IPDays      int `json:"ip_days"`      // from where somebody came: the browsers of web sessions (no network address is kept)
	AuditDays   int `json:"audit_days"`   // who did what
}

// SiteRole is what an account is to the site as a whole.
type SiteRole uint8

// The site's roles, in the order of their rights.
const (
	NoSiteRole SiteRole = iota
	SiteMember
	SiteAdmin
	SiteOwner
)

var siteRoleNames = [...]string{"", "member", "admin", "owner"}

// ParseSiteRole reads member, admin or owner; NoSiteRole for anything else.
func ParseSiteRole(name string) SiteRole {
	for r := SiteMember; r <= SiteOwner; r++ {
		if siteRoleNames[r] == name {
			return r
		}
	}
	return NoSiteRole
}

// Governs says whether r may act on the account of somebody who is other:
// owners on everybody, admins on all but owners.
func (r SiteRole) Governs(other SiteRole) bool { return r >= SiteAdmin && r >= other }

// String is the role's name.
func (r SiteRole) String() string { return siteRoleNames[r] }

// MarshalText writes the role's name.
func (r SiteRole) MarshalText() ([]byte, error) { return []byte(siteRoleNames[r]), nil }

// UnmarshalText reads the role's name; an unknown one becomes NoSiteRole.
func (r *SiteRole) UnmarshalText(text []byte) error {
	*r = ParseSiteRole(string(text))
	return nil
}

// defaultSite is a site that nobody has set up.
var defaultSite = &Site{Invitations: true, LinkMinutes: 1440, Devices: 1, Inviters: Circle{Role: SiteMember}, Creators: Circle{Role: SiteMember},
	Lobby: LobbyProof{ProofNone, ProofNone, ProofNone}, Absence: AbsenceRule{AbsenceNothing, 10}, Retention: Retention{ContentDays: 90, IPDays: 7, AuditDays: 365}}

// DefaultSite is a site that nobody has set up. It is shared.
func DefaultSite() *Site { return defaultSite }

// Under makes the site's settings the ones that s judges by.
func (s *State) Under(site *Site) { s.site = site }

// Site is the settings that s judges by; in the site's own state they are what
// its log says. It is never nil.
func (s *State) Site() *Site {
	if s.site == nil {
		return defaultSite
	}
	return s.site
}

// SiteView is what the pages of all rooms show of the site.
type SiteView struct {
	Name        string `json:"name"`
	Logo        string `json:"logo,omitempty"` // path
	Theme       Theme  `json:"theme,omitempty"`
	Invitations bool   `json:"invitations"`

	StageOrigins []string `json:"stage_origins,omitempty"` // what may be on a stage
}

// View is what the pages of all rooms show of the site.
func (s *Site) View() SiteView {
	v := SiteView{Name: cmp.Or(s.Name, "greenroom"), Theme: ThemeOf(s.Accent), Invitations: s.Invitations, StageOrigins: s.StageOrigins}
	if s.Logo.Hash != "" {
		v.Logo = "/logo/" + s.Logo.Hash
	}
	return v
}

// Commands about the site. Its owner gives them by HTTP.
type (
	// FoundSite is the system's, when a program starts: the first event of the
	// site's log, if there is none.
	FoundSite struct{}
	// SetSite changes what is not nil.
	SetSite struct {
		SiteChange
		Expect *Seq // the Version that the change is meant for; nil: whatever it is
	}
)

// SiteChange is settings to be set, or that were set: those that are not nil.
type SiteChange struct {
	Name           *string      `json:"name,omitempty"`
	Accent         *string      `json:"accent,omitempty"`
	Logo           *Logo        `json:"logo,omitempty"`
	Invitations    *bool        `json:"invitations,omitempty"`
	LinkMinutes    *int         `json:"link_minutes,omitempty"`
	LinkFixed      *bool        `json:"link_fixed,omitempty"`
	Devices        *int         `json:"devices,omitempty"`
	Inviters       *Circle      `json:"inviters,omitempty"`
	Creators       *Circle      `json:"creators,omitempty"`
	EarlyMinutes   *int         `json:"early_minutes,omitempty"`
	Absence        *AbsenceRule `json:"host_absent,omitempty"`
	LobbyViewer    *Proof       `json:"lobby_viewer,omitempty"`
	LobbySpeaker   *Proof       `json:"lobby_speaker,omitempty"`
	LobbyModerator *Proof       `json:"lobby_moderator,omitempty"`
	ContentDays    *int         `json:"content_days,omitempty"`
	IPDays         *int         `json:"ip_days,omitempty"`
	AuditDays      *int         `json:"audit_days,omitempty"`
	StageOrigins   *[]string    `json:"stage_origins,omitempty"`
	Words          *[]string    `json:"words,omitempty"`
	RefuseWords    *bool        `json:"refuse_words,omitempty"`
}

// Name implements Command.
func (FoundSite) Name() string { return "site.found" }

// Name implements Command.
func (SetSite) Name() string { return "site.set" }

// Facts about the site.
type (
	// SiteFounded is always the first event of the site's log.
	SiteFounded struct{}
	// SiteChanged holds the settings that are others now.
	SiteChanged struct {
		By PersonID `json:"by,omitempty"` // empty: the system
		SiteChange
	}
)

// Kind implements Fact.
func (SiteFounded) Kind() string { return "site.founded" }

// Kind implements Fact.
func (SiteChanged) Kind() string { return "site.changed" }

// judgeSite judges what is asked of the site. For everything else it is no
// room.
func (s *State) judgeSite(by Actor, c Command, _ time.Time) ([]Fact, *Refusal) {
	switch c := c.(type) {
	case FoundSite:
		return s.decideFound(by)
	case SetSite:
		return s.decideSetSite(by, c)
	case SetDomain:
		return s.decideSetDomain(by, c)
	case RemoveDomain:
		return s.decideRemoveDomain(by, c)
	case SetSiteMail:
		return s.decideSetSiteMail(by, c)
	case SetTemplate:
		return s.decideSetTemplate(by, c)
	case RemoveTemplate:
		return s.decideRemoveTemplate(by, c)
	}
	return nil, &Refusal{Code: CodeNotFound, Message: "There is no such room.", Final: true}
}

func (s *State) decideFound(by Actor) ([]Fact, *Refusal) {
	if !by.System {
		return nil, refuse(CodeForbidden, "The site founds itself.")
	}
	if s.Head != 0 {
		return nil, nil
	}
	return []Fact{SiteFounded{}}, nil
}

// owns refuses whoever may not change the site.
func (s *State) owns(by Actor) *Refusal {
	switch {
	case by.SiteRole != SiteOwner && !by.System:
		return refuse(CodeForbidden, "Only an owner of the site may change its settings.")
	case s.Head == 0:
		return &Refusal{Code: CodeUnavailable, Message: "The site is not set up yet.", Retry: time.Second}
	}
	return nil
}

func (s *State) decideSetSite(by Actor, c SetSite) ([]Fact, *Refusal) {
	if no := s.owns(by); no != nil {
		return nil, no
	}
	site := s.Site()
	if c.Expect != nil && *c.Expect != site.Version {
		return nil, refuse(CodeConflict, "Somebody else has changed the settings meanwhile.")
	}
	change, no := site.judge(c.SiteChange)
	if no != nil || change == (SiteChange{}) {
		return nil, no
	}
	return []Fact{SiteChanged{by.Account, change}}, nil
}

func (s *State) foldSiteChanged(at Seq, f SiteChanged) {
	site := *s.Site()
	site.Version = at
	f.SiteChange.into(&site)
	s.site = &site
}

// into sets what the change holds.
func (c SiteChange) into(s *Site) {
	put(&s.Name, c.Name)
	put(&s.Accent, c.Accent)
	put(&s.Logo, c.Logo)
	put(&s.Invitations, c.Invitations)
	put(&s.LinkMinutes, c.LinkMinutes)
	put(&s.LinkFixed, c.LinkFixed)
	put(&s.Devices, c.Devices)
	put(&s.Inviters, c.Inviters)
	put(&s.Creators, c.Creators)
	put(&s.EarlyMinutes, c.EarlyMinutes)
	put(&s.Absence, c.Absence)
	put(&s.Lobby.Viewer, c.LobbyViewer)
	put(&s.Lobby.Speaker, c.LobbySpeaker)
	put(&s.Lobby.Moderator, c.LobbyModerator)
	put(&s.Retention.ContentDays, c.ContentDays)
	put(&s.Retention.IPDays, c.IPDays)
	put(&s.Retention.AuditDays, c.AuditDays)
	put(&s.StageOrigins, c.StageOrigins)
	put(&s.Filter.Words, c.Words)
	put(&s.Filter.Refuse, c.RefuseWords)
	if c.Words != nil {
		s.Unwelcome = s.Filter.normal()
	}
}

func put[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}
