package main

import (
	"io"
	"log/slog"
	"strings"
)

// newLogger makes the program's log. Secrets, addresses and texts do not come this far: their types
// hide themselves, and nothing logs a request's body, query or cookies. The keys below are a second
// fence, for a library's attribute or a hasty line.
func newLogger(out io.Writer, level, format string) (*slog.Logger, error) {
	var least slog.Level
	switch strings.ToLower(level) {
	case "debug", "info", "warn", "error":
		if err := least.UnmarshalText([]byte(level)); err != nil {
			return nil, err
		}
	default:
		return nil, refuse("Choose debug, info, warn or error.", "--log-level %q is not a level", level)
	}
	options := &slog.HandlerOptions{Level: least, ReplaceAttr: fence}
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(out, options)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(out, options)), nil
	}
	return nil, refuse("Choose text or json.", "--log-format %q is not a format", format)
}

var fenced = map[string]bool{
	"authorization": true, "cookie": true, "set-cookie": true, "email": true, "key": true, "link": true,
	"mail": true, "password": true, "secret": true, "text": true, "token": true,
}

func fence(_ []string, a slog.Attr) slog.Attr {
	if fenced[strings.ToLower(a.Key)] {
		return slog.String(a.Key, "hidden")
	}
	return a
}
