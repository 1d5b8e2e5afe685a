package api

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// clientAddress is where a request comes from: the socket's other end, or
// behind trusted proxies the last hop in X-Forwarded-For that is not one of
// them (SECURITY.md T27). Whatever stands to the left of it may be invented.
func (a *API) clientAddress(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	at := peer.Addr().Unmap().WithZone("")
	if !a.trusted(at) {
		return at
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		next, ok := parseHop(hop)
		if !ok {
			return at // nobody trustworthy wrote this: the hop that passed it on counts
		}
		if at = next; !a.trusted(at) {
			return at
		}
	}
	return at
}

// parseHop reads an address with or without port, as proxies write them.
func parseHop(hop string) (netip.Addr, bool) {
	hop = strings.TrimSpace(hop)
	addr, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(hop, "["), "]"))
	if err != nil {
		with, err := netip.ParseAddrPort(hop)
		if err != nil {
			return netip.Addr{}, false
		}
		addr = with.Addr()
	}
	return addr.Unmap().WithZone(""), true
}

func (a *API) trusted(addr netip.Addr) bool {
	return slices.ContainsFunc(a.proxies, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// clientNetwork is what limits by address count: one IPv4 address, or the /64
// that an IPv6 client can choose from at will.
func (a *API) clientNetwork(r *http.Request) netip.Prefix {
	addr := a.clientAddress(r)
	bits := 64
	if addr.Is4() {
		bits = 32
	}
	network, err := addr.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return network
}
