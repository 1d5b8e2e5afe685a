package world

import "testing"

// A connection to Redis is its instance's whose user signs in on it.
func TestWho(t *testing.T) {
	w := &World{Options: Options{Instances: 2}}
	for first, want := range map[string]string{
		"*3\r\n$4\r\nAUTH\r\n$10\r\ninstance-b\r\n$3\r\nany\r\n":                           "b",
		"*5\r\n$5\r\nHELLO\r\n$1\r\n2\r\n$4\r\nAUTH\r\n$10\r\ninstance-a\r\n$3\r\nany\r\n": "a",
		"*3\r\n$4\r\nAUTH\r\n$10\r\ninstance-c\r\n$3\r\nany\r\n":                           "",
		"*1\r\n$4\r\nPING\r\n": "",
		"RCmb":                 "",
	} {
		if got := w.who([]byte(first)); got != want {
			t.Errorf("%q is of %q, want %q", first, got, want)
		}
	}
}
