package api

import (
	"reflect"
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

// normalCommand brings every text of a socket's command into the form in which
// it goes behind the border, whatever the command: a field that was forgotten
// could be told from its double by nobody.
func normalCommand(c room.Command) room.Command {
	v := reflect.New(reflect.TypeOf(c)).Elem()
	v.Set(reflect.ValueOf(c))
	normalIn(v)
	return v.Interface().(room.Command)
}

func normalIn(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(normal(v.String()))
	case reflect.Pointer:
		if !v.IsNil() {
			normalIn(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			normalIn(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Field(i); field.CanSet() {
				normalIn(field)
			}
		}
	}
}

func normalPresenters(given []room.Presenter) []room.Presenter {
	all := make([]room.Presenter, len(given))
	for i, g := range given {
		all[i] = room.Presenter{Name: normal(g.Name), Bio: normal(g.Bio)}
	}
	return all
}
