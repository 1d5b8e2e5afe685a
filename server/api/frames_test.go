package api_test

import (
	"net/http"
	"testing"
	"time"

	"greenroom/server/apitest"
)

// A frame may hold several objects, heartbeats among them; each is answered.
func TestSeveralObjectsInOneFrame(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	owner.Do("GET", "/api/v1/rooms/"+id, nil).Into(http.StatusOK, nil)
	socket, _ := owner.Join(id)
	socket.Write("{\"cmd\":\"time\",\"id\":901,\"data\":{\"t0\":1}}\n{\"pong\":1}\n\n{\"cmd\":\"time\",\"id\":902,\n")
	socket.Closed(4500) // the first was answered, the last is no object

	socket, _ = owner.Join(id)
	socket.Write("{\"cmd\":\"time\",\"id\":901,\"data\":{\"t0\":1}}\n{\"ping\":7}\n{\"cmd\":\"time\",\"id\":902,\"data\":{\"t0\":2}}")
	for _, want := range []uint32{901, 902} {
		if reply := socket.Reply(want); reply.OK == nil {
			t.Errorf("%d: %+v", want, reply)
		}
	}
}
