//go:build !seeded

package room

// The places of the bugs that are sown on purpose, to prove the fault rig
// (seeded.go). Here each does what is right; the compiler leaves nothing of it.

func (s *State) roleOf(p *Person, _ Command) Role { return p.Role }
func (s *State) start() Millis                    { return s.StartsAt }
func (s *State) betrays(Hash) *Refusal            { return nil }
func (s *State) forgetsKeys() bool                { return false }
func (p *Person) forgetsDevice() bool             { return false }
func (p *Person) silenced() bool                  { return p.Muted }
func (p *Person) shared() bool                    { return false }
func counting(misses []miss) []miss               { return misses }
func answered(before uint32) uint32               { return before }
func ofNewer(facts []Fact) []Fact                 { return facts }
func keepsTexts() bool                            { return false }
