package room

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
)

// Act is what the audit log keeps of an event: ids, roles, times and numbers,
// never a name, an address or a text that somebody wrote. Those are looked up
// where they stand, so that an erased person is erased here too.
type Act struct {
	Kind    string   // of the fact
	Targets []string // ids of the people, invitations and messages it was done to
	Changes []Change
}

// Change is one value before and after. Both are empty for a text that is not
// kept: then only the field's name tells that it changed.
type Change struct {
	Field  string `json:"field"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// auditClass says whether a kind of fact is an act to account for.
type auditClass uint8

const (
	auditNever  auditClass = iota + 1 // what people do for themselves
	auditAlways                       // managing, and entering by a link
	auditOthers                       // only if it was done to what is somebody else's
)

// audits has the class of every kind of fact; a test holds it to the list of
// facts.
var audits = map[string]auditClass{
	Created{}.Kind():               auditAlways,
	Edited{}.Kind():                auditAlways,
	Scheduled{}.Kind():             auditAlways,
	Opened{}.Kind():                auditAlways,
	Closed{}.Kind():                auditAlways,
	Deleted{}.Kind():               auditAlways,
	ManagerSet{}.Kind():            auditAlways,
	ManagerRemoved{}.Kind():        auditAlways,
	ManagerEntered{}.Kind():        auditNever,
	Issued{}.Kind():                auditAlways,
	Revised{}.Kind():               auditAlways,
	LinkOpened{}.Kind():            auditNever,
	Claimed{}.Kind():               auditAlways,
	Missed{}.Kind():                auditNever,
	Renewed{}.Kind():               auditAlways,
	Freed{}.Kind():                 auditAlways,
	Revoked{}.Kind():               auditAlways,
	Restored{}.Kind():              auditAlways,
	Requested{}.Kind():             auditNever,
	Dismissed{}.Kind():             auditAlways,
	CodeSent{}.Kind():              auditNever,
	CodeMissed{}.Kind():            auditNever,
	GuestLinkSet{}.Kind():          auditAlways,
	GuestLinkRemoved{}.Kind():      auditAlways,
	RoleChanged{}.Kind():           auditAlways,
	ChatPosted{}.Kind():            auditNever,
	ChatLiked{}.Kind():             auditNever,
	ChatDeleted{}.Kind():           auditOthers,
	BackchannelPosted{}.Kind():     auditNever,
	QuestionAsked{}.Kind():         auditNever,
	QuestionVoted{}.Kind():         auditNever,
	QuestionPublished{}.Kind():     auditAlways,
	QuestionClaimed{}.Kind():       auditAlways,
	QuestionAnswered{}.Kind():      auditAlways,
	QuestionDismissed{}.Kind():     auditAlways,
	HandRaised{}.Kind():            auditNever,
	HandLowered{}.Kind():           auditOthers,
	HandsCleared{}.Kind():          auditAlways,
	StageOffered{}.Kind():          auditAlways,
	OfferEnded{}.Kind():            auditOthers,
	Renamed{}.Kind():               auditAlways,
	KnockTold{}.Kind():             auditAlways,
	BackstageTurned{}.Kind():       auditNever,
	SiteFounded{}.Kind():           auditNever,
	SiteChanged{}.Kind():           auditAlways,
	DomainSet{}.Kind():             auditAlways,
	DomainRemoved{}.Kind():         auditAlways,
	SiteMailChanged{}.Kind():       auditAlways,
	TemplateSet{}.Kind():           auditAlways,
	TemplateRemoved{}.Kind():       auditAlways,
	Muted{}.Kind():                 auditAlways,
	Unmuted{}.Kind():               auditAlways,
	Removed{}.Kind():               auditAlways,
	Banned{}.Kind():                auditAlways,
	Unbanned{}.Kind():              auditAlways,
	SettingsChanged{}.Kind():       auditAlways,
	Granted{}.Kind():               auditAlways,
	Denied{}.Kind():                auditAlways,
	ChatCleared{}.Kind():           auditAlways,
	Reported{}.Kind():              auditNever,
	ReportSettled{}.Kind():         auditAlways,
	Announced{}.Kind():             auditAlways,
	AnnouncementWithdrawn{}.Kind(): auditAlways,
	Pinned{}.Kind():                auditAlways,
	Unpinned{}.Kind():              auditAlways,
	Sourced{}.Kind():               auditAlways,
	Paused{}.Kind():                auditAlways,
	Resumed{}.Kind():               auditAlways,
	GoingLive{}.Kind():             auditAlways,
	GoLiveCancelled{}.Kind():       auditAlways,
	HostsAway{}.Kind():             auditNever,
	Unattended{}.Kind():            auditNever,
	HostsBack{}.Kind():             auditNever,
	Erased{}.Kind():                auditAlways,
	Forgotten{}.Kind():             auditAlways,
	InteractionCreated{}.Kind():    auditAlways,
	InteractionRevised{}.Kind():    auditAlways,
	InteractionRemoved{}.Kind():    auditAlways,
	InteractionLaunched{}.Kind():   auditAlways,
	InteractionAnswered{}.Kind():   auditNever,
	InteractionStopped{}.Kind():    auditAlways,
	InteractionClosed{}.Kind():     auditNever,
	InteractionShared{}.Kind():     auditAlways,
	InteractionShown{}.Kind():      auditAlways,
}

// AuditActs lists the kinds of fact that the audit log may hold, in order.
func AuditActs() []string {
	kept := maps.Clone(audits)
	maps.DeleteFunc(kept, func(_ string, class auditClass) bool { return class == auditNever })
	return slices.Sorted(maps.Keys(kept))
}

// Audit gives the act that an event is, if the audit log keeps it. The state
// is the one before the event. What the program does by itself is no act,
// unless somebody has asked it to.
func (s *State) Audit(by Actor, e Event) (Act, bool) {
	switch class := audits[e.Fact.Kind()]; {
	case by.System && by.Account == "" || class == auditNever:
		return Act{}, false
	case class == auditOthers && s.own(e):
		return Act{}, false
	}
	ids, numbers := shape(e)
	act := Act{Kind: e.Fact.Kind(), Targets: ids}
	var known bool
	if act.Changes, known = s.changes(e.Fact); !known {
		act.Changes = numbers
	}
	return act, true
}

// own says whether somebody deletes what is their own, or lowers their own hand.
func (s *State) own(e Event) bool {
	switch f := e.Fact.(type) {
	case HandLowered:
		return f.Participant == e.Participant
	case OfferEnded:
		return f.Participant == e.Participant
	}
	f, ok := e.Fact.(ChatDeleted)
	if !ok {
		return false
	}
	i, ok := s.chat.known(MessagePlace(f.ID))
	return ok && s.chat.posts.at(i).author == s.seatOfID(e.Participant)
}

// shape reads the written form of a fact: the ids of others in it, and its
// numbers and switches. Texts stay where they are.
func shape(e Event) (ids []string, numbers []Change) {
	_, payload, err := EncodeFact(e.Fact)
	if err != nil {
		return nil, nil // the commit will say so
	}
	var fields map[string]json.RawMessage
	_ = json.Unmarshal(payload, &fields)
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		value := string(fields[name])
		if name == "participants" {
			ids = append(ids, idTexts(fields[name])...)
			continue
		}
		if slices.Contains(idFields, name) {
			if id := idText(fields[name]); id != "" && id != string(e.Participant) {
				ids = append(ids, id)
			}
			continue
		}
		if _, err := strconv.ParseFloat(value, 64); err == nil || value == "true" || value == "false" {
			numbers = append(numbers, Change{Field: name, After: value})
		}
	}
	return ids, numbers
}

// idFields are the fields of facts that name whom or what it was done to.
var idFields = []string{"id", "invitation", "participant", "person", "whom"}

func idText(raw json.RawMessage) (t string) {
	_ = json.Unmarshal(raw, &t)
	return t
}

func idTexts(raw json.RawMessage) (all []string) {
	_ = json.Unmarshal(raw, &all)
	return all
}

// changes compares a fact with the state before it; known is false for facts
// whose own numbers say all there is to say.
func (s *State) changes(f Fact) (all []Change, known bool) {
	var c changes
	switch f := f.(type) {
	case Created:
		c.time("starts_at", 0, f.StartsAt)
		c.time("ends_at", 0, f.EndsAt)
		c.value("collaboration", "", strconv.FormatBool(f.Collaboration))
		c.value("lobby_code", "", strconv.FormatBool(f.LobbyCode))
	case Edited:
		c.written("title", f.Room.Title != s.Title)
		c.written("description", f.Room.Description != s.Description)
		c.written("speakers", !slices.Equal(f.Room.Speakers, s.Speakers))
		c.value("collaboration", strconv.FormatBool(s.Collaboration), strconv.FormatBool(f.Collaboration))
		c.value("lobby_code", strconv.FormatBool(s.LobbyCode), strconv.FormatBool(f.LobbyCode))
		c.value("host_absent", ruleOf(s.HostAbsent), ruleOf(f.HostAbsent))
		c.value("results_after", strconv.FormatBool(s.After.Results), strconv.FormatBool(f.After.Results))
		c.written("closing_words", s.After.Words != f.After.Words)
		c.written("closing_link", s.After.Link != f.After.Link)
	case Scheduled:
		c.time("starts_at", s.StartsAt, f.StartsAt)
		c.time("ends_at", s.EndsAt, f.EndsAt)
	case Opened:
		c.value("state", string(s.Status), string(StatusOpen))
	case Closed:
		c.value("state", string(s.Status), string(StatusClosed))
	case Deleted:
		c.value("state", string(s.Status), string(StatusDeleted))
	case ManagerSet:
		c.value("right", s.rightOf(f.Participant), f.Right.String())
		if p, ok := s.Participant(f.Participant); ok {
			c.written("first_name", f.FirstName != p.FirstName)
			c.written("last_name", f.LastName != p.LastName)
		}
	case ManagerRemoved:
		c.value("right", s.rightOf(f.Participant), "")
	case RoleChanged:
		c.value("role", f.From.String(), f.Role.String())
		c.time("until_at", s.untilOf(f.Participant), f.UntilAt)
	case Renamed:
		p := s.edited(f.Participant)
		c.written("first_name", f.FirstName != p.FirstName)
		c.written("last_name", f.LastName != p.LastName)
	case Revised:
		p := s.edited(f.Participant)
		c.written("first_name", f.FirstName != p.FirstName)
		c.written("last_name", f.LastName != p.LastName)
		c.time("expires_at", p.ExpiresAt, f.ExpiresAt)
		c.value("devices", strconv.Itoa(p.Devices), strconv.Itoa(f.Devices))
	case Issued:
		c.value("type", "", f.Type.String())
		c.time("expires_at", 0, f.ExpiresAt)
		c.value("devices", "", strconv.Itoa(f.Devices))
	case GuestLinkSet:
		was := GuestLink{}
		if l, ok := s.GuestLink(f.ID); ok {
			was = *l
		}
		c.written("label", f.Label != was.Label)
		c.value("most", strconv.Itoa(was.Most), strconv.Itoa(f.Most))
		c.time("expires_at", was.ExpiresAt, f.ExpiresAt)
		c.value("link", strconv.Itoa(int(was.Link)), strconv.Itoa(int(f.Link)))
		c.value("off", strconv.FormatBool(was.Off), strconv.FormatBool(f.Off))
	case Renewed:
		c.time("expires_at", s.edited(f.Participant).ExpiresAt, f.ExpiresAt)
	case Banned:
		c.value("scope", "", string(f.Scope))
	case SettingsChanged:
		c = s.settingsChanges(f.Settings)
	case GoLiveCancelled:
	case GoingLive:
		c.time("live_at", 0, f.LiveAt)
	case Sourced:
		c.written("url", true)
	case SiteChanged:
		c = s.siteChanges(f)
	case DomainSet:
		c = s.domainChanges(f.Domain, f.Exact, ruleText(f.Block))
	case DomainRemoved:
		c = s.domainChanges(f.Domain, f.Exact, "")
	case SiteMailChanged:
		c = s.mailChanges(f.MailChange)
	case TemplateSet:
		c = s.templateChanges(f)
	case TemplateRemoved:
		c.value("letter", cmp.Or(f.Letter, invited), "")
		c.value("language", f.Language, "")
	default:
		return nil, false
	}
	return c, true
}

// ruleOf is a rule about hosts as the audit log tells it; empty: as the site says.
func ruleOf(a *AbsenceRule) string {
	if a == nil {
		return ""
	}
	return string(a.Then) + " " + strconv.Itoa(a.Minutes)
}

func (s *State) settingsChanges(f Settings) (c changes) {
	was := s.Settings()
	c.value("chat", strconv.FormatBool(was.Chat), strconv.FormatBool(f.Chat))
	c.value("chat_for", was.ChatFor.String(), f.ChatFor.String())
	c.value("questions", strconv.FormatBool(was.Questions), strconv.FormatBool(f.Questions))
	c.value("slow_mode_s", strconv.Itoa(was.SlowModeS), strconv.Itoa(f.SlowModeS))
	c.value("locked", strconv.FormatBool(was.Locked), strconv.FormatBool(f.Locked))
	c.value("hands", string(was.Hands), string(f.Hands))
	c.value("hands_most", strconv.Itoa(was.HandsMost), strconv.Itoa(f.HandsMost))
	c.written("words", !slices.Equal(was.Filter.Words, f.Filter.Words))
	c.value("refuse", strconv.FormatBool(was.Filter.Refuse), strconv.FormatBool(f.Filter.Refuse))
	return c
}

// edited gives the person a fact is about, as they were.
func (s *State) edited(id ParticipantID) Person {
	if p, ok := s.Participant(id); ok {
		return *p
	}
	return Person{}
}

func (s *State) rightOf(id ParticipantID) string {
	if p := s.edited(id); !p.Revoked {
		return p.Role.Right()
	}
	return ""
}

// changes collects what is not as it was.
type changes []Change

func (c *changes) value(field, before, after string) {
	if before != after {
		*c = append(*c, Change{field, before, after})
	}
}

// time is in unix milliseconds; 0 is none.
func (c *changes) time(field string, before, after Millis) {
	c.value(field, millisText(before), millisText(after))
}

func millisText(at Millis) string {
	if at == 0 {
		return ""
	}
	return strconv.FormatInt(int64(at), 10)
}

// written notes that a text changed, without the text.
func (c *changes) written(field string, changed bool) {
	if changed {
		*c = append(*c, Change{Field: field})
	}
}
