package api

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/mailaddr"
	"greenroom/server/oidc"
)

// Provider is where people may sign in too, over OpenID Connect.
type Provider struct {
	Name     string // as people know it
	Accounts bool   // who is unknown here gets an account
	OpenID   *oidc.Provider
}

// CallbackPath is where a provider sends people back to.
const CallbackPath = "/oidc/callback"

// Signing in at a provider is three steps. The session cookie is not sent with
// what comes from another site (SameSite=Strict), so a cookie of its own that
// is (Lax), for a few minutes, binds the way there and back to the browser:
//
//	POST /api/v1/session/provider         the page begins: cookie "<flow>.<next>"
//	GET  /oidc/callback                   back from the provider: who is it? cookie ".<one-time secret>"
//	POST /api/v1/session/provider/finish  the page, same site again: into its session
//
// The callback is the one GET that changes state. It takes a flow once, by a
// one-time secret of the store, and it gives the browser nothing but another.
const (
	flowLife   = 10 * time.Minute
	finishLife = 2 * time.Minute

	flowPurpose   = "provider flow"
	finishPurpose = "provider finish"
)

var errNoProvider = refuse(room.CodeNotFound, "No other way to sign in is set up on this site.")

// postProvider begins: it gives the provider's address, where the page goes.
func (a *API) postProvider(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Next string `json:"next"`
	}
	if err := readBody(w, r, &in, true); err != nil {
		return err
	}
	if a.provider == nil {
		return errNoProvider
	}
	if len(in.Next) > 1000 {
		return invalid("next", "is too long")
	}
	if wait := a.signInIP.take(a.clientNetwork(r), a.now()); wait > 0 {
		return slowDown(wait)
	}
	f := oidc.NewFlow()
	at, err := a.provider.OpenID.Begin(r.Context(), f)
	if errors.Is(err, oidc.ErrAway) {
		a.log.Warn("the OpenID provider is away", "error", err)
		return &room.Refusal{Code: room.CodeUnavailable, Message: "The other site does not answer right now.", Retry: 5 * time.Second}
	}
	if err != nil {
		return err
	}
	once := store.OneTime{Secret: HashSecret(f.Secret()), Purpose: flowPurpose, Expires: a.now().Add(flowLife)}
	if err := a.store.PutOneTime(r.Context(), once); err != nil {
		return err
	}
	a.cookies.setFlow(w, f.Secret()+"."+base64.RawURLEncoding.EncodeToString([]byte(in.Next)), flowLife)
	return answer(w, http.StatusOK, struct {
		URL string `json:"url"`
	}{at})
}

// getCallback is where the provider sends the browser back to. Whatever is
// wrong, a person looks at the answer: it is our sign-in page.
func (a *API) getCallback(w http.ResponseWriter, r *http.Request) error {
	if a.provider == nil {
		return errNotFound
	}
	if r.Method != http.MethodGet {
		return errMethod
	}
	secret, next, _ := strings.Cut(cookieOf(r, a.cookies.flow), ".")
	f, ok := oidc.ParseFlow(secret)
	if !ok || a.provider.OpenID.Returns(f, url.Values{"state": {r.URL.Query().Get("state")}, "code": {"-"}}) != nil {
		return a.backToSignIn(w, r, "expired") // not this browser's: nothing of it is touched
	}
	one, err := a.store.TakeOneTime(r.Context(), HashSecret(f.Secret()), flowPurpose, a.now())
	if errors.Is(err, store.ErrNotFound) || err == nil && one.Secret != HashSecret(f.Secret()) {
		return a.backToSignIn(w, r, "expired")
	}
	if err != nil {
		return err
	}
	p, why, err := a.personBehind(r, f)
	if err != nil {
		return err
	}
	if why != "" {
		a.cookies.setFlow(w, "", 0)
		return a.backToSignIn(w, r, why)
	}
	done := NewOneTimeSecret()
	finish := store.OneTime{Secret: HashSecret(done), Purpose: finishPurpose, Person: p.ID, Expires: a.now().Add(finishLife)}
	if err := a.store.PutOneTime(r.Context(), finish); err != nil {
		return err
	}
	a.cookies.setFlow(w, "."+done+"."+next, finishLife)
	redirect(w, "/signin?provider=done")
	return nil
}

// backToSignIn says there why it did not work.
func (a *API) backToSignIn(w http.ResponseWriter, _ *http.Request, why string) error {
	redirect(w, "/signin?provider="+why)
	return nil
}

func redirect(w http.ResponseWriter, path string) {
	w.Header().Set("Location", path)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusSeeOther)
}

// personBehind learns who came back, and says why that is nobody here.
func (a *API) personBehind(r *http.Request, f oidc.Flow) (p store.Person, why string, err error) {
	who, err := a.provider.OpenID.Finish(r.Context(), f, r.URL.Query())
	switch {
	case errors.Is(err, oidc.ErrRefused):
		a.log.Info("nobody was signed in by the OpenID provider", "error", err)
		return p, "refused", nil
	case errors.Is(err, oidc.ErrAway):
		a.log.Warn("the OpenID provider is away", "error", err)
		return p, "away", nil
	case err != nil:
		return p, "", err
	}
	p, why, err = a.accountOf(r.Context(), who)
	if err == nil && why == "" {
		err = a.followGroups(r.Context(), p, who)
	}
	return p, why, err
}

