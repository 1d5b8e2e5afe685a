package mail

import "slices"

// Kind is what a mail is about. Each kind has a template of its own in each language.
type Kind string

// The kinds.
const (
	KindInvitation Kind = "invitation"   // with the link; a new link too
	KindMoved      Kind = "moved"        // the start or the end has moved
	KindRenamed    Kind = "renamed"      // the room has another title
	KindCancelled  Kind = "cancelled"    // withdrawn, or the room called off
	KindSignInCode Kind = "sign_in_code" // six digits that sign in, or prove an account's mailbox
	KindRoomCode   Kind = "room_code"    // six digits that let into a room, or move there to another device
	KindRequest    Kind = "request"      // to the managers: somebody was kept out and asks for a way in
)

// allowed is what may stand in the templates of a kind.
type allowed struct {
	tokens, conditions []string
	needed             string // must stand in HTML and text whatever the conditions say; empty: nothing must
}

var (
	ofNotices = allowed{tokens: []string{"first_name", "last_name", "title", "start", "date", "time", "zone", "organiser", "site"}, conditions: []string{"organiser"}}

	kinds = []Kind{KindInvitation, KindMoved, KindRenamed, KindCancelled, KindSignInCode, KindRoomCode, KindRequest}
	table = map[Kind]allowed{
		KindInvitation: {
			tokens:     []string{"first_name", "last_name", "title", "description", "start", "date", "time", "zone", "type", "organiser", "link", "expires", "devices", "site", "qr_code"},
			conditions: []string{"viewer", "speaker", "moderator", "organiser", "description", "again", "several_devices", "any_device"},
			needed:     "link",
		},
		KindMoved: ofNotices, KindRenamed: ofNotices, KindCancelled: ofNotices,
		KindSignInCode: {tokens: []string{"code", "site"}, needed: "code"},
		KindRoomCode:   {tokens: []string{"code", "title", "site"}, needed: "code"},
		KindRequest: {
			tokens:     []string{"first_name", "last_name", "asker", "message", "title", "start", "date", "time", "zone", "link", "site"},
			conditions: []string{"message"},
			needed:     "link",
		},
	}

	// Tokens may stand everywhere but for these. A subject shows on locked screens and in logs of
	// mail servers, so it holds no secret.
	notIn  = map[string][]string{"subject": {"link", "qr_code", "description", "code", "message"}, "text": {"qr_code"}}
	onceIn = []string{"description", "qr_code"} // they are long
)

// Kinds lists the kinds, as people should read them.
func Kinds() []Kind { return slices.Clone(kinds) }

// Known says whether there is such a kind.
func (k Kind) Known() bool { return slices.Contains(kinds, k) }

// Tokens lists what may stand in the braces of this kind's templates.
func (k Kind) Tokens() []string { return slices.Clone(table[k].tokens) }

// Conditions lists what they may ask for by {if …}.
func (k Kind) Conditions() []string { return slices.Clone(table[k].conditions) }
