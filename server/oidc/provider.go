package oidc

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

const (
	patience   = 10 * time.Second // for one request to the provider
	lookAgain  = 5 * time.Second  // after the provider could not be found
	mostGroups = 100
)

// Provider is one OpenID provider. Its methods may be called from many
// goroutines.
type Provider struct {
	// set once
	config Config

	// guarded by mu
	mu     sync.Mutex
	found  *oidc.Provider // nil: not yet
	failed error          // the last attempt to find it
	until  time.Time      // nobody looks before
}

// New makes a provider, without looking for it.
func New(c Config) *Provider {
	c.Email = cmp.Or(c.Email, TrustClaim)
	if c.Scopes == nil {
		c.Scopes = []string{"email", "profile"}
	}
	if c.Client == nil {
		c.Client = &http.Client{Timeout: patience}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Provider{config: c}
}

// discover finds the provider, once. Who comes shortly after a failure is told
// the same.
func (p *Provider) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	if p.config.Now().Before(p.until) {
		return nil, p.failed
	}
	found, err := oidc.NewProvider(p.client(ctx), p.config.Issuer)
	if err != nil {
		if ctx.Err() == nil { // not because somebody gave up
			p.failed, p.until = away(err), p.config.Now().Add(lookAgain)
		}
		return nil, away(err)
	}
	p.found = found
	return found, nil
}

func away(err error) error { return fmt.Errorf("%w: %w", ErrAway, err) }

func refused(why string) error { return fmt.Errorf("%w: %s", ErrRefused, why) }

func (p *Provider) client(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, p.config.Client)
}

func (p *Provider) oauth(found *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{ClientID: p.config.ClientID, ClientSecret: p.config.Secret, Endpoint: found.Endpoint(),
		RedirectURL: p.config.Redirect, Scopes: append([]string{oidc.ScopeOpenID}, p.config.Scopes...)}
}

// Begin gives the address at the provider where a flow goes on.
func (p *Provider) Begin(ctx context.Context, f Flow) (string, error) {
	found, err := p.discover(ctx)
	if err != nil {
		return "", err
	}
	return p.oauth(found).AuthCodeURL(f.state(), oidc.Nonce(f.nonce()), oauth2.S256ChallengeOption(f.verifier())), nil
}

// Returns says whether what the provider sent back belongs to this flow. It
// asks nobody.
func (p *Provider) Returns(f Flow, back url.Values) error {
	switch {
	case !same(back.Get("state"), f.state()):
		return refused("the state is of another flow")
	case back.Has("iss") && back.Get("iss") != p.config.Issuer:
		return refused("the answer is another provider's")
	case back.Get("error") != "":
		return refused("the provider says no")
	case back.Get("code") == "":
		return refused("there is no code")
	}
	return nil
}

// Finish learns who came back. The caller has seen to it that each flow is
// finished once.
func (p *Provider) Finish(ctx context.Context, f Flow, back url.Values) (Identity, error) {
	if err := p.Returns(f, back); err != nil {
		return Identity{}, err
	}
	found, err := p.discover(ctx)
	if err != nil {
		return Identity{}, err
	}
	token, err := p.oauth(found).Exchange(p.client(ctx), back.Get("code"), oauth2.VerifierOption(f.verifier()))
	if err != nil {
		return Identity{}, exchangeError(err)
	}
	raw, _ := token.Extra("id_token").(string)
	verified, err := found.VerifierContext(p.client(ctx), &oidc.Config{ClientID: p.config.ClientID, Now: p.config.Now}).Verify(ctx, raw)
	if err != nil {
		return Identity{}, refused("the ID token is not valid")
	}
	var told claims
	if err := verified.Claims(&told); err != nil {
		return Identity{}, refused("the ID token cannot be read")
	}
	switch {
	case !same(verified.Nonce, f.nonce()):
		return Identity{}, refused("the nonce is of another flow")
	case len(verified.Audience) > 1 && told.Authorized != p.config.ClientID:
		return Identity{}, refused("the ID token was made for another client")
	case verified.Subject == "" || len(verified.Subject) > 255:
		return Identity{}, refused("the ID token names nobody")
	}
	all, err := p.claims(ctx, found, verified, token)
	if err != nil {
		return Identity{}, err
	}
	return p.identity(verified.Subject, told.or(all.claims), all.groups), nil
}

// exchangeError tells a no from a provider that does not answer.
func exchangeError(err error) error {
	var no *oauth2.RetrieveError
	if errors.As(err, &no) && no.Response != nil && no.Response.StatusCode < http.StatusInternalServerError {
		return refused("the provider does not take the code")
	}
	return away(err)
}

// claims are those that we know by name.
type claims struct {
	Email      string `json:"email"`
	Verified   any    `json:"email_verified"` // some write it as a text
	GivenName  string `json:"given_name"`
	FamilyName string `json:"family_name"`
	Name       string `json:"name"`
	Authorized string `json:"azp"`
}

// or takes from other what c does not tell. An address and whether it is
// verified are one.
func (c claims) or(other claims) claims {
	if c.Email == "" {
		c.Email, c.Verified = other.Email, other.Verified
	}
	if c.GivenName == "" && c.FamilyName == "" && c.Name == "" {
		c.GivenName, c.FamilyName, c.Name = other.GivenName, other.FamilyName, other.Name
	}
	return c
}

type toldMore struct {
	claims claims
	groups []string
}

// claims gives the groups and, where the ID token tells no address, what the
// provider says when asked about the person.
func (p *Provider) claims(ctx context.Context, found *oidc.Provider, token *oidc.IDToken, access *oauth2.Token) (told toldMore, err error) {
	var all map[string]any
	var own claims
	if err := errors.Join(token.Claims(&all), token.Claims(&own)); err != nil {
		return told, refused("the ID token cannot be read")
	}
	told.groups = p.groups(all)
	if own.Email != "" || found.UserInfoEndpoint() == "" {
		return told, nil
	}
	info, err := found.UserInfo(p.client(ctx), oauth2.StaticTokenSource(access))
	if err != nil {
		return told, away(err)
	}
	if info.Subject != token.Subject { // Core 5.3.2
		return told, refused("the provider tells of somebody else")
	}
	all = nil
	if err := errors.Join(info.Claims(&told.claims), info.Claims(&all)); err != nil {
		return told, refused("what the provider tells cannot be read")
	}
	if told.groups == nil {
		told.groups = p.groups(all)
	}
	return told, nil
}

// groups reads a claim that is a list of texts, or one.
func (p *Provider) groups(told map[string]any) (groups []string) {
	if p.config.Groups == "" {
		return nil
	}
	list, ok := told[p.config.Groups].([]any)
	if !ok {
		list = []any{told[p.config.Groups]}
	}
	for _, one := range list {
		if name, ok := one.(string); ok && name != "" && len(name) <= 200 && len(groups) < mostGroups {
			groups = append(groups, name)
		}
	}
	slices.Sort(groups)
	return slices.Compact(groups)
}

func (p *Provider) identity(subject string, c claims, groups []string) Identity {
	i := Identity{Issuer: p.config.Issuer, Subject: subject, Email: c.Email, FirstName: c.GivenName, LastName: c.FamilyName, Groups: groups}
	if i.FirstName == "" && i.LastName == "" {
		i.FirstName, i.LastName = halves(c.Name)
	}
	switch p.config.Email {
	case TrustAlways:
		i.Verified = c.Email != ""
	case TrustClaim:
		i.Verified = c.Email != "" && (c.Verified == true || c.Verified == "true")
	}
	return i
}
