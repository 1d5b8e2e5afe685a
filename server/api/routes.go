package api

import (
	"net/http"
	"slices"
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
	{"GET /r/{room}", (*API).getPage},
	{"GET /g/{link}", (*API).getPage},
	{"GET /assets/{file}", (*API).getAsset},

	{"GET /api/v1/openapi.json", (*API).getOpenAPI},
	{"GET /api/v1/features", (*API).getFeatures},
	{"POST /api/v1/setup", (*API).postSetup},

	{"GET /api/v1/site", (*API).getSite},
	{"PATCH /api/v1/site", (*API).patchSite},
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
	{"GET /api/v1/account", (*API).getAccount},
	{"GET /api/v1/account/sessions", (*API).getOwnSessions},
	{"DELETE /api/v1/account/sessions", (*API).deleteOtherSessions},
	{"DELETE /api/v1/account/sessions/{session}", (*API).deleteOwnSession},
	{"POST /api/v1/account/code", (*API).postAccountCode},
	{"POST /api/v1/account/password", (*API).postPassword},
	{"POST /api/v1/invitations/open", (*API).postOpen},
	{"POST /api/v1/invitations/request-link", (*API).postRequestLink},
	{"POST /api/v1/guest-links/open", (*API).postGuestOpen},
	{"POST /api/v1/guest-links/join", (*API).postGuestJoin},

	{"GET /api/v1/people", (*API).getPeople},
	{"POST /api/v1/people", (*API).postPerson},

	{"GET /api/v1/rooms", (*API).getRooms},
	{"POST /api/v1/rooms", (*API).postRoom},
	{"GET /api/v1/rooms/{room}", (*API).getRoom},
	{"PATCH /api/v1/rooms/{room}", (*API).patchRoom},
	{"DELETE /api/v1/rooms/{room}", (*API).deleteRoom},
	{"GET /api/v1/rooms/{room}/calendar", (*API).getCalendar},
	{"PUT /api/v1/rooms/{room}/managers/{person}", (*API).putManager},
	{"DELETE /api/v1/rooms/{room}/managers/{person}", (*API).deleteManager},

	{"GET /api/v1/rooms/{room}/invitations", (*API).getInvitations},
	{"POST /api/v1/rooms/{room}/invitations", (*API).postInvitation},
	{"POST /api/v1/rooms/{room}/invitations/batch", (*API).postBatch},
	{"PATCH /api/v1/rooms/{room}/invitations/{invitation}", (*API).patchInvitation},
	{"DELETE /api/v1/rooms/{room}/invitations/{invitation}", (*API).deleteInvitation},
	{"POST /api/v1/rooms/{room}/invitations/{invitation}/link", (*API).postLink},
	{"POST /api/v1/rooms/{room}/invitations/{invitation}/email", (*API).postEmail},
	{"POST /api/v1/rooms/{room}/invitations/{invitation}/device-reset", (*API).postDeviceReset},
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
	methods := map[string][]string{}
	for _, r := range table {
		mux.Handle(r.pattern, a.serve(r.handle))
		method, path, _ := strings.Cut(r.pattern, " ")
		methods[path] = append(methods[path], method)
	}
	for path, known := range methods {
		if !within(path, methods) {
			mux.Handle(path, a.serve(wrongMethod(known)))
		}
	}
	mux.Handle("/", a.serve((*API).getElsewhere))
	return mux
}

// within says whether another path has a parameter where this one has a word
// (…/{invitation} and …/batch). A mux takes only one of them for all methods:
// the other's.
func within(path string, methods map[string][]string) bool {
	words := strings.Split(path, "/")
	for other := range methods {
		if others := strings.Split(other, "/"); other != path && slices.EqualFunc(words, others, func(word, other string) bool {
			return word == other || strings.HasPrefix(other, "{") && other != "{$}" && !strings.HasPrefix(word, "{")
		}) {
			return true
		}
	}
	return false
}

func wrongMethod(known []string) func(*API, http.ResponseWriter, *http.Request) error {
	if slices.Contains(known, http.MethodGet) {
		known = append(known, http.MethodHead)
	}
	slices.Sort(known)
	allow := strings.Join(known, ", ")
	return func(_ *API, w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("Allow", allow)
		return errMethod
	}
}

func (a *API) serve(handle func(*API, http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := handle(a, w, r); err != nil {
			a.fail(w, r, err)
		}
	})
}
