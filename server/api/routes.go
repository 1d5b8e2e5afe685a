package api

import (
	"net/http"
	"strings"
)

// route is one row of the table. The handler's error is told by fail.
type route struct {
	pattern string
	handle  func(*API, http.ResponseWriter, *http.Request) error
}

// table is every route there is.
var table = []route{
	{"GET /healthz", (*API).getHealth},
	{"GET /readyz", (*API).getReady},
	{"GET /ws", (*API).getSocket},

	{"GET /{$}", (*API).getPage},
	{"GET /signin", (*API).getPage},
	{"GET /setup", (*API).getPage},
	{"GET /account", (*API).getPage},
	{"GET /rooms", (*API).getPage},
	{"GET /rooms/{room}", (*API).getPage}, // and /rooms/new
	{"GET /site", (*API).getPage},
	{"GET /site/{tab}", (*API).getPage},
	{"GET /i/{invitation}", (*API).getPage},
	{"GET " + CallbackPath, (*API).getCallback},
	{"GET /r/{room}", (*API).getPage},
	{"GET /g/{link}", (*API).getPage},
	{"GET /assets/{file}", (*API).getAsset},
	{"GET /logo/{hash}", (*API).getLogo},
	{"GET /stage/frame", (*API).getStageFrame},

	{"GET /api/v1/openapi.json", (*API).getOpenAPI},
	{"GET /api/v1/features", (*API).getFeatures},
	{"POST /api/v1/setup", (*API).postSetup},

	{"GET /api/v1/site", (*API).getSite},
	{"PATCH /api/v1/site", (*API).patchSite},
	{"PUT /api/v1/site/logo", (*API).putLogo},
	{"DELETE /api/v1/site/logo", (*API).deleteLogo},
	{"GET /api/v1/site/domains", (*API).getDomains},
	{"PUT /api/v1/site/domains/{domain}", (*API).putDomain},
	{"DELETE /api/v1/site/domains/{domain}", (*API).deleteDomain},
	{"GET /api/v1/site/mail", (*API).getSiteMail},
	{"PATCH /api/v1/site/mail", (*API).patchSiteMail},
	{"GET /api/v1/site/mail/templates/{language}", (*API).getTemplate},
	{"PUT /api/v1/site/mail/templates/{language}", (*API).putTemplate},
	{"DELETE /api/v1/site/mail/templates/{language}", (*API).deleteTemplate},
	{"POST /api/v1/site/mail/templates/{language}/preview", (*API).postPreview},
	{"POST /api/v1/site/mail/templates/{language}/test", (*API).postTest},

	{"GET /api/v1/session", (*API).getSession},
	{"POST /api/v1/session", (*API).postSession},
	{"DELETE /api/v1/session", (*API).deleteSession},
	{"POST /api/v1/session/renew", (*API).postSessionRenew},
	{"POST /api/v1/session/code", (*API).postSessionCode},
	{"POST /api/v1/session/provider", (*API).postProvider},
	{"POST /api/v1/session/provider/finish", (*API).postProviderFinish},
	{"GET /api/v1/account", (*API).getAccount},
	{"PATCH /api/v1/account", (*API).patchAccount},
	{"GET /api/v1/account/sessions", (*API).getOwnSessions},
	{"DELETE /api/v1/account/sessions", (*API).deleteOtherSessions},
	{"DELETE /api/v1/account/sessions/{session}", (*API).deleteOwnSession},
	{"POST /api/v1/account/code", (*API).postAccountCode},
	{"POST /api/v1/account/password", (*API).postPassword},
	{"POST /api/v1/account/proof", (*API).postProof},
	{"POST /api/v1/invitations/open", (*API).postOpen},
	{"POST /api/v1/invitations/request-link", (*API).postRequestLink},
	{"POST /api/v1/invitations/code", (*API).postCode},
	{"POST /api/v1/invitations/move", (*API).postMove},
	{"POST /api/v1/guest-links/open", (*API).postGuestOpen},
	{"POST /api/v1/guest-links/join", (*API).postGuestJoin},

	{"GET /api/v1/people", (*API).getPeople},
	{"POST /api/v1/people", (*API).postPerson},

	{"GET /api/v1/site/people", (*API).getSitePeople},
	{"GET /api/v1/site/people/{person}", (*API).getSitePerson},
	{"PATCH /api/v1/site/people/{person}", (*API).patchSitePerson},
	{"POST /api/v1/site/people/{person}/link", (*API).postSignInLink},
	{"GET /api/v1/site/audit", (*API).getSiteAudit},
	{"GET /api/v1/site/erasures", (*API).getErasures},
	{"POST /api/v1/site/erasures", (*API).postErasure},
	{"POST /api/v1/account/erasure", (*API).postAccountErasure},
	{"POST /api/v1/site/exports", (*API).postExport},
	{"POST /api/v1/account/export", (*API).postAccountExport},
	{"GET /api/v1/rooms/{room}/audit", (*API).getRoomAudit},
	{"GET /api/v1/site/groups", (*API).getGroups},
	{"POST /api/v1/site/groups", (*API).postGroup},
	{"PATCH /api/v1/site/groups/{group}", (*API).patchGroup},
	{"DELETE /api/v1/site/groups/{group}", (*API).deleteGroup},
	{"GET /api/v1/site/groups/{group}/members", (*API).getMembers},
	{"PUT /api/v1/site/groups/{group}/members/{person}", (*API).putMember},
	{"DELETE /api/v1/site/groups/{group}/members/{person}", (*API).deleteMember},

	{"GET /api/v1/account/keys", (*API).getKeys},
	{"POST /api/v1/account/keys", (*API).postKey},
	{"DELETE /api/v1/account/keys/{key}", (*API).deleteKey},

	{"GET /api/v1/rooms", (*API).getRooms},
	{"POST /api/v1/rooms", (*API).postRoom},
	{"GET /api/v1/rooms/{room}", (*API).getRoom},
	{"PATCH /api/v1/rooms/{room}", (*API).patchRoom},
	{"DELETE /api/v1/rooms/{room}", (*API).deleteRoom},
	{"POST /api/v1/rooms/{room}/duplicate", (*API).postDuplicate},
	{"GET /api/v1/rooms/{room}/calendar", (*API).getCalendar},
	{"GET /api/v1/rooms/{room}/report", (*API).getReport},
	{"GET /api/v1/rooms/{room}/report/attendance", (*API).getAttendance},
	{"POST /api/v1/rooms/{room}/exports", (*API).postRoomExport},
	{"GET /api/v1/rooms/{room}/results", (*API).getRemains},
	{"PUT /api/v1/rooms/{room}/managers/{person}", (*API).putManager},
	{"DELETE /api/v1/rooms/{room}/managers/{person}", (*API).deleteManager},

	{"GET /api/v1/rooms/{room}/invitations", (*API).getInvitations},
	{"POST /api/v1/rooms/{room}/invitations", (*API).postInvitation},
	{"POST /api/v1/rooms/{room}/invitations/batch", (*API).postBatch},
	{"POST /api/v1/rooms/{room}/invitations/revoke", (*API).postRevokeMany},
	{"POST /api/v1/rooms/{room}/invitations/email", (*API).postEmailMany},
	{"PATCH /api/v1/rooms/{room}/invitations/{invitation}", (*API).patchInvitation},
	{"DELETE /api/v1/rooms/{room}/invitations/{invitation}", (*API).deleteInvitation},
	{"POST /api/v1/rooms/{room}/invitations/{invitation}/link", (*API).postLink},
	{"POST /api/v1/rooms/{room}/invitations/{invitation}/email", (*API).postEmail},
	{"POST /api/v1/rooms/{room}/invitations/{invitation}/device-reset", (*API).postDeviceReset},
	{"POST /api/v1/rooms/{room}/invitations/{invitation}/restore", (*API).postRestore},
	{"GET /api/v1/rooms/{room}/requests", (*API).getRequests},
	{"DELETE /api/v1/rooms/{room}/requests/{invitation}", (*API).deleteRequest},

	{"GET /api/v1/rooms/{room}/guest-links", (*API).getGuestLinks},
	{"POST /api/v1/rooms/{room}/guest-links", (*API).postGuestLink},
	{"PATCH /api/v1/rooms/{room}/guest-links/{link}", (*API).patchGuestLink},
	{"DELETE /api/v1/rooms/{room}/guest-links/{link}", (*API).deleteGuestLink},
	{"POST /api/v1/rooms/{room}/guest-links/{link}/link", (*API).postGuestLinkRenew},
}

// routes makes the table work, and answers what is not in it: another method
// of a known path with 405, everything else with 404 (getElsewhere).
func (a *API) routes() http.Handler {
	mux := http.NewServeMux()
	for _, r := range table {
		mux.Handle(r.pattern, a.serve(r.handle))
	}
	mux.Handle("/", a.serve(func(a *API, w http.ResponseWriter, r *http.Request) error {
		if known := methodsOf(mux, r); len(known) > 0 {
			w.Header().Set("Allow", strings.Join(known, ", "))
			return errMethod
		}
		return a.getElsewhere(w, r)
	}))
	return mux
}

// methodsOf gives the methods by which the request's path is known.
func methodsOf(mux *http.ServeMux, r *http.Request) (known []string) {
	for _, method := range []string{http.MethodDelete, http.MethodGet, http.MethodHead, http.MethodPatch, http.MethodPost, http.MethodPut} {
		other := *r
		other.Method = method
		if _, pattern := mux.Handler(&other); !strings.HasPrefix(pattern, "/") {
			known = append(known, method)
		}
	}
	return known
}

func (a *API) serve(handle func(*API, http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := handle(a, w, r); err != nil {
			a.fail(w, r, err)
		}
	})
}
