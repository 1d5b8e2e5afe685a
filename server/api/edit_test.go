package api_test

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"greenroom/server/apitest"
)

type edited struct {
	ID, Title     string
	Collaboration bool
	Version       int
	StartsAt      time.Time `json:"starts_at"`
	EndsAt        time.Time `json:"ends_at"`
	Managers      []struct{ Email, Right string }
	Right         string
}

// Of many who edit one version one wins; the others are told what and who.
func TestConcurrentEditsByHTTP(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	at := "/api/v1/rooms/" + owner.Room("Tea", time.Hour).ID
	var was edited
	owner.Do("GET", at, nil).Into(http.StatusOK, &was)
	var won atomic.Int32
	var all sync.WaitGroup
	for _, title := range []string{"A", "B", "C", "D"} {
		all.Go(func() {
			if owner.Do("PATCH", at, map[string]any{"version": was.Version, "title": title}).Status == http.StatusOK {
				won.Add(1)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d won", won.Load())
	}
	var no struct {
		By     string
		Fields map[string]string
	}
	owner.Do("PATCH", at, map[string]any{"version": was.Version, "description": "Mine"}).Into(http.StatusConflict, &no)
	if no.By != "Olga Owner" || len(no.Fields) != 1 || no.Fields["title"] == "" {
		t.Errorf("told: %+v", no)
	}
	var now edited
	owner.Do("GET", at, nil).Into(http.StatusOK, &now)
	owner.Do("PATCH", at, map[string]any{"version": now.Version, "description": "Mine"}).Into(http.StatusOK, nil)
}

func TestDuplicate(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	mia, _ := s.Person("mia@example.org", "Mia", "M")
	var made edited
	owner.Do("POST", "/api/v1/rooms", map[string]any{"title": "Tea", "starts_at": s.In(time.Hour), "ends_at": s.In(3 * time.Hour), "collaboration": false}).Into(http.StatusCreated, &made)
	at := "/api/v1/rooms/" + made.ID
	mia.Do("POST", at+"/duplicate", map[string]any{"starts_at": s.In(time.Hour)}).Refused(http.StatusNotFound, "not_found")
	owner.Do("PUT", at+"/managers/mia@example.org", map[string]any{"right": "co-editor"}).Into(http.StatusOK, nil)
	for _, bad := range []map[string]any{{}, {"starts_at": s.In(-time.Hour)}, {"starts_at": "soon"}, {"starts_at": s.In(time.Hour), "title": ""}} {
		mia.Do("POST", at+"/duplicate", bad).Refused(http.StatusUnprocessableEntity, "invalid")
	}
	var alone, with edited
	mia.Do("POST", at+"/duplicate", map[string]any{"starts_at": s.In(24 * time.Hour)}).Into(http.StatusCreated, &alone)
	if alone.Title != "Tea" || alone.Collaboration || alone.Right != "owner" || alone.EndsAt.Sub(alone.StartsAt) != 2*time.Hour || alone.ID == made.ID {
		t.Errorf("the copy: %+v", alone)
	}
	owner.Do("GET", "/api/v1/rooms/"+alone.ID, nil).Refused(http.StatusNotFound, "not_found")
	mia.Do("POST", at+"/duplicate", map[string]any{"starts_at": s.In(24 * time.Hour), "ends_at": nil, "title": "More tea", "managers": true}).Into(http.StatusCreated, &with)
	owner.Do("GET", "/api/v1/rooms/"+with.ID, nil).Into(http.StatusOK, &with)
	if with.Title != "More tea" || !with.EndsAt.IsZero() || with.Right != "owner" || len(with.Managers) != 2 {
		t.Errorf("the copy with managers: %+v", with)
	}
}
