// Package qrcode draws QR codes (ISO/IEC 18004) as the path of an SVG, which a
// page under a strict content policy may show.
package qrcode

import (
	"fmt"
	"strings"

	"rsc.io/qr"
)

// Code is a square of dark and light modules. Around it belongs a quiet zone,
// four modules wide.
type Code struct {
	Size int    `json:"size"` // modules along an edge
	Path string `json:"path"` // the dark ones, a unit each, from 0 0
}

// Encode draws a text of at most 2,331 bytes. A code can be read with 15 % of
// it damaged.
func Encode(text string) (Code, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return Code{}, fmt.Errorf("qrcode: %w", err)
	}
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if n := x - from; n > 0 {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from, y, n, n)
			}
		}
	}
	return Code{code.Size, path.String()}, nil
}
