package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"greenroom/server/api"
	"greenroom/server/apitest"
	"greenroom/server/mail"
)

// schemas checks answers against openapi.json: nothing required is missing,
// nothing is there that is not documented, types and listed values fit.
type schemas struct {
	doc map[string]any
}

func (s schemas) at(reference string) map[string]any {
	var at any = s.doc
	for part := range strings.SplitSeq(strings.TrimPrefix(reference, "#/"), "/") {
		at = at.(map[string]any)[part]
	}
	return at.(map[string]any)
}

// answer finds the schema of an operation's answer.
func (s schemas) answer(path, method, status string) (map[string]any, bool) {
	at, ok := s.doc["paths"].(map[string]any)[path].(map[string]any)[strings.ToLower(method)].(map[string]any)["responses"].(map[string]any)[status].(map[string]any)
	if !ok {
		return nil, false
	}
	if reference, ok := at["$ref"].(string); ok {
		at = s.at(reference)
	}
	content, _ := at["content"].(map[string]any)
	for _, kind := range []string{"application/json", "application/problem+json"} {
		if c, ok := content[kind].(map[string]any); ok {
			return c["schema"].(map[string]any), true
		}
	}
	return nil, true
}

// flat resolves references and puts allOf together.
func (s schemas) flat(schema map[string]any) map[string]any {
	if reference, ok := schema["$ref"].(string); ok {
		return s.flat(s.at(reference))
	}
	parts, ok := schema["allOf"].([]any)
	if !ok {
		return schema
	}
	all := map[string]any{"type": "object", "properties": map[string]any{}, "required": []any{}}
	for _, part := range parts {
		p := s.flat(part.(map[string]any))
		for name, property := range p["properties"].(map[string]any) {
			all["properties"].(map[string]any)[name] = property
		}
		required, _ := p["required"].([]any)
		all["required"] = append(all["required"].([]any), required...)
	}
	return all
}

// check gives what does not fit.
func (s schemas) check(at string, schema map[string]any, value any) (wrong []string) {
	if schema = s.flat(schema); len(schema) == 0 {
		return nil // anything goes
	}
	fits := false
	switch v := value.(type) {
	case map[string]any:
		fits = schema["type"] == "object"
		wrong = s.checkObject(at, schema, v)
	case []any:
		fits = schema["type"] == "array"
		items, _ := schema["items"].(map[string]any)
		for i, item := range v {
			wrong = append(wrong, s.check(fmt.Sprintf("%s[%d]", at, i), items, item)...)
		}
	case string:
		fits = schema["type"] == "string"
		if listed, ok := schema["enum"].([]any); ok && !slices.Contains(listed, value) {
			wrong = append(wrong, fmt.Sprintf("%s: %q is not listed", at, v))
		}
		if schema["format"] == "date-time" {
			if _, err := time.Parse(time.RFC3339, v); err != nil {
				wrong = append(wrong, at+": "+err.Error())
			}
		}
	case float64:
		fits = schema["type"] == "integer" && v == float64(int64(v)) || schema["type"] == "number"
	case bool:
		fits = schema["type"] == "boolean"
	}
	if !fits {
		wrong = append(wrong, fmt.Sprintf("%s: %T where %v is documented", at, value, schema["type"]))
	}
	return wrong
}

func (s schemas) checkObject(at string, schema, value map[string]any) (wrong []string) {
	properties, _ := schema["properties"].(map[string]any)
	required, _ := schema["required"].([]any)
	for _, name := range required {
		if _, ok := value[name.(string)]; !ok {
			wrong = append(wrong, fmt.Sprintf("%s: %s is missing", at, name))
		}
	}
	for name, inner := range value {
		property, ok := properties[name].(map[string]any)
		if !ok {
			property, ok = schema["additionalProperties"].(map[string]any)
		}
		if !ok {
			wrong = append(wrong, fmt.Sprintf("%s: %s is not documented", at, name))
			continue
		}
		wrong = append(wrong, s.check(at+"."+name, property, inner)...)
	}
	return wrong
}

