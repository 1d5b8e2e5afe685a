// Package redact holds types for what must never stand in a log, a metric or
// an error page: their text form is a mask, whichever way they are printed.
// To use the value itself, convert it: string(secret).
package redact

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"strings"
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

// Email is a mail address. Its mask keeps the first letter, which is enough to
// tell two lines apart for somebody who knows both.
type Email string

// String is the mask.
func (e Email) String() string {
	local, _, found := strings.Cut(string(e), "@")
	if !found || local == "" {
		return mask
	}
	if first := local[0]; first > ' ' && first < 0x7f {
		return string(first) + "…@…"
	}
	return "…@…"
}

// GoString is the mask, for %#v.
func (e Email) GoString() string { return e.String() }

// Format writes the mask for every verb.
func (e Email) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, e.String()) }

// LogValue is the mask.
func (e Email) LogValue() slog.Value { return slog.StringValue(e.String()) }

// MarshalJSON writes the mask.
func (e Email) MarshalJSON() ([]byte, error) { return json.Marshal(e.String()) }

// IP is a client's address; logs keep the network it came from.
type IP netip.Addr

// LogValue is the network: 24 bits of IPv4, 48 of IPv6.
func (ip IP) LogValue() slog.Value {
	addr, bits := netip.Addr(ip).Unmap(), 48
	if addr.Is4() {
		bits = 24
	}
	network, err := addr.Prefix(bits)
	if err != nil || !network.IsValid() {
		return slog.StringValue("unknown")
	}
	return slog.StringValue(network.String())
}
