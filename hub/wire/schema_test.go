package wire_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// schema is the part of JSON Schema that asyncapi.json uses. Where a schema
// lists properties and says nothing of others, the check allows none: the
// document leaves room for later, a golden frame does not.
type schema struct {
	Ref        string            `json:"$ref"`
	Type       string            `json:"type"`
	Properties map[string]schema `json:"properties"`
	Additional *schema           `json:"additionalProperties"`
	Required   []string          `json:"required"`
	Enum       []any             `json:"enum"`
	Items      *schema           `json:"items"`
	AnyOf      []schema          `json:"anyOf"`
	Pattern    string            `json:"pattern"`
	Minimum    *float64          `json:"minimum"`
	Maximum    *float64          `json:"maximum"`
	MinLength  int               `json:"minLength"`
	MaxLength  int               `json:"maxLength"`

	keywords []string
}

func (s *schema) UnmarshalJSON(text []byte) error {
	type plain schema
	var all map[string]json.RawMessage
	if err := json.Unmarshal(text, &all); err != nil {
		return err
	}
	s.keywords = slices.Collect(maps.Keys(all))
	return json.Unmarshal(text, (*plain)(s))
}

var understood = strings.Fields("$ref type properties additionalProperties required enum items pattern minimum maximum minLength maxLength description anyOf")

// known refuses keywords that the check would not see, and dead references.
func (s schema) known(t *testing.T, d document, at string) {
	t.Helper()
	for _, word := range s.keywords {
		if !slices.Contains(understood, word) {
			t.Errorf("%s: the check does not know %s", at, word)
		}
	}
	if _, ok := d.Components.Schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")]; s.Ref != "" && !ok {
		t.Errorf("%s: %s leads nowhere", at, s.Ref)
	}
	for _, one := range s.AnyOf {
		one.known(t, d, at)
	}
	if s.Ref == "" && s.Type == "" && s.AnyOf == nil {
		t.Errorf("%s has no type", at)
	}
	for _, name := range s.Required {
		if _, ok := s.Properties[name]; !ok {
			t.Errorf("%s requires %s, which it does not describe", at, name)
		}
	}
	for name, p := range s.Properties {
		p.known(t, d, at+"."+name)
	}
	if s.Items != nil {
		s.Items.known(t, d, at+"[]")
	}
}

func (s schema) texts() (all []string) {
	for _, v := range s.Enum {
		all = append(all, fmt.Sprint(v))
	}
	return all
}

func (s schema) check(d document, v any, wrong func(format string, args ...any)) {
	if s.Ref != "" {
		d.Components.Schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")].check(d, v, wrong)
		return
	}
	if s.AnyOf != nil {
		s.checkAny(d, v, wrong)
		return
	}
	if s.Enum != nil && !slices.Contains(s.Enum, v) {
		wrong("%v is none of %v", v, s.Enum)
	}
	switch v := v.(type) {
	case map[string]any:
		s.wants("object", wrong)
		s.checkObject(d, v, wrong)
	case []any:
		s.wants("array", wrong)
		for i, item := range v {
			if s.Items != nil {
				s.Items.check(d, item, func(format string, args ...any) { wrong("[%d]: %s", i, fmt.Sprintf(format, args...)) })
			}
		}
	case string:
		s.wants("string", wrong)
		s.checkText(v, wrong)
	case float64:
		if s.Type != "integer" || v != math.Trunc(v) {
			s.wants("number", wrong)
		}
		if s.Minimum != nil && v < *s.Minimum || s.Maximum != nil && v > *s.Maximum {
			wrong("%v is out of range", v)
		}
	case bool:
		s.wants("boolean", wrong)
	default:
		wrong("null is nowhere allowed")
	}
}

func (s schema) checkAny(d document, v any, wrong func(string, ...any)) {
	for _, one := range s.AnyOf {
		fits := true
		one.check(d, v, func(string, ...any) { fits = false })
		if fits {
			return
		}
	}
	wrong("%v is none of what is allowed", v)
}

func (s schema) wants(kind string, wrong func(string, ...any)) {
	if s.Type != kind {
		wrong("is of type %s, wanted is %s", kind, s.Type)
	}
}

func (s schema) checkText(v string, wrong func(string, ...any)) {
	if n := utf8.RuneCountInString(v); n < s.MinLength || s.MaxLength > 0 && n > s.MaxLength {
		wrong("%q has %d characters", v, n)
	}
	if s.Pattern != "" && !regexp.MustCompile(s.Pattern).MatchString(v) {
		wrong("%q does not match %s", v, s.Pattern)
	}
}

func (s schema) checkObject(d document, v map[string]any, wrong func(string, ...any)) {
	for _, name := range s.Required {
		if _, ok := v[name]; !ok {
			wrong("%s is missing", name)
		}
	}
	for name, value := range v {
		p, known := s.Properties[name]
		if !known && s.Additional != nil {
			p, known = *s.Additional, true
		}
		if !known {
			wrong("%s is not in the document", name)
			continue
		}
		p.check(d, value, func(format string, args ...any) { wrong("%s: %s", name, fmt.Sprintf(format, args...)) })
	}
}