// Every operation of the interface, asked for something that works and for
// something that does not, answers as documented.
func TestAnswersAsDocumented(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Mail: new(mail.Outbox), Deliver: true})
	owner := s.Owner()
	var doc map[string]any
	apitest.Decode(t, owner.Do("GET", "/api/v1/openapi.json", nil).Body, &doc)
	docs := schemas{doc}
	made := owner.Room("Room", time.Hour)
	card := owner.Invite(made.ID, "anna@example.org", "viewer")
	publicID, secret := card.Link()
	s.Person("mia@example.org", "Mia", "M")
	guest := s.Browser()
	var link guestLink
	owner.Do("POST", "/api/v1/rooms/"+made.ID+"/guest-links", map[string]any{"label": "Press"}).Into(http.StatusCreated, &link)
	knock, come := link.secret(), link.secret()
	come["email"], come["first_name"], come["last_name"] = "gil@example.org", "G", "V"
	var group struct{ ID string }
	owner.Do("POST", "/api/v1/site/groups", map[string]any{"name": "One"}).Into(http.StatusCreated, &group)
	fill := strings.NewReplacer("{link}", link.ID, "{room}", made.ID, "{invitation}", card.ID, "{person}", "mia@example.org", "{group}", group.ID, "{domain}", "evil.example", "{language}", "de")
	person := map[string]any{"email": "new@example.org", "first_name": "N", "last_name": "N"}
	invite := map[string]any{"email": "bert@example.org", "first_name": "B", "last_name": "B", "type": "speaker", "send_email": true}
	template := map[string]any{"subject": "{title}", "html": "<p>{link}</p>", "text": "{link}"}
	asked := map[string]bool{}
	for _, ask := range []struct {
		who    *apitest.Browser
		method string
		path   string
		body   any
		status int
	}{
		{guest, "GET", "/healthz", nil, 200}, {guest, "GET", "/readyz", nil, 200}, {guest, "GET", "/api/v1/features", nil, 200},
		{guest, "POST", "/api/v1/setup", map[string]any{}, 404}, {guest, "GET", "/ws", nil, 426},
		{guest, "GET", "/api/v1/session", nil, 200}, {owner, "GET", "/api/v1/session", nil, 200},
		{guest, "POST", "/api/v1/invitations/open", map[string]any{"invitation": publicID, "secret": secret}, 200}, {guest, "POST", "/api/v1/invitations/open", map[string]any{}, 404},
		{guest, "GET", "/api/v1/session", nil, 200}, {guest, "POST", "/api/v1/session/renew", nil, 200}, {guest, "GET", "/api/v1/rooms/{room}", nil, 200}, {guest, "GET", "/api/v1/rooms", nil, 200},
		{s.Browser(), "POST", "/api/v1/session", map[string]any{"email": "mia@example.org", "password": apitest.Password}, 200}, {s.Browser(), "POST", "/api/v1/session", map[string]any{}, 401},
		{guest, "POST", "/api/v1/session/code", map[string]any{"email": "mia@example.org"}, 204}, {guest, "POST", "/api/v1/session/code", map[string]any{}, 422},
		{owner, "GET", "/api/v1/people?prefix=m", nil, 200}, {owner, "GET", "/api/v1/people?prefix=a&room={room}", nil, 200}, {guest, "GET", "/api/v1/people?prefix=m", nil, 401}, {owner, "POST", "/api/v1/people", person, 201}, {owner, "POST", "/api/v1/people", person, 409}, {guest, "POST", "/api/v1/people", person, 401},
		{guest, "POST", "/api/v1/session/provider", nil, 404}, {guest, "POST", "/api/v1/session/provider/finish", nil, 401},
		{owner, "GET", "/api/v1/account", nil, 200}, {guest, "GET", "/api/v1/account", nil, 401}, {owner, "PATCH", "/api/v1/account", map[string]any{"first_name": "Olga"}, 200}, {owner, "PATCH", "/api/v1/account", map[string]any{"first_name": ""}, 422}, {owner, "GET", "/api/v1/account/sessions", nil, 200}, {owner, "DELETE", "/api/v1/account/sessions/{session}", nil, 404},
		{owner, "POST", "/api/v1/account/code", nil, 204}, {owner, "POST", "/api/v1/account/password", map[string]any{"password": "another long one", "current": apitest.Password}, 204}, {owner, "POST", "/api/v1/account/password", map[string]any{"password": "x"}, 422}, {owner, "POST", "/api/v1/account/proof", map[string]any{"current": "another long one"}, 204}, {owner, "POST", "/api/v1/account/proof", map[string]any{}, 422}, {owner, "DELETE", "/api/v1/account/sessions", nil, 204},
		{owner, "GET", "/api/v1/rooms", nil, 200}, {owner, "GET", "/api/v1/rooms?show=x", nil, 422}, {owner, "POST", "/api/v1/rooms", map[string]any{"title": "T", "starts_at": s.In(time.Hour), "ends_at": s.In(2 * time.Hour), "speakers": []any{map[string]any{"name": "Mia", "bio": "B"}}}, 201},
		{owner, "POST", "/api/v1/rooms", map[string]any{}, 422}, {owner, "POST", "/api/v1/rooms", "{", 400},
		{owner, "PUT", "/api/v1/rooms/{room}/managers/{person}", map[string]any{"right": "co-owner"}, 200}, {owner, "GET", "/api/v1/rooms/{room}", nil, 200},
		{owner, "DELETE", "/api/v1/rooms/{room}/managers/{person}", nil, 204}, {owner, "DELETE", "/api/v1/rooms/{room}/managers/{person}", nil, 404},
		{owner, "GET", "/api/v1/rooms/{room}/results", nil, 200}, {owner, "PATCH", "/api/v1/rooms/{room}", map[string]any{"host_absent": map[string]any{"then": "end", "minutes": 5}, "results": true, "closing_words": "Bye", "closing_link": "https://example.org"}, 200},
		{owner, "GET", "/api/v1/rooms/{room}/calendar", nil, 200}, {owner, "PATCH", "/api/v1/rooms/{room}", map[string]any{"state": "open"}, 200}, {owner, "PATCH", "/api/v1/rooms/{room}", map[string]any{"starts_at": s.In(2 * time.Hour)}, 409},
		{owner, "PATCH", "/api/v1/rooms/{room}", map[string]any{"version": 1000, "title": "Other"}, 409}, {owner, "POST", "/api/v1/rooms/{room}/duplicate", map[string]any{"starts_at": s.In(time.Hour), "managers": true}, 201}, {owner, "POST", "/api/v1/rooms/{room}/duplicate", map[string]any{}, 422},
		{owner, "GET", "/api/v1/rooms/{room}/invitations", nil, 200}, {owner, "POST", "/api/v1/rooms/{room}/invitations?qr=true", invite, 201}, {owner, "POST", "/api/v1/rooms/{room}/invitations", invite, 200},
		{owner, "PATCH", "/api/v1/rooms/{room}/invitations/{invitation}", map[string]any{"type": "speaker"}, 200}, {guest, "PATCH", "/api/v1/rooms/{room}/invitations/{invitation}", map[string]any{}, 403},
		{owner, "POST", "/api/v1/rooms/{room}/invitations/batch", good, 200}, {owner, "POST", "/api/v1/rooms/{room}/invitations/batch?dry_run=true", good + "x,,,\n", 200}, {owner, "POST", "/api/v1/rooms/{room}/invitations/batch", "x", 422},
		{owner, "POST", "/api/v1/rooms/{room}/invitations/{invitation}/link?qr=1", nil, 200}, {guest, "POST", "/api/v1/invitations/open", map[string]any{"invitation": publicID, "secret": secret}, 410},
		{owner, "POST", "/api/v1/rooms/{room}/invitations/{invitation}/email", nil, 200}, {guest, "POST", "/api/v1/rooms/{room}/invitations/{invitation}/email", nil, 403},
		{guest, "POST", "/api/v1/guest-links/open", knock, 200}, {guest, "POST", "/api/v1/guest-links/open", map[string]any{}, 404}, {s.Browser(), "POST", "/api/v1/guest-links/join", come, 200}, {guest, "POST", "/api/v1/guest-links/join", knock, 422},
		{owner, "GET", "/api/v1/rooms/{room}/guest-links", nil, 200}, {owner, "POST", "/api/v1/rooms/{room}/guest-links", map[string]any{"label": "Two", "most": 5, "expires_at": s.In(time.Hour)}, 201}, {guest, "GET", "/api/v1/rooms/{room}/guest-links", nil, 403},
		{owner, "POST", "/api/v1/rooms/{room}/guest-links/{link}/link", nil, 200}, {owner, "PATCH", "/api/v1/rooms/{room}/guest-links/{link}", map[string]any{"on": false, "sessions": "end"}, 200}, {owner, "DELETE", "/api/v1/rooms/{room}/guest-links/{link}", nil, 204},
		{guest, "POST", "/api/v1/invitations/code", map[string]any{"invitation": publicID, "secret": secret}, 410}, {guest, "POST", "/api/v1/invitations/move", map[string]any{"invitation": publicID, "secret": secret, "code": "123456"}, 410},
		{guest, "POST", "/api/v1/invitations/request-link", map[string]any{"invitation": publicID, "secret": secret, "message": "M"}, 200}, {guest, "POST", "/api/v1/invitations/request-link", map[string]any{}, 404},
		{owner, "GET", "/api/v1/rooms/{room}/requests", nil, 200}, {guest, "GET", "/api/v1/rooms/{room}/requests", nil, 403}, {owner, "DELETE", "/api/v1/rooms/{room}/requests/{invitation}", nil, 204},
		{owner, "POST", "/api/v1/rooms/{room}/invitations/{invitation}/device-reset", nil, 200}, {owner, "POST", "/api/v1/rooms/{room}/invitations/{invitation}/restore", nil, 200}, {owner, "GET", "/api/v1/rooms/{room}/invitations?q=anna&state=sent,locked&type=viewer,speaker&sort=-name&limit=1", nil, 200},
		{owner, "GET", "/api/v1/rooms/{room}/invitations?sort=age", nil, 422},
		{owner, "POST", "/api/v1/rooms/{room}/invitations/email", map[string]any{"ids": []string{card.ID, "none"}}, 200}, {owner, "POST", "/api/v1/rooms/{room}/invitations/email", map[string]any{}, 422},
		{owner, "POST", "/api/v1/rooms/{room}/invitations/revoke", map[string]any{"ids": []string{"none"}, "sessions": "finish"}, 200}, {guest, "POST", "/api/v1/rooms/{room}/invitations/revoke", map[string]any{"ids": []string{card.ID}}, 403},
		{owner, "DELETE", "/api/v1/rooms/{room}/invitations/{invitation}", map[string]any{"reason": "R", "sessions": "finish"}, 204}, {owner, "POST", "/api/v1/rooms/{room}/invitations/{invitation}/restore", nil, 410},
		{guest, "GET", "/api/v1/rooms/{room}", nil, 410}, {owner, "PATCH", "/api/v1/rooms/{room}", map[string]any{"state": "closed", "reason": "R"}, 200}, {owner, "GET", "/api/v1/rooms?show=past", nil, 200},
		{owner, "GET", "/api/v1/rooms/{room}/report?session=1", nil, 200}, {owner, "GET", "/api/v1/rooms/{room}/report?session=9", nil, 422}, {owner, "GET", "/api/v1/rooms/{room}/report/attendance?q=a&came=no&sort=-inside&limit=1", nil, 200}, {owner, "GET", "/api/v1/rooms/{room}/report/attendance?sort=age", nil, 422},
		{owner, "POST", "/api/v1/rooms/{room}/exports", map[string]any{"what": "attendance", "format": "json"}, 200}, {owner, "POST", "/api/v1/rooms/{room}/exports", map[string]any{}, 422},
		{owner, "DELETE", "/api/v1/rooms/{room}", nil, 204}, {owner, "GET", "/api/v1/rooms/{room}", nil, 410},
		{owner, "GET", "/api/v1/site", nil, 200}, {guest, "GET", "/api/v1/site", nil, 401}, {owner, "PATCH", "/api/v1/site", map[string]any{"name": "Tea", "accent": "#0a5c8f"}, 200},
		{owner, "PATCH", "/api/v1/site", map[string]any{"version": 0, "name": "Coffee"}, 409}, {owner, "PATCH", "/api/v1/site", map[string]any{"accent": "#ffffff"}, 422},
		{owner, "PUT", "/api/v1/site/logo", map[string]any{}, 400}, {owner, "DELETE", "/api/v1/site/logo", nil, 200},
		{owner, "PUT", "/api/v1/site/domains/{domain}", map[string]any{"rule": "block"}, 200}, {owner, "PUT", "/api/v1/site/domains/{domain}", map[string]any{}, 422}, {owner, "GET", "/api/v1/site/domains", nil, 200},
		{owner, "GET", "/api/v1/site/mail", nil, 200}, {owner, "PATCH", "/api/v1/site/mail", map[string]any{"zone": "Europe/Berlin"}, 200}, {owner, "PATCH", "/api/v1/site/mail", map[string]any{"zone": "x"}, 422},
		{owner, "GET", "/api/v1/site/mail/templates/{language}", nil, 200}, {owner, "PUT", "/api/v1/site/mail/templates/{language}", template, 200}, {owner, "PUT", "/api/v1/site/mail/templates/{language}", map[string]any{}, 422},
		{owner, "POST", "/api/v1/site/mail/templates/{language}/preview", template, 200}, {owner, "POST", "/api/v1/site/mail/templates/{language}/preview", map[string]any{}, 422},
		{owner, "GET", "/api/v1/site/mail/templates/{language}?kind=room_code", nil, 200}, {owner, "GET", "/api/v1/site/mail/templates/{language}?kind=request", nil, 200},
		{confirmed(s), "POST", "/api/v1/site/mail/templates/{language}/test", template, 200}, {owner, "POST", "/api/v1/site/mail/templates/{language}/test", map[string]any{}, 422},
		{owner, "DELETE", "/api/v1/site/mail/templates/{language}", nil, 204}, {owner, "DELETE", "/api/v1/site/mail/templates/{language}", nil, 404},
		{owner, "DELETE", "/api/v1/site/domains/{domain}", nil, 204}, {owner, "DELETE", "/api/v1/site/domains/{domain}", nil, 404},
		{owner, "GET", "/api/v1/site/people?q=mia", nil, 200}, {owner, "GET", "/api/v1/site/people?role=x", nil, 422}, {owner, "GET", "/api/v1/site/people/{person}", nil, 200}, {guest, "GET", "/api/v1/site/people", nil, 401},
		{owner, "PATCH", "/api/v1/site/people/{person}", map[string]any{"site_role": "admin"}, 200}, {owner, "PATCH", "/api/v1/site/people/{person}", map[string]any{"site_role": "x"}, 422}, {owner, "POST", "/api/v1/site/people/{person}/link", nil, 201},
		{owner, "GET", "/api/v1/site/groups", nil, 200}, {owner, "POST", "/api/v1/site/groups", map[string]any{"name": "Two"}, 201}, {owner, "POST", "/api/v1/site/groups", map[string]any{"name": "two"}, 409},
		{owner, "PATCH", "/api/v1/site/groups/{group}", map[string]any{"name": "Three"}, 200}, {owner, "PUT", "/api/v1/site/groups/{group}/members/{person}", nil, 200}, {owner, "GET", "/api/v1/site/groups/{group}/members", nil, 200},
		{owner, "GET", "/api/v1/site/people/{person}", nil, 200}, {owner, "DELETE", "/api/v1/site/groups/{group}/members/{person}", nil, 204}, {owner, "DELETE", "/api/v1/site/groups/{group}", nil, 204}, {owner, "GET", "/api/v1/site/groups/{group}/members", nil, 404},
		{owner, "GET", "/api/v1/account/keys", nil, 200}, {owner, "POST", "/api/v1/account/keys", map[string]any{"label": "L", "scope": "read"}, 201}, {owner, "POST", "/api/v1/account/keys", map[string]any{}, 422}, {owner, "DELETE", "/api/v1/account/keys/{key}", nil, 404},
		{owner, "GET", "/api/v1/site/audit?room=site&verify=true", nil, 200}, {owner, "GET", "/api/v1/site/audit?from=x", nil, 422}, {owner, "GET", "/api/v1/rooms/{room}/audit", nil, 410},
		{owner, "POST", "/api/v1/site/erasures", map[string]any{"confirm": "nobody@example.org"}, 202}, {owner, "POST", "/api/v1/site/erasures", map[string]any{}, 422}, {owner, "GET", "/api/v1/site/erasures", nil, 200},
		{owner, "POST", "/api/v1/account/erasure", map[string]any{"confirm": "x@example.org"}, 422},
		{owner, "POST", "/api/v1/account/export", map[string]any{}, 200}, {owner, "POST", "/api/v1/site/exports", map[string]any{"email": "nobody@example.org"}, 200}, {owner, "POST", "/api/v1/site/exports", map[string]any{}, 422},
		{owner, "DELETE", "/api/v1/session", nil, 204},
	} {
		if strings.Contains(ask.path, "/batch") {
			ask.who.Header = http.Header{"Content-Type": {"text/csv"}}
		}
		got := ask.who.Do(ask.method, fill.Replace(ask.path), ask.body)
		ask.who.Header = http.Header{}
		route, _, _ := strings.Cut(ask.path, "?")
		asked[ask.method+" "+route] = true
		at := fmt.Sprintf("%s %s %d", ask.method, ask.path, got.Status)
		if got.Status != ask.status {
			t.Fatalf("%s: want %d: %s", at, ask.status, got.Body)
		}
		schema, documented := docs.answer(route, ask.method, fmt.Sprint(got.Status))
		if !documented {
			t.Errorf("%s is not documented", at)
			continue
		}
		if schema == nil {
			continue // no JSON
		}
		var value any
		if err := json.Unmarshal(got.Body, &value); err != nil {
			t.Errorf("%s: %v", at, err)
		}
		for _, wrong := range docs.check(at, schema, value) {
			t.Error(wrong)
		}
	}
	for _, pattern := range api.Routes() {
		if strings.Contains(pattern, " /api/v1/") && !asked[pattern] && pattern != "GET /api/v1/openapi.json" {
			t.Errorf("not asked: %s", pattern)
		}
	}
}
