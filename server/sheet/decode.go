package sheet

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// decode gives the text of a file. Other encodings than Unicode's are refused:
// guessed wrong, they would turn names into other names.
func decode(file []byte) (string, error) {
	text := string(file)
	switch {
	case strings.HasPrefix(text, "\ufeff"):
		text = strings.TrimPrefix(text, "\ufeff")
	case strings.HasPrefix(text, "\xff\xfe"):
		return decode16(file[2:], binary.LittleEndian)
	case strings.HasPrefix(text, "\xfe\xff"):
		return decode16(file[2:], binary.BigEndian)
	}
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return "", ErrEncoding // with zeros: UTF-16 without its mark, or no text
	}
	return text, nil
}

func decode16(file []byte, order binary.ByteOrder) (string, error) {
	if len(file)%2 != 0 {
		return "", ErrEncoding
	}
	var b strings.Builder
	b.Grow(len(file))
	for len(file) > 0 {
		unit := rune(order.Uint16(file))
		file = file[2:]
		if utf16.IsSurrogate(unit) {
			if len(file) == 0 {
				return "", ErrEncoding
			}
			unit = utf16.DecodeRune(unit, rune(order.Uint16(file)))
			file = file[2:]
		}
		if unit == 0 || unit == utf8.RuneError {
			return "", ErrEncoding
		}
		b.WriteRune(unit)
	}
	return b.String(), nil
}
