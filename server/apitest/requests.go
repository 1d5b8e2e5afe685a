package apitest

import (
	"net/http"
	"time"
)

// Request is somebody's wish for a way in, as managers see it.
type Request struct {
	Invitation Invitation
	AskedAt    time.Time `json:"asked_at"`
	Why        string
	Message    string
}

// Requests lists who asks for a way into a room.
func (b *Browser) Requests(id string) []Request {
	b.T.Helper()
	var list struct {
		Items []Request
		Total int
	}
	b.Do("GET", "/api/v1/rooms/"+id+"/requests", nil).Into(http.StatusOK, &list)
	if len(list.Items) != list.Total {
		b.T.Errorf("%d of %d requests are listed", len(list.Items), list.Total)
	}
	return list.Items
}

// Holds names an invitation by its link.
func (i Invitation) Holds() map[string]any {
	publicID, secret := i.Link()
	return map[string]any{"invitation": publicID, "secret": secret}
}

// Ask asks for a way in, by a link or for a room.
func (b *Browser) Ask(holds map[string]any, message string) *Answer {
	b.T.Helper()
	body := map[string]any{"message": message}
	for name, value := range holds {
		body[name] = value
	}
	return b.Do("POST", "/api/v1/invitations/request-link", body)
}
