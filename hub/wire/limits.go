package wire

import "time"

// Subprotocol must be offered by the client (RFC 6455 §1.9).
const Subprotocol = "greenroom.v1"

// Limits of the contract (PROTOCOL §2 and §7). Sizes are bytes of payload.
const (
	MaxClientFrame = 16 << 10
	MaxServerFrame = 64 << 10
	MaxSnapshot    = 48 << 10
	MaxDepth       = 8
	MaxKeys        = 64 // of one object
	MaxNumber      = 1<<53 - 1

	HelloTimeout = 5 * time.Second
	PingEvery    = 25 * time.Second
	PongTimeout  = 45 * time.Second

	Outbox         = 256 << 10
	WriteDeadline  = 10 * time.Second
	CommandsPerS   = 5
	CommandsBurst  = 20
	ChatPerS       = 1
	ChatBurst      = 5
	ReactionsPerS  = 2
	ReactionsBurst = 6
	Connections    = 5         // of one participant
	ResumeEvents   = 500       // missed ones at most
	ResumeBytes    = 128 << 10 // of them, half an outbox: a full snapshot is smaller
	ResumeTail     = 2000
	ResumeLifetime = 30 * time.Minute
)

// What one viewer is sent a second at most, whatever the other viewers do and
// however many they are: what is written for everybody is bounded (room.flow)
// and comes in a few frames (hub's pace), and all else is told in sums. For a
// moment it may be the bytes of two seconds more. What staff do, and what
// concerns the viewer alone, comes on top.
const (
	BudgetFrames = 30
	BudgetBytes  = 112 << 10
)