// followGroups makes the site's groups that are called as the provider's follow
// them: whom it has put into one is a member, and no longer when it takes them
// out. Other groups and members are left alone.
func (a *API) followGroups(ctx context.Context, p store.Person, who oidc.Identity) error {
	before, err := a.store.Identity(ctx, who.Issuer, who.Subject)
	if err != nil || len(before.Groups)+len(who.Groups) == 0 {
		return err
	}
	groups, err := a.store.Groups(ctx, mostGroups)
	if err != nil {
		return err
	}
	for _, g := range groups {
		was, is := called(g.Name, before.Groups), called(g.Name, who.Groups)
		target := []string{string(g.ID), string(p.ID)}
		switch {
		case is && !was:
			err = a.store.AddMember(ctx, g.ID, p.ID, asker{person: &p}.act("group.added", target...))
		case was && !is:
			err = a.store.RemoveMember(ctx, g.ID, p.ID, asker{person: &p}.act("group.removed", target...))
		}
		if ignoreNotFound(err) != nil {
			return err
		}
	}
	return a.store.SetIdentityGroups(ctx, who.Issuer, who.Subject, who.Groups)
}

const mostGroups = 1000

func called(name string, names []string) bool {
	return slices.ContainsFunc(names, func(one string) bool { return strings.EqualFold(one, name) })
}

// accountOf finds the account of an identity: by what it was linked to, else
// by an address that the provider has verified. Any other address would be a
// way to take over somebody's account.
func (a *API) accountOf(ctx context.Context, who oidc.Identity) (p store.Person, why string, err error) {
	linked, err := a.store.Identity(ctx, who.Issuer, who.Subject)
	if err == nil {
		if p, err = a.store.Person(ctx, linked.Person); p.Disabled {
			why = "unknown"
		}
		return p, why, err
	}
	if !errors.Is(err, store.ErrNotFound) {
		return p, "", err
	}
	address, bad := mailaddr.Parse(who.Email)
	if !who.Verified || bad != nil {
		return p, "unverified", nil
	}
	p, err = a.store.PersonByEmail(ctx, address.Canonical)
	switch {
	case errors.Is(err, store.ErrNotFound) && !a.provider.Accounts, err == nil && p.Disabled:
		return p, "unknown", nil
	case errors.Is(err, store.ErrNotFound):
		p, err = a.newcomer(ctx, who, address)
	case err == nil && !p.Verified:
		p.Verified, p.Password = true, ""
		err = a.store.TakeUnproven(ctx, p.ID, p.Canonical, asker{person: &p}.act("person.verified", string(p.ID)))
	}
	if err != nil {
		return p, "", err
	}
	link := store.Identity{Issuer: who.Issuer, Subject: who.Subject, Person: p.ID, Created: a.now()}
	err = a.store.LinkIdentity(ctx, link, asker{person: &p}.act("person.linked", string(p.ID)))
	if errors.Is(err, store.ErrConflict) { // by another tab, in this moment
		err = nil
	}
	return p, "", err
}

// newcomer makes an account for somebody whom the provider knows.
func (a *API) newcomer(ctx context.Context, who oidc.Identity, address mailaddr.Address) (store.Person, error) {
	local, _, _ := strings.Cut(address.Typed, "@")
	p := store.Person{ID: NewPersonID(), Email: address.Typed, Canonical: address.Canonical, Verified: true, SiteRole: room.SiteMember,
		FirstName: nameOr(who.FirstName, local), LastName: nameOr(who.LastName, ""), Created: a.now()}
	err := a.store.CreatePerson(ctx, p, asker{person: &p}.act("person.created", string(p.ID)))
	if errors.Is(err, store.ErrConflict) { // by another tab, in this moment
		return a.store.PersonByEmail(ctx, address.Canonical)
	}
	return p, err
}

// nameOr makes a provider's name fit, or takes another.
func nameOr(told, other string) string {
	if runes := []rune(told); len(runes) > room.MaxName {
		told = string(runes[:room.MaxName])
	}
	if name, err := personName("name", told); err == nil {
		return name
	}
	return other
}

// postProviderFinish takes what the callback left in the browser and signs in,
// into the session that the browser has.
func (a *API) postProviderFinish(w http.ResponseWriter, r *http.Request) error {
	if err := readBody(w, r, &struct{}{}, true); err != nil {
		return err
	}
	parts := strings.Split(cookieOf(r, a.cookies.flow), ".")
	if a.provider == nil || len(parts) != 3 || parts[0] != "" {
		return errSignIn
	}
	one, err := a.store.TakeOneTime(r.Context(), HashSecret(parts[1]), finishPurpose, a.now())
	var p store.Person
	if err == nil {
		p, err = a.store.Person(r.Context(), one.Person)
	}
	if errors.Is(err, store.ErrNotFound) {
		return errSignIn
	}
	if err != nil {
		return err
	}
	if err := a.signIn(w, r, &p); err != nil {
		return err
	}
	a.cookies.setFlow(w, "", 0)
	next, _ := base64.RawURLEncoding.DecodeString(parts[2])
	return answer(w, http.StatusOK, struct {
		Person *personView `json:"person"`
		Next   string      `json:"next"` // as the page gave it
	}{viewOf(&p), string(next)})
}
