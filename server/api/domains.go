package api

import (
	"net/http"
	"strings"

	"greenroom/hub/room"
	"greenroom/server/mailaddr"
)

const domainsShown = 100

// domainView is a rule in HTTP answers.
type domainView struct {
	ID     string `json:"id"`     // as in the address of the rule
	Domain string `json:"domain"` // A-labels; empty: every domain
	Shown  string `json:"shown"`  // U-labels
	Exact  bool   `json:"exact"`
	Rule   string `json:"rule"` // block or allow
	SetAt  string `json:"set_at"`
}

func viewDomain(r room.DomainRule) domainView {
	v := domainView{ID: r.Domain, Domain: r.Domain, Exact: r.Exact, Rule: "allow", SetAt: moment(r.At)}
	if r.Domain != "" {
		v.Shown = mailaddr.Shown(r.Domain)
	}
	if r.Exact {
		v.ID = "=" + v.ID
	}
	if r.Domain == "" {
		v.ID = "*"
	}
	if r.Block {
		v.Rule = "block"
	}
	return v
}

type domainList struct {
	Items []domainView `json:"items"`
	Total int          `json:"total"`
	Next  string       `json:"next,omitempty"`
}

// getDomains lists the rules in order, the one for every domain first.
func (a *API) getDomains(w http.ResponseWriter, r *http.Request) error {
	if _, err := a.siteAdmin(r); err != nil {
		return err
	}
	state, err := a.hub.State(r.Context(), room.SiteID)
	if err != nil {
		return err
	}
	q, after := strings.ToLower(strings.TrimSpace(normal(r.URL.Query().Get("q")))), r.URL.Query().Get("after")
	rules := state.Site().Domains
	list := domainList{Items: []domainView{}, Total: len(rules)}
	for _, rule := range rules {
		view := viewDomain(rule)
		if after != "" {
			if view.ID == after {
				after = ""
			}
			continue
		}
		if !strings.Contains(view.Domain, q) && !strings.Contains(view.Shown, q) {
			continue
		}
		if len(list.Items) == domainsShown {
			list.Next = list.Items[domainsShown-1].ID
			break
		}
		list.Items = append(list.Items, view)
	}
	return answer(w, http.StatusOK, list)
}

// ruleOf reads the last part of a rule's address: a domain, for it and what is
// below it; =domain for it alone; * for every domain.
func ruleOf(r *http.Request) (domain string, exact bool, err error) {
	text := r.PathValue("domain")
	if text == "*" {
		return "", false, nil
	}
	text, exact = strings.CutPrefix(text, "=")
	if domain, err = mailaddr.ParseDomain(text); err != nil {
		return "", exact, invalid("domain", err.Error())
	}
	return domain, exact, nil
}

// putDomain makes or changes a rule. One about a public suffix would be about
// people who have nothing to do with each other: it has to be forced.
func (a *API) putDomain(w http.ResponseWriter, r *http.Request) error {
	who, err := a.account(r)
	if err != nil {
		return err
	}
	var in struct {
		Rule  string `json:"rule"`
		Force bool   `json:"force"`
	}
	if err := readBody(w, r, &in, false); err != nil {
		return err
	}
	domain, exact, err := ruleOf(r)
	if err != nil {
		return err
	}
	if in.Rule != "block" && in.Rule != "allow" {
		return invalid("rule", "is block or allow")
	}
	if !in.Force && !exact && domain != "" && mailaddr.IsPublicSuffix(domain) {
		return invalid("domain", "is a public suffix")
	}
	c := room.SetDomain{Domain: domain, Exact: exact, Block: in.Rule == "block"}
	out, err := a.hub.Do(r.Context(), room.SiteID, a.actor(who, room.SiteID), c, nil)
	if err != nil {
		return err
	}
	rule, ok := out.State.Site().Domains.Rule(domain, exact)
	if !ok {
		return errNotFound // removed in the same moment
	}
	return answer(w, http.StatusOK, viewDomain(rule))
}

func (a *API) deleteDomain(w http.ResponseWriter, r *http.Request) error {
	who, err := a.account(r)
	if err != nil {
		return err
	}
	if err := readBody(w, r, &struct{}{}, true); err != nil {
		return err
	}
	domain, exact, err := ruleOf(r)
	if err != nil {
		return err
	}
	c := room.RemoveDomain{Domain: domain, Exact: exact}
	if _, err := a.hub.Do(r.Context(), room.SiteID, a.actor(who, room.SiteID), c, nil); err != nil {
		return err
	}
	return done(w)
}
