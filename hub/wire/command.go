package wire

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"

	"greenroom/hub/room"
)

// Hello is the first command of a connection.
type Hello struct {
	Room       room.ID           `json:"room"`
	Invitation room.InvitationID `json:"invitation,omitempty"`
	Client     string            `json:"client,omitempty"`
	Takeover   bool              `json:"takeover,omitempty"`
	Resume     *Resume           `json:"resume,omitempty"`
}

// Resume says where a client stands.
type Resume struct {
	Epoch string   `json:"epoch"`
	Pos   room.Seq `json:"pos"`
}

// Name implements room.Command.
func (Hello) Name() string { return "hello" }

// LookInvitations is the first command of a manager's page that looks at a
// room's invitations and is nobody in the room.
type LookInvitations struct {
	Room room.ID `json:"room"`
}

// Name implements room.Command.
func (LookInvitations) Name() string { return "invitations.look" }

// Looking is the ok of invitations.look.
type Looking struct {
	Pos room.Seq    `json:"pos"`
	Now room.Millis `json:"now"`
}

// Time asks for the server's clock; T0 comes back.
type Time struct {
	T0 float64 `json:"t0,omitempty"`
}

// Name implements room.Command.
func (Time) Name() string { return "time" }

// Clock is the ok of time: T1 when the question came, T2 when the answer went.
type Clock struct {
	T0 float64     `json:"t0"`
	T1 room.Millis `json:"t1"`
	T2 room.Millis `json:"t2"`
}

// Request is a decoded command frame.
type Request struct {
	ID      uint32
	Key     room.Key
	Command room.Command
}

// socketCommand is one row of what the socket understands.
type socketCommand struct {
	of     reflect.Type
	writes bool             // needs an idempotency key
	wanted map[string][]int // fields without which the data does not fit, and where they are
}

// wantedOf gives the fields of a command that are not left out when empty.
func wantedOf(command reflect.Type) map[string][]int {
	wanted := map[string][]int{}
	for _, field := range reflect.VisibleFields(command) {
		name, rest, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name != "" && name != "-" && !strings.HasPrefix(rest, "omit") {
			wanted[name] = field.Index
		}
	}
	return wanted
}

var commands = func() map[string]socketCommand {
	m := map[string]socketCommand{}
	add := func(writes bool, all ...room.Command) {
		for _, c := range all {
			m[c.Name()] = socketCommand{reflect.TypeOf(c), writes, wantedOf(reflect.TypeOf(c))}
		}
	}
	add(false, Hello{}, LookInvitations{}, Time{}, room.ChatPage{}, room.BackchannelPage{}, room.PeoplePage{},
		room.ModerationPage{}, room.KnockPage{}, room.HandPage{}, room.QuestionPage{}, room.ReactionSend{})
	add(true, room.LobbyCheck{}, room.LobbyCode{}, room.ChatPost{}, room.ChatLike{}, room.ChatDelete{}, room.BackchannelPost{}, room.SetRole{},
		room.ReportMessage{}, room.SettleReport{}, room.ClearChat{}, room.MutePerson{}, room.UnmutePerson{}, room.RemovePerson{}, room.BanPerson{}, room.UnbanPerson{},
		room.SetSettings{}, room.GrantEntry{}, room.DenyEntry{}, room.Announce{}, room.WithdrawAnnouncement{}, room.SetPin{}, room.ClearPin{}, room.SetSource{})
	add(true, room.QuestionAsk{}, room.QuestionVote{}, room.QuestionPublish{}, room.QuestionClaim{}, room.QuestionAnswer{}, room.QuestionDismiss{})
	add(true, room.PauseRoom{}, room.ResumeRoom{}, room.GoLive{}, room.CancelGoLive{})
	add(true, room.HandRaise{}, room.HandLower{}, room.HandClear{}, room.OfferStage{}, room.WithdrawOffer{}, room.AnswerOffer{}, room.LeaveStage{})
	add(true, room.RenamePerson{}, room.TellKnocker{})
	add(false, room.InteractionPage{}, room.InteractionAnswers{})
	add(true, room.InteractionCreate{}, room.InteractionRevise{}, room.InteractionRemove{}, room.InteractionLaunch{}, room.InteractionAnswer{},
		room.InteractionClose{}, room.InteractionShare{}, room.InteractionShow{})
	return m
}()

// Commands lists the names that the socket understands, for the documents'
// test.
func Commands() []string {
	names := make([]string, 0, len(commands))
	for name := range commands {
		names = append(names, name)
	}
	return names
}

type frame struct {
	Cmd  string          `json:"cmd"`
	ID   uint32          `json:"id"`
	Key  string          `json:"key,omitempty"`
	Data json.RawMessage `json:"data,omitempty"`
}

// DecodeCommand reads one command frame. An error that is ErrSyntax means that
// the frame cannot be answered and the connection is closed; a *room.Refusal
// is answered to Request.ID.
func DecodeCommand(text []byte) (Request, error) {
	var f frame
	if err := Unmarshal(text, &f); err != nil {
		return Request{}, errors.Join(ErrSyntax, err)
	}
	if f.Cmd == "" || f.ID == 0 {
		return Request{}, errors.Join(ErrSyntax, errors.New("wire: cmd and id are required"))
	}
	r := Request{ID: f.ID, Key: room.Key(f.Key)}
	spec, known := commands[f.Cmd]
	if !known {
		return r, &room.Refusal{Code: room.CodeUnknownCommand, Message: "This server does not know the command."}
	}
	if spec.writes && !validKey(f.Key) {
		return r, &room.Refusal{Code: room.CodeInvalid, Message: "An idempotency key is required.", Fields: map[string]string{"key": "is required: 1 to 64 url-safe characters"}}
	}
	c := reflect.New(spec.of)
	if len(f.Data) == 0 {
		f.Data = json.RawMessage("{}")
	}
	wrong := FieldErrors{}
	fill(c.Elem(), f.Data, "", wrong)
	if what, whole := wrong[""]; whole {
		wrong = FieldErrors{"data": what}
	}
	if len(wrong) == 0 {
		spec.miss(c.Elem(), f.Data, wrong)
	}
	if len(wrong) > 0 {
		return r, &room.Refusal{Code: room.CodeInvalid, Message: "The data does not fit the command.", Fields: wrong}
	}
	r.Command = c.Elem().Interface().(room.Command)
	return r, nil
}

// miss names what is wanted and not given. What is not empty was given, so
// that only the rest has to be looked for.
func (spec socketCommand) miss(c reflect.Value, data json.RawMessage, wrong FieldErrors) {
	var object map[string]json.RawMessage
	for name, index := range spec.wanted {
		if !c.FieldByIndex(index).IsZero() {
			continue
		}
		if object == nil {
			_ = json.Unmarshal(data, &object) // checked before
		}
		if value := object[name]; value == nil || string(value) == "null" {
			wrong[name] = "is required"
		}
	}
}

func validKey(key string) bool {
	if key == "" || len(key) > room.MaxKey {
		return false
	}
	for _, c := range []byte(key) {
		if c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}

// EncodeCommand writes a command frame, for clients.
func EncodeCommand(id uint32, key room.Key, c room.Command) ([]byte, error) {
	data, err := encode(c)
	if err != nil {
		return nil, err
	}
	return encode(frame{Cmd: c.Name(), ID: id, Key: string(key), Data: data})
}
