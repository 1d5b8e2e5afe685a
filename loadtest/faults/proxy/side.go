package proxy

// Side is one of those who connect to a proxy. The others feel nothing of what
// is done to it.
type Side struct {
	proxy *Proxy
	who   string
}

// Side gives the side of whom Options.Who names so; empty: of all without a
// name.
func (p *Proxy) Side(who string) Side { return Side{p, who} }

// Set is Proxy.Set for this side; what is set for all comes on top.
func (s Side) Set(w Way) { s.proxy.set(func() { s.proxy.ways[s.who] = w }) }

// Cut is Proxy.Cut for this side.
func (s Side) Cut() { s.proxy.cut(func(l *line) bool { return l.who == s.who }) }

// Sides are several, treated alike.
type Sides []Side

// Set is Side.Set for each.
func (all Sides) Set(w Way) {
	for _, s := range all {
		s.Set(w)
	}
}

// Cut is Side.Cut for each.
func (all Sides) Cut() {
	for _, s := range all {
		s.Cut()
	}
}
