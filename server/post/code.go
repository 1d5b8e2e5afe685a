package post

import (
	"context"
	"encoding/json"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/mail"
)

// sealedCode is what is sealed in the row of a code's mail, as JSON.
type sealedCode struct {
	Code     string `json:"code"`
	To       string `json:"to"` // as typed
	Language string `json:"language"`
}

// SealCode closes a code, and where and how it goes, for the row of this mail.
func (o *Office) SealCode(id string, in room.ID, inv room.InvitationID, code, to, language string) []byte {
	text, err := json.Marshal(sealedCode{code, to, language})
	if err != nil { // texts only
		panic(err)
	}
	return o.Seal(id, in, inv, string(text))
}

// codeLetter writes the mail with a code, unless it has come too late.
func (o *Office) codeLetter(ctx context.Context, m store.Mail, now time.Time) (mail.Message, *store.MailEnd, error) {
	if !now.Before(m.Created.Add(store.CodeLife)) {
		return mail.Message{}, &store.MailEnd{State: store.MailFailed, Detail: "the code expired before the mail could be sent"}, nil
	}
	text, err := o.open(m)
	if err != nil {
		return mail.Message{}, nil, err
	}
	var in sealedCode
	if err := json.Unmarshal([]byte(text), &in); err != nil {
		return mail.Message{}, nil, errSeal
	}
	said := mail.Code{Language: in.Language, Code: in.Code}
	if said.Look, err = o.look(ctx); err != nil {
		return mail.Message{}, nil, err
	}
	if said.To, err = deliverable(in.To); err != nil {
		return mail.Message{}, nil, err
	}
	if m.Room != "" {
		s, err := o.rooms.State(ctx, m.Room)
		if err != nil {
			return mail.Message{}, nil, err
		}
		if end := barred(s.Site(), said.To, m.Kind); end != nil {
			return mail.Message{}, end, nil
		}
		said.Title = s.Title
	}
	said.Template, said.Language = o.template(said.Kind(), said.Language)
	message, err := mail.RenderCode(said)
	message.ID = m.ID
	return message, nil, err
}
