package room

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// Event is one entry of a room's log: it happened and never changes. Who did
// it and by which idempotency key stand beside the fact, because answering a
// repeated command and erasing a person both need them without decoding.
type Event struct {
	Seq         Seq
	At          Millis
	Participant ParticipantID // who caused it; empty for the site, the system and managers by HTTP without a seat
	Key         Key           // idempotency key of the command; empty for follow-up events
	Fact        Fact
}

// Fact is what happened. Facts are plain structs; their JSON form is what the
// store keeps, so a field once written keeps its name and meaning for ever.
type Fact interface {
	Kind() string
}

// facts is every fact this release understands.
var facts = func() map[string]reflect.Type {
	all := []Fact{
		Created{}, Edited{}, Scheduled{}, Opened{}, Closed{}, Deleted{},
		ManagerSet{}, ManagerRemoved{}, ManagerEntered{},
		Issued{}, Revised{}, LinkOpened{}, Claimed{}, Missed{}, Renewed{}, Freed{}, Revoked{}, Restored{},
		Requested{}, Dismissed{}, CodeSent{}, CodeMissed{},
		GuestLinkSet{}, GuestLinkRemoved{},
		RoleChanged{},
		ChatPosted{}, ChatLiked{}, ChatDeleted{}, BackchannelPosted{},
		QuestionAsked{}, QuestionVoted{}, QuestionPublished{}, QuestionClaimed{}, QuestionAnswered{}, QuestionDismissed{},
		HandRaised{}, HandLowered{}, HandsCleared{}, StageOffered{}, OfferEnded{}, Renamed{}, KnockTold{},
		InteractionCreated{}, InteractionRevised{}, InteractionRemoved{}, InteractionLaunched{}, InteractionAnswered{},
		InteractionStopped{}, InteractionClosed{}, InteractionShared{}, InteractionShown{},
		BackstageTurned{}, SiteFounded{}, SiteChanged{}, DomainSet{}, DomainRemoved{},
		SiteMailChanged{}, TemplateSet{}, TemplateRemoved{},
		Muted{}, Unmuted{}, Removed{}, Banned{}, Unbanned{}, SettingsChanged{}, Granted{}, Denied{},
		ChatCleared{}, Reported{}, ReportSettled{}, Announced{}, AnnouncementWithdrawn{}, Pinned{}, Unpinned{}, Sourced{},
		Paused{}, Resumed{}, GoingLive{}, GoLiveCancelled{}, HostsAway{}, Unattended{}, HostsBack{},
		Erased{}, Forgotten{},
	}
	byKind := make(map[string]reflect.Type, len(all))
	for _, f := range all {
		byKind[f.Kind()] = reflect.TypeOf(f)
	}
	return byKind
}()

// UnknownFact says that the log holds a kind of fact of a newer release. A hub
// that meets one stops deciding for that room.
type UnknownFact struct{ Name string }

func (e UnknownFact) Error() string { return fmt.Sprintf("room: unknown kind of fact %q", e.Name) }

// EncodeFact writes a fact for the log.
func EncodeFact(f Fact) (kind string, payload []byte, err error) {
	payload, err = json.Marshal(f)
	return f.Kind(), payload, err
}

// DecodeFact reads a fact from the log. The error is UnknownFact for a kind
// that this release does not know.
func DecodeFact(kind string, payload []byte) (Fact, error) {
	t, ok := facts[kind]
	if !ok {
		return nil, UnknownFact{kind}
	}
	p := reflect.New(t)
	if err := json.Unmarshal(payload, p.Interface()); err != nil {
		return nil, fmt.Errorf("room: fact %s: %w", kind, err)
	}
	return p.Elem().Interface().(Fact), nil
}
