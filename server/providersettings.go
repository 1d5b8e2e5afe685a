package main

import (
	"cmp"
	"net/url"
	"strings"

	"greenroom/server/api"
	"greenroom/server/oidc"
)

// provider is the OpenID provider of the command line.
type provider struct {
	name     string
	accounts bool
	config   oidc.Config
}

// judgeProvider makes the OpenID provider of the command line.
func (s *settings) judgeProvider(line *commandLine) error {
	o := line.OIDC
	if o.Issuer == "" {
		if o.ClientID != "" || o.Secret != "" || o.SecretFile != "" {
			return refuse("Name the provider with --oidc-issuer, or leave the others away.", "--oidc-client-id and what belongs to it are of no use without --oidc-issuer")
		}
		return nil
	}
	u, err := url.Parse(o.Issuer)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return refuse("Write it as the provider does, for example https://id.example.org/realms/example.", "--oidc-issuer %q is not a web address", redactDSN(o.Issuer))
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return refuse("Use https://.", "--oidc-issuer %s would send codes and secrets through the network unprotected", o.Issuer)
	case o.ClientID == "":
		return refuse("Register greenroom at the provider; it says the id.", "--oidc-issuer needs --oidc-client-id")
	case o.Secret != "" && o.SecretFile != "":
		return refuse("Say the secret once, rather in the file.", "--oidc-client-secret and --oidc-client-secret-file both give a secret")
	}
	if o.SecretFile != "" {
		if o.Secret, err = readSecret("--oidc-client-secret-file", o.SecretFile); err != nil {
			return err
		}
	}
	s.provider = &provider{name: cmp.Or(strings.TrimSpace(o.Name), u.Hostname()), accounts: o.Accounts, config: oidc.Config{
		Issuer: o.Issuer, ClientID: o.ClientID, Secret: o.Secret, Scopes: o.Scopes, Groups: o.Groups, Email: oidc.Trust(o.Email)}}
	return nil
}

// signsIn is the provider for the API, once the public URL is known.
func (p *provider) signsIn(public *url.URL) *api.Provider {
	if p == nil {
		return nil
	}
	c := p.config
	c.Redirect = public.JoinPath(api.CallbackPath).String()
	return &api.Provider{Name: p.name, Accounts: p.accounts, OpenID: oidc.New(c)}
}
