package crowd

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"

	"greenroom/client"
	"greenroom/hub/room"
)

// call asks what the client library has no method for, as the site's owner.
func (p *Person) call(ctx context.Context, method, path string, body any) error {
	_, err := p.ask(ctx, method, path, body)
	return err
}

func (p *Person) ask(ctx context.Context, method, path string, body any) ([]byte, error) {
	owner := asker{p.at, http.Header{"Authorization": {"Bearer " + p.house.crowd.World.Key}}}
	return owner.ask(ctx, method, path, body)
}

// asker is a device that asks what the client library has no method for, and
// how it says who it is.
type asker struct {
	device *Device
	head   http.Header
}

func (a asker) ask(ctx context.Context, method, path string, body any) ([]byte, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, a.device.person.house.crowd.World.Public+"/"+path, bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	maps.Copy(req.Header, a.head)
	req.Header.Set("Content-Type", "application/json")
	resp, err := a.device.transport().RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode > 299 {
		err = refusal(resp.StatusCode, answer)
	}
	return answer, err
}

func refusal(status int, answer []byte) error {
	var p struct{ Code room.Code }
	if json.Unmarshal(answer, &p) != nil || p.Code == "" {
		return fmt.Errorf("answered with %d", status)
	}
	return &client.Error{Code: p.Code, Temporary: status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests}
}
