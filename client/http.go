package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// maxAnswer bounds what is read of an HTTP answer.
const maxAnswer = 4 << 20

// caller asks one server over HTTP: base URL, who asks, by what transport.
type caller struct {
	base *url.URL
	key  string
	http *http.Client
	jar  *jar // nil for API keys
}

func newCaller(base string, o *options) (*caller, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("client: %q is not the address of a server: https://host is wanted", base)
	}
	u.Fragment, u.RawQuery = "", ""
	transport := o.transport
	if transport == nil {
		transport = &http.Transport{DialContext: o.dial, TLSClientConfig: o.tls, DisableKeepAlives: true, DisableCompression: true}
	}
	c := &caller{base: u, key: o.key, http: &http.Client{Transport: transport, CheckRedirect: stay}}
	if o.key == "" {
		c.jar = &jar{}
		c.jar.put(o.cookies)
	}
	return c, nil
}

// stay refuses redirects: credentials go to the address that was given.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func (c *caller) origin() string { return c.base.Scheme + "://" + c.base.Host }

// headers say who asks. Programs that use a cookie send an Origin (PROTOCOL §1).
func (c *caller) headers() http.Header {
	h := http.Header{"User-Agent": {"greenroom-client"}}
	if c.key != "" {
		h.Set("Authorization", "Bearer "+c.key)
		return h
	}
	h.Set("Origin", c.origin())
	if cookies := c.jar.header(); cookies != "" {
		h.Set("Cookie", cookies)
	}
	return h
}

// send asks, whatever comes back; what stands behind a question mark in the
// path is the query.
func (c *caller) send(ctx context.Context, method, path string, body any) (*http.Response, error) {
	var text io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return nil, fmt.Errorf("client: %s %s: %w", method, path, err)
		}
		text = bytes.NewReader(encoded)
	}
	plain, query, _ := strings.Cut(path, "?")
	to := c.base.JoinPath(plain)
	to.RawQuery = query
	req, err := http.NewRequestWithContext(ctx, method, to.String(), text)
	if err != nil {
		return nil, fmt.Errorf("client: %s %s: %w", method, path, err)
	}
	req.Header = c.headers()
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("client: %s %s: %w", method, path, withoutURL(err))
	}
	return resp, nil
}

// call sends body as JSON and reads the answer into into; nil means none. An
// answer that is not 2xx is an *Error.
func (c *caller) call(ctx context.Context, method, path string, body, into any) error {
	resp, err := c.send(ctx, method, path, body)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("client: %s %s: %w", method, path, err)
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return refused(resp.StatusCode, answer)
	}
	if c.jar != nil {
		c.jar.put(resp.Cookies())
	}
	if into == nil || len(answer) == 0 {
		return nil
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return fmt.Errorf("client: %s %s: answer: %w", method, path, err)
	}
	return nil
}

// withoutURL drops net/http's own prefix, which we have said already.
func withoutURL(err error) error {
	if wrapped, ok := err.(*url.Error); ok {
		return wrapped.Err
	}
	return err
}

// jar holds the two cookies of a client, web session and device. They go to
// the one server that set them. net/http/cookiejar costs twenty times as much
// memory per person.
type jar struct {
	mu   sync.Mutex
	kept []cookie
}

type cookie struct{ name, value string }

func (j *jar) put(cookies []*http.Cookie) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, c := range cookies {
		j.kept = slices.DeleteFunc(j.kept, func(k cookie) bool { return k.name == c.Name })
		if c.MaxAge >= 0 && c.Value != "" {
			// Cloned, because they are parts of the whole header.
			j.kept = append(j.kept, cookie{strings.Clone(c.Name), strings.Clone(c.Value)})
		}
	}
}

func (j *jar) all() (cookies []*http.Cookie) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, k := range j.kept {
		cookies = append(cookies, &http.Cookie{Name: k.name, Value: k.value})
	}
	return cookies
}

func (j *jar) header() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	parts := make([]string, len(j.kept))
	for i, k := range j.kept {
		parts[i] = k.name + "=" + k.value
	}
	return strings.Join(parts, "; ")
}
