// Package redact holds a type for what must never stand in a log, a metric or
// an error page: its text form is a mask, whichever way it is printed. To use
// the value itself, convert it: string(secret).
package redact

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
)

const mask = "[redacted]"

// Secret is a token, a cookie, a password or a link's secret.
type Secret string

// String is the mask.
func (Secret) String() string { return mask }

// GoString is the mask, for %#v.
func (Secret) GoString() string { return mask }

// Format writes the mask for every verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, mask) }

// LogValue is the mask.
func (Secret) LogValue() slog.Value { return slog.StringValue(mask) }

// MarshalJSON writes the mask: a handler may encode a value without asking for
// its LogValue when it is deep inside another.
func (Secret) MarshalJSON() ([]byte, error) { return json.Marshal(mask) }
