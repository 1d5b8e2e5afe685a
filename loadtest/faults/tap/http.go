package tap

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"

	"greenroom/loadtest/faults/history"
)

// Transport is an http.RoundTripper that notes what one person asks. Who says,
// before each request, where it goes and by what.
type Transport struct {
	Tap  *Tap
	Who  func() (Who, http.RoundTripper)
	More map[string]any // to be noted with the opening of a link: which of an invitation's it is
}

// RoundTrip implements http.RoundTripper.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	who, base := t.Who()
	body, err := read(req)
	if err != nil {
		return nil, err
	}
	cmd, data := t.about(who, req, body)
	if cmd == "" {
		return base.RoundTrip(req)
	}
	op := t.Tap.Op()
	t.Tap.Note(&history.Invoke{Op: op, Person: who.Person, Instance: who.Instance, Room: who.Room, Device: who.Device, Cmd: cmd, Data: data})
	resp, err := base.RoundTrip(req)
	if err != nil {
		t.Tap.Note(&history.Unknown{Op: op, Why: err.Error()})
		return nil, err
	}
	answer, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil {
		t.Tap.Note(&history.Unknown{Op: op, Why: err.Error()})
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(answer))
	t.Tap.answered(op, resp.StatusCode, told(cmd, answer))
	return resp, nil
}

// told is what is noted of an answer: of a file its beginning, which says what
// it is.
func told(cmd string, answer []byte) []byte {
	if cmd == history.HTTPFile {
		return answer[:min(len(answer), 500)]
	}
	return answer
}

// read takes the body out and puts it back.
func read(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(req.Body)
	_ = req.Body.Close()
	req.Body = io.NopCloser(bytes.NewReader(body))
	return body, err
}

func (t *Tap) answered(op history.Op, status int, answer []byte) {
	if status >= 200 && status <= 299 {
		t.Note(&history.Ok{Op: op, Data: shown(answer)})
		return
	}
	var p struct {
		Code    string `json:"code"`
		RetryMS int64  `json:"retry_ms"`
	}
	_ = json.Unmarshal(answer, &p)
	if p.Code == "" && status >= 500 {
		t.Note(&history.Unknown{Op: op, Why: http.StatusText(status)})
		return
	}
	t.Note(&history.Fail{Op: op, Code: p.Code, Status: status, RetryMS: p.RetryMS, Data: shown(answer)})
}

// shown is an answer as JSON, whatever it is.
func shown(answer []byte) json.RawMessage {
	if json.Valid(answer) {
		return json.RawMessage(answer)
	}
	text, err := json.Marshal(string(answer))
	if err != nil {
		return nil
	}
	return text
}

// about says what a request is in the history's words; empty: it is not noted.
func (t *Transport) about(who Who, req *http.Request, body []byte) (cmd string, data json.RawMessage) {
	parts := strings.Split(strings.Trim(req.URL.Path, "/"), "/")
	if len(parts) == 2 && parts[0] == "i" {
		data, _ = json.Marshal(map[string]string{"invitation": parts[1]})
		return history.HTTPGet, data
	}
	if len(parts) < 3 || parts[0] != "api" {
		return "", nil
	}
	var fields map[string]any
	_ = json.Unmarshal(body, &fields)
	if fields == nil {
		fields = map[string]any{}
	}
	delete(fields, "secret")
	delete(fields, "code")
	if len(parts) >= 6 && parts[4] == "invitations" {
		fields["invitation"], fields["person"] = parts[5], t.Tap.personOf(parts[5])
	}
	if len(parts) == 6 && parts[4] == "managers" {
		fields["person"] = t.Tap.personOf(parts[5])
	}
	cmd = name(req.Method, parts[2:])
	if cmd == history.HTTPMove {
		fields["person"] = who.Person
	}
	if cmd == history.HTTPOpen {
		for k, v := range t.More {
			fields[k] = v
		}
	}
	if address, ok := fields["confirm"].(string); ok {
		fields["person"] = t.Tap.personOf(address)
	}
	if role, ok := fields["type"]; ok && cmd == history.HTTPRole {
		fields["role"] = role
	}
	if text, ok := fields["starts_at"].(string); ok {
		if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
			fields["starts_at"] = at.UnixMilli()
		}
	}
	data, _ = json.Marshal(fields)
	return cmd, data
}

// name names a request by its method and what follows api/v1.
func name(method string, parts []string) string {
	switch path := strings.Join(parts, "/"); {
	case path == "invitations/open":
		return history.HTTPOpen
	case path == "invitations/move":
		return history.HTTPMove
	case path == "rooms" && method == http.MethodPost:
		return history.HTTPRoom
	case path == "site/erasures" && method == http.MethodPost:
		return history.HTTPErase
	case path == "site/exports":
		return history.HTTPExport
	case parts[0] != "rooms":
		return ""
	case len(parts) == 2 && method == http.MethodPatch:
		return history.HTTPPatch
	case len(parts) == 3 && parts[2] == "invitations" && method == http.MethodPost:
		return history.HTTPInvite
	case len(parts) == 4 && parts[2] == "invitations" && method == http.MethodDelete:
		return history.HTTPRevoke
	case len(parts) == 4 && parts[2] == "invitations" && method == http.MethodPatch:
		return history.HTTPRole
	case len(parts) == 3 && parts[2] == "exports":
		return history.HTTPFile
	case len(parts) == 4 && parts[2] == "managers" && method == http.MethodPut:
		return history.HTTPManage
	case len(parts) == 4 && parts[2] == "managers" && method == http.MethodDelete:
		return history.HTTPEnd
	case len(parts) == 5 && parts[4] == "link":
		return history.HTTPLink
	case len(parts) == 5 && parts[4] == "device-reset":
		return history.HTTPReset
	}
	return ""
}
