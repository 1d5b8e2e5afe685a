package oidc

import "strings"

// halves cuts a name at its last blank, for providers that tell no parts.
func halves(name string) (first, last string) {
	words := strings.Fields(name)
	if len(words) < 2 {
		return strings.Join(words, ""), ""
	}
	return strings.Join(words[:len(words)-1], " "), words[len(words)-1]
}
