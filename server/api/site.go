package api

import (
	"net/http"
	"net/url"
	"strings"

	"greenroom/hub/room"
)

// circleView is who of the site's people may do something.
type circleView struct {
	Role   room.SiteRole   `json:"role"`
	People []room.PersonID `json:"people"`
	Groups []room.GroupID  `json:"groups"`
}

func viewCircle(c room.Circle) circleView {
	v := circleView{c.Role, c.People, c.Groups}
	if v.People == nil {
		v.People = []room.PersonID{}
	}
	if v.Groups == nil {
		v.Groups = []room.GroupID{}
	}
	return v
}

// siteView is the site's settings in HTTP answers.
type siteView struct {
	Version      room.Seq         `json:"version"`
	Name         string           `json:"name"`
	Accent       string           `json:"accent"`
	Theme        room.Theme       `json:"theme,omitempty"`
	Logo         string           `json:"logo,omitempty"`
	Invitations  bool             `json:"invitations"`
	LinkMinutes  int              `json:"link_minutes"`
	LinkFixed    bool             `json:"link_fixed"`
	Devices      int              `json:"devices"`
	Inviters     circleView       `json:"inviters"`
	Creators     circleView       `json:"creators"`
	EarlyMinutes int              `json:"early_minutes"`
	HostAbsent   room.AbsenceRule `json:"host_absent"`
	Lobby        room.LobbyProof  `json:"lobby"`
	ContentDays  int              `json:"content_days"`
	IPDays       int              `json:"ip_days"`
	AuditDays    int              `json:"audit_days"`
	StageOrigins []string         `json:"stage_origins"`
	Words        []string         `json:"words"`
	RefuseWords  bool             `json:"refuse_words"`
}

func (a *API) viewSite(s *room.Site) siteView {
	return siteView{Version: s.Version, Name: s.Name, Accent: s.Accent, Theme: room.ThemeOf(s.Accent), Logo: s.View().Logo, Invitations: s.Invitations,
		LinkMinutes: s.LinkMinutes, LinkFixed: s.LinkFixed, Devices: s.Devices, Inviters: viewCircle(s.Inviters), Creators: viewCircle(s.Creators),
		EarlyMinutes: s.EarlyMinutes, HostAbsent: s.Absence, Lobby: s.Lobby,
		ContentDays: s.Retention.ContentDays, IPDays: s.Retention.IPDays, AuditDays: s.Retention.AuditDays,
		StageOrigins: append([]string{}, s.StageOrigins...), Words: append([]string{}, s.Filter.Words...), RefuseWords: s.Filter.Refuse}
}

// siteAdmin demands somebody who may look at the site's settings.
func (a *API) siteAdmin(r *http.Request) (asker, error) {
	who, err := a.account(r)
	if err == nil && who.person.SiteRole < room.SiteAdmin {
		err = errForbidden
	}
	return who, err
}

func (a *API) getSite(w http.ResponseWriter, r *http.Request) error {
	if _, err := a.siteAdmin(r); err != nil {
		return err
	}
	state, err := a.hub.State(r.Context(), room.SiteID)
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, a.viewSite(state.Site()))
}

type circleBody struct {
	Role   string          `json:"role"`
	People []room.PersonID `json:"people"`
	Groups []room.GroupID  `json:"groups"`
}

// circle judges who is meant. No role is nobody but the named.
func (in *circleBody) circle(field string) (*room.Circle, error) {
	if in == nil {
		return nil, nil
	}
	role := room.ParseSiteRole(in.Role)
	if role == room.NoSiteRole && in.Role != "" {
		return nil, invalid(field, "is member, admin or owner, or empty")
	}
	return &room.Circle{Role: role, People: in.People, Groups: in.Groups}, nil
}

type siteBody struct {
	Version      *room.Seq         `json:"version"`
	Name         *string           `json:"name"`
	Accent       *string           `json:"accent"`
	Invitations  *bool             `json:"invitations"`
	LinkMinutes  *int              `json:"link_minutes"`
	LinkFixed    *bool             `json:"link_fixed"`
	Devices      *int              `json:"devices"`
	Inviters     *circleBody       `json:"inviters"`
	Creators     *circleBody       `json:"creators"`
	EarlyMinutes *int              `json:"early_minutes"`
	HostAbsent   *room.AbsenceRule `json:"host_absent"`
	Lobby        struct {
		Viewer    *room.Proof `json:"viewer"`
		Speaker   *room.Proof `json:"speaker"`
		Moderator *room.Proof `json:"moderator"`
	} `json:"lobby"`
	ContentDays *int `json:"content_days"`
	IPDays      *int `json:"ip_days"`
	AuditDays   *int `json:"audit_days"`

	StageOrigins *[]string `json:"stage_origins"`
	Words        *[]string `json:"words"`
	RefuseWords  *bool     `json:"refuse_words"`
}

// command is the change that the body asks for.
func (in *siteBody) command() (c room.SetSite, err error) {
	c = room.SetSite{Expect: in.Version, SiteChange: room.SiteChange{Name: normalPointer(in.Name), Accent: in.Accent, Invitations: in.Invitations,
		LinkMinutes: in.LinkMinutes, LinkFixed: in.LinkFixed, Devices: in.Devices, EarlyMinutes: in.EarlyMinutes, Absence: in.HostAbsent,
		LobbyViewer: in.Lobby.Viewer, LobbySpeaker: in.Lobby.Speaker, LobbyModerator: in.Lobby.Moderator,
		ContentDays: in.ContentDays, IPDays: in.IPDays, AuditDays: in.AuditDays, StageOrigins: in.StageOrigins, Words: in.Words, RefuseWords: in.RefuseWords}}
	if c.Inviters, err = in.Inviters.circle("inviters"); err != nil {
		return c, err
	}
	c.Creators, err = in.Creators.circle("creators")
	return c, err
}

func (a *API) patchSite(w http.ResponseWriter, r *http.Request) error {
	who, err := a.account(r)
	if err != nil {
		return err
	}
	var in siteBody
	if err := readBody(w, r, &in, false); err != nil {
		return err
	}
	c, err := in.command()
	if err != nil {
		return err
	}
	if err := a.mayWantCodes(c); err != nil {
		return err
	}
	if err := a.mayFrame(c); err != nil {
		return err
	}
	out, err := a.hub.Do(r.Context(), room.SiteID, a.actor(who, room.SiteID), c, nil)
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, a.viewSite(out.State.Site()))
}

// mayFrame keeps our own pages off the stage: in a frame of the same origin they
// could reach what is around it.
func (a *API) mayFrame(c room.SetSite) error {
	if c.StageOrigins == nil {
		return nil
	}
	for _, origin := range *c.StageOrigins {
		u, err := url.Parse(strings.TrimSpace(origin))
		if err == nil && strings.EqualFold(u.Hostname(), a.public.Hostname()) {
			return invalid("stage_origins", "are other sites than this one")
		}
	}
	return nil
}

// mayWantCodes refuses a lobby that asks for codes which nobody can send.
func (a *API) mayWantCodes(c room.SetSite) error {
	for field, proof := range map[string]*room.Proof{"lobby.viewer": c.LobbyViewer, "lobby.speaker": c.LobbySpeaker, "lobby.moderator": c.LobbyModerator} {
		if err := a.mayWantCode(field, value(proof) == room.ProofCode); err != nil {
			return err
		}
	}
	return nil
}

func (a *API) mayWantCode(field string, wanted bool) error {
	if wanted && a.mailer == nil {
		return invalid(field, "needs mail, which is not set up on this site")
	}
	return nil
}
