package mail

import (
	"fmt"

	"rsc.io/qr"
)

// pictureName is the Content-ID of the picture in a mail.
const pictureName = "link.png"

// qrOf draws a link as a PNG, for a phone to read from a screen.
func qrOf(link string) ([]byte, error) {
	code, err := qr.Encode(link, qr.M)
	if err != nil {
		return nil, fmt.Errorf("mail: a picture of the link: %w", err)
	}
	code.Scale = 4
	return code.PNG(), nil
}
