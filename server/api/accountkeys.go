package api

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

const (
	keyLife = 90 * day // where nothing else is said
	maxKeys = 50       // of one person
)

// keyView is an API key in HTTP answers.
type keyView struct {
	ID        string   `json:"id"`
	Label     string   `json:"label"`
	Scope     KeyScope `json:"scope"`
	CreatedAt string   `json:"created_at,omitempty"` // unknown of keys of the first release
	ExpiresAt string   `json:"expires_at,omitempty"`
	UsedAt    string   `json:"used_at,omitempty"`
	Expired   bool     `json:"expired"`
	Current   bool     `json:"current"`       // the one that asks
	Key       string   `json:"key,omitempty"` // shown once
}

type keyList struct {
	Items []keyView `json:"items"`
}

func (a *API) viewKey(who asker, k *store.APIKey) keyView {
	return keyView{ID: k.ID(), Label: k.Label, Scope: KeyScope(k.Scope), CreatedAt: instantText(k.Created), ExpiresAt: instantText(k.Expires),
		UsedAt: instantText(k.Used), Expired: !k.Expires.IsZero() && !a.now().Before(k.Expires), Current: who.key != nil && who.key.Hash == k.Hash}
}

// instantText writes a time for HTTP; the zero time is the empty text.
func instantText(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return moment(room.Millis(at.UnixMilli()))
}

func (a *API) getKeys(w http.ResponseWriter, r *http.Request) error {
	who, err := a.account(r)
	if err != nil {
		return err
	}
	all, err := a.store.Keys(r.Context(), who.person.ID)
	if err != nil {
		return err
	}
	views := make([]keyView, 0, len(all))
	for i := range all {
		views = append(views, a.viewKey(who, &all[i]))
	}
	return answer(w, http.StatusOK, keyList{views})
}

type keyBody struct {
	Label     string  `json:"label"`
	Scope     string  `json:"scope"`
	ExpiresAt instant `json:"expires_at"` // null: never
}

func (a *API) postKey(w http.ResponseWriter, r *http.Request) error {
	who, err := a.account(r)
	if err != nil {
		return err
	}
	var in keyBody
	if err := readBody(w, r, &in, false); err != nil {
		return err
	}
	k, err := a.keyOf(in, who)
	if err != nil {
		return err
	}
	if KeyScope(k.Scope) == ScopeAll {
		if err := a.freshly(r, who, proofBody{}); err != nil {
			return err
		}
	}
	held, err := a.store.Keys(r.Context(), who.person.ID)
	if err != nil {
		return err
	}
	if len(held) >= maxKeys {
		return refuse(room.CodeConflict, "There are 50 keys already. End one first.")
	}
	secret := NewAPIKey()
	k.Hash = HashSecret(secret)
	if err := a.store.PutKey(r.Context(), k, who.act("key.created", string(k.Person), k.ID())); err != nil {
		return err
	}
	view := a.viewKey(who, &k)
	view.Key = secret
	return answer(w, http.StatusCreated, view)
}

// keyOf judges what a new key shall be. One that is made by a key has no
// greater scope and lives no longer.
func (a *API) keyOf(in keyBody, who asker) (k store.APIKey, err error) {
	k = store.APIKey{Person: who.person.ID, Scope: in.Scope, Created: a.now()}
	if k.Label, err = personName("label", in.Label); err != nil {
		return k, err
	}
	if !KeyScope(in.Scope).Known() {
		return k, invalid("scope", "is read, rooms or all")
	}
	if k.Expires, err = a.keyExpiry(in.ExpiresAt, who.key); err != nil {
		return k, err
	}
	if who.key != nil && KeyScope(who.key.Scope).less(KeyScope(in.Scope)) {
		return k, refuse(room.CodeForbidden, "A key can make no key with a greater scope than its own.")
	}
	return k, nil
}

func (a *API) keyExpiry(given instant, by *store.APIKey) (expires time.Time, err error) {
	if err := given.check("expires_at"); err != nil {
		return expires, err
	}
	now := a.now()
	switch {
	case given.null:
	case given.given:
		expires = time.UnixMilli(int64(given.at)).UTC()
		if !expires.After(now) {
			return expires, invalid("expires_at", "lies in the past")
		}
	default:
		expires = now.Add(keyLife)
	}
	if by == nil || by.Expires.IsZero() || !expires.IsZero() && !expires.After(by.Expires) {
		return expires, nil
	}
	if given.given {
		return expires, invalid("expires_at", "lies after the end of the key that asks")
	}
	return by.Expires, nil
}

func (a *API) deleteKey(w http.ResponseWriter, r *http.Request) error {
	who, err := a.account(r)
	if err != nil {
		return err
	}
	if err := readBody(w, r, &struct{}{}, true); err != nil {
		return err
	}
	all, err := a.store.Keys(r.Context(), who.person.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(k store.APIKey) bool { return k.ID() == strings.ToLower(r.PathValue("key")) })
	if i < 0 {
		return errNotFound
	}
	if err := a.store.EndKey(r.Context(), all[i].Hash, who.act("key.ended", string(who.person.ID), all[i].ID())); err != nil {
		return err
	}
	a.checkKeys(r.Context())
	return done(w)
}
