// Package broker is the contract of what shouts events to the other
// instances. It knows topics and bytes, nothing of ours.
//
// A broker may lose a message; nobody is wrong for long, because the log has
// numbers. It never invents one, keeps the order of each publisher, and
// delivers to the publisher's own instance too.
package broker

import (
	"context"
	"errors"
)

// ErrClosed answers every call on a closed broker.
var ErrClosed = errors.New("broker: closed")

// MaxMessage is the largest message in bytes. Publish refuses a larger one
// with ErrTooLarge.
const MaxMessage = 64 << 10

// ErrTooLarge says that a message is over MaxMessage.
var ErrTooLarge = errors.New("broker: message over 64 KiB")

// Broker carries messages between instances.
type Broker interface {
	// Publish hands over one message of at most MaxMessage. It does not wait for
	// subscribers. msg must not be changed afterwards. No error is no promise
	// that it arrives.
	Publish(ctx context.Context, topic string, msg []byte) error

	// Subscribe starts to listen. When it returns, every message published
	// from then on is delivered, or lost by the broker's own failure. A broker
	// that is away for now is no error: the subscription is not Sound until it
	// is back.
	Subscribe(ctx context.Context, topic string) (Subscription, error)

	// Close ends all subscriptions.
	Close() error
}

// Subscription is one listener on one topic.
type Subscription interface {
	// C gives the messages in the order of each publisher. A listener that
	// falls behind loses messages rather than holding up others: the log
	// fills the gap. C is closed after Close.
	C() <-chan []byte

	// Gaps says, once for all of them, that messages may have been lost since
	// it was last read: the log is to be asked. It is not closed.
	Gaps() <-chan struct{}

	// Sound says whether messages come through now, as far as is known.
	Sound() bool

	// Close stops listening. It may be called more than once.
	Close() error
}
