package api

import (
	"context"
	"net/http"
	"time"
)

type features struct {
	Mail           bool   `json:"mail"`               // is set up
	InvitationMail bool   `json:"invitation_mail"`    // and invitations may be mailed
	Provider       string `json:"provider,omitempty"` // name of the OpenID provider where one may sign in
	Version        string `json:"version"`
}

func (a *API) getFeatures(w http.ResponseWriter, _ *http.Request) error {
	f := features{Mail: a.mailer != nil, InvitationMail: a.mailsInvitations() == nil, Version: a.version}
	if a.provider != nil {
		f.Provider = a.provider.Name
	}
	return answer(w, http.StatusOK, f)
}

type health struct {
	Status string `json:"status"`
}

// getHealth says that the program runs; getReady that it can work now.
func (a *API) getHealth(w http.ResponseWriter, _ *http.Request) error {
	return answer(w, http.StatusOK, health{"ok"})
}

const readyTimeout = 2 * time.Second

func (a *API) getReady(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	if a.ready(ctx) != nil { // which has been logged, once: probes ask each second
		return errNotReady
	}
	return answer(w, http.StatusOK, health{"ready"})
}
