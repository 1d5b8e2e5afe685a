package client

import (
	"context"

	"greenroom/hub/room"
)

// Pause holds the room for its viewers: until [Room.Resume] what they say is
// room.CodePaused. message may be empty. Of a paused room it changes the
// message.
func (r *Room) Pause(ctx context.Context, message string) error {
	return r.order(ctx, room.PauseRoom{Message: message})
}

// Resume ends a pause, at once.
func (r *Room) Resume(ctx context.Context) error { return r.order(ctx, room.ResumeRoom{}) }

// GoLive begins a countdown of room.CountdownTo that everybody sees: before
// the start, where early entry let one in, to the opening; in a pause to its
// end. The mirror's LiveAt is when it ends.
func (r *Room) GoLive(ctx context.Context) error { return r.order(ctx, room.GoLive{}) }

// CancelGoLive takes the countdown back.
func (r *Room) CancelGoLive(ctx context.Context) error { return r.order(ctx, room.CancelGoLive{}) }
