package room

import (
	"encoding/json"
	"errors"
)

// Knockers is whom a decision concerns: some of the waiting room, or on the
// wire the word "all".
type Knockers struct {
	IDs []ParticipantID
	All bool
}

// MarshalJSON writes the list, or "all".
func (k Knockers) MarshalJSON() ([]byte, error) {
	if k.All {
		return []byte(`"all"`), nil
	}
	return json.Marshal(append([]ParticipantID{}, k.IDs...))
}

// UnmarshalJSON reads a list of people, or "all".
func (k *Knockers) UnmarshalJSON(text []byte) error {
	*k = Knockers{}
	if string(text) == `"all"` {
		k.All = true
		return nil
	}
	if err := json.Unmarshal(text, &k.IDs); err != nil || string(text) == "null" {
		return errors.New("room: a list of people is wanted, or all")
	}
	return nil
}
