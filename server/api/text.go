package api

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"greenroom/hub/room"
)

// personName makes a name of an account fit to be shown: one line, without
// controls, bidi controls and other invisible characters. Names in a room are
// cleaned by hub/room once more, which is stricter.
func personName(field, text string) (string, error) {
	visible := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.In(r, unicode.C):
			return -1
		}
		return r
	}, normal(text))
	name := strings.Join(strings.Fields(visible), " ")
	switch {
	case name == "":
		return "", invalid(field, "is required")
	case utf8.RuneCountInString(name) > room.MaxName:
		return "", invalid(field, "is too long")
	}
	return name, nil
}

// normalCommand brings the texts of a socket's command into the form in which
// they go behind the border.
func normalCommand(c room.Command) room.Command {
	switch c := c.(type) {
	case room.ChatPost:
		c.Text = normal(c.Text)
		return c
	case room.BackchannelPost:
		c.Text = normal(c.Text)
		return c
	case room.PeoplePage:
		c.Query = normal(c.Query)
		return c
	}
	return c
}

func normalPresenters(given []room.Presenter) []room.Presenter {
	all := make([]room.Presenter, len(given))
	for i, g := range given {
		all[i] = room.Presenter{Name: normal(g.Name), Bio: normal(g.Bio)}
	}
	return all
}
