package room

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Commands about mail domains. The site's owner gives them by HTTP.
type (
	// SetDomain makes or changes the rule for a domain.
	SetDomain struct {
		Domain string // A-labels in lower case, without the root's dot; empty: every domain
		Exact  bool   // this domain alone, without those below it
		Block  bool   // else addresses there are welcome
	}
	// RemoveDomain takes the rule away.
	RemoveDomain struct {
		Domain string
		Exact  bool
	}
)

// Name implements Command.
func (SetDomain) Name() string { return "site.domain_set" }

// Name implements Command.
func (RemoveDomain) Name() string { return "site.domain_remove" }

// Facts about mail domains.
type (
	// DomainSet is a new or changed rule.
	DomainSet struct {
		Domain string   `json:"domain"`
		Exact  bool     `json:"exact,omitempty"`
		Block  bool     `json:"block,omitempty"`
		By     PersonID `json:"by,omitempty"`
	}
	// DomainRemoved ends a rule.
	DomainRemoved struct {
		Domain string   `json:"domain"`
		Exact  bool     `json:"exact,omitempty"`
		By     PersonID `json:"by,omitempty"`
	}
)

// Kind implements Fact.
func (DomainSet) Kind() string { return "site.domain_set" }

// Kind implements Fact.
func (DomainRemoved) Kind() string { return "site.domain_removed" }

// DomainRule says whether addresses at a domain are welcome.
type DomainRule struct {
	Domain string
	Exact  bool
	Block  bool
	At     Millis // when it was set
}

// DomainRules is the rules, ordered by domain, the exact one of a domain
// behind the other. It is replaced, never changed in place.
type DomainRules []DomainRule

// MaxDomainRules is how many rules there may be.
const MaxDomainRules = 5000

// Rule gives the rule for a domain.
func (d DomainRules) Rule(domain string, exact bool) (DomainRule, bool) {
	i, found := d.find(domain, exact)
	if !found {
		return DomainRule{}, false
	}
	return d[i], true
}

func (d DomainRules) find(domain string, exact bool) (int, bool) {
	return slices.BinarySearchFunc(d, DomainRule{Domain: domain, Exact: exact}, func(a, b DomainRule) int {
		return cmp.Or(strings.Compare(a.Domain, b.Domain), cmp.Compare(bit(a.Exact), bit(b.Exact)))
	})
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Blocks says whether addresses at a domain (A-labels) are not welcome. The
// most specific rule decides: the one for the domain alone, then the one for it
// and what is below it, then that of its parent, and so on. Without a rule, and
// for a domain that is not known, everybody is welcome.
func (d DomainRules) Blocks(domain string) bool {
	if len(d) == 0 || domain == "" {
		return false
	}
	if i, found := d.find(domain, true); found {
		return d[i].Block
	}
	for rest, more := domain, true; ; {
		if i, found := d.find(rest, false); found {
			return d[i].Block
		}
		if !more {
			return false
		}
		_, rest, more = strings.Cut(rest, ".")
	}
}

func (d DomainRules) with(rule DomainRule) DomainRules {
	i, found := d.find(rule.Domain, rule.Exact)
	if found {
		d = slices.Clone(d)
		d[i] = rule
		return d
	}
	return slices.Insert(slices.Clip(d), i, rule)
}

func (d DomainRules) without(domain string, exact bool) DomainRules {
	i, found := d.find(domain, exact)
	if !found {
		return d
	}
	return slices.Delete(slices.Clone(d), i, i+1)
}

// blocked refuses an address at a domain that the site does not admit.
func (s *State) blocked(domain string) *Refusal {
	if !s.Site().Domains.Blocks(domain) {
		return nil
	}
	return &Refusal{Code: CodeDomainBlocked, Message: "This site does not admit addresses at " + domain + ".", Domain: domain, Final: true}
}

// unwelcome is blocked for somebody who has shown that the invited address is
// theirs: others must not learn what kind of address it is.
func (s *State) unwelcome(p *Person, by Actor) *Refusal {
	_, claimed := p.ClaimOf(by.Device)
	if p.Invitation == "" || !claimed && (by.Verified != p.Match || by.Verified.IsZero()) {
		return nil
	}
	return s.blocked(p.Domain())
}

// Unwelcome says whether somebody who is here has to go, because the site no
// longer admits their address.
func (s *State) Unwelcome(p *Person, by Actor) bool { return s.unwelcome(p, by) != nil }

func (s *State) decideSetDomain(by Actor, c SetDomain) ([]Fact, *Refusal) {
	if no := s.owns(by); no != nil {
		return nil, no
	}
	if wrongDomain(c.Domain) || c.Exact && c.Domain == "" {
		return nil, invalid("domain", "is no domain")
	}
	rules := s.Site().Domains
	i, found := rules.find(c.Domain, c.Exact)
	switch {
	case found && rules[i].Block == c.Block:
		return nil, nil
	case !found && len(rules) >= MaxDomainRules:
		return nil, invalid("domain", "there are 5,000 rules already")
	}
	return []Fact{DomainSet{c.Domain, c.Exact, c.Block, by.Account}}, nil
}

// wrongDomain keeps out what the border would never give.
func wrongDomain(domain string) bool {
	return len(domain) > 253 || strings.ContainsFunc(domain, func(r rune) bool {
		return r >= utf8.RuneSelf || r != '.' && r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
	})
}

func (s *State) decideRemoveDomain(by Actor, c RemoveDomain) ([]Fact, *Refusal) {
	if no := s.owns(by); no != nil {
		return nil, no
	}
	if _, found := s.Site().Domains.find(c.Domain, c.Exact); !found {
		return nil, refuse(CodeNotFound, "There is no rule for this domain.")
	}
	return []Fact{DomainRemoved{c.Domain, c.Exact, by.Account}}, nil
}

func (s *State) foldDomain(rules DomainRules) {
	site := *s.Site()
	site.Domains = rules
	s.site = &site
}
