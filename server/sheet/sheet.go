// Package sheet reads tables as spreadsheet programs save and copy them: CSV
// with commas, semicolons or tabs, quoted or not (RFC 4180, and what is usual
// beside it), as UTF-8 or UTF-16.
//
// A cell is a text, whatever it begins with: nothing is computed. Computes
// says what another program would compute with.
//
// The package imports the standard library alone. Start reading at Read.
package sheet

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Row is one row that is not empty.
type Row struct {
	Line  int // where it begins in the file, from 1
	Cells []string
}

// Why a file is refused as a whole.
var (
	ErrEncoding = errors.New("is neither UTF-8 nor UTF-16 with its mark: save it as CSV UTF-8")
	ErrTooMany  = errors.New("has too many rows")
)

// QuoteError says on which line quotes do not fit together.
type QuoteError struct{ Line int }

func (e *QuoteError) Error() string {
	return fmt.Sprintf("has quotes that do not fit together on line %d", e.Line)
}

// Read reads a file with at most so many rows (ErrTooMany). Cells come without
// white space around them. The separator is the one that the first line has
// most of, or what a line before it names ("sep=;").
func Read(file []byte, most int) ([]Row, error) {
	text, err := decode(file)
	if err != nil {
		return nil, err
	}
	text, comma, skipped := separator(ends(text))
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord = comma, -1
	r.LazyQuotes = comma == '\t' // what is copied is not quoted
	r.TrimLeadingSpace = comma != '\t'
	var rows []Row
	for {
		cells, err := r.Read()
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return nil, misquoted(err, skipped)
		}
		line, _ := r.FieldPos(0)
		if !trim(cells) {
			continue
		}
		if len(rows) == most {
			return nil, ErrTooMany
		}
		rows = append(rows, Row{line + skipped, cells})
	}
}

func misquoted(err error, skipped int) error {
	var wrong *csv.ParseError
	if errors.As(err, &wrong) {
		return &QuoteError{wrong.StartLine + skipped}
	}
	return err
}

// trim takes white space from around cells, and says whether anything is left.
func trim(cells []string) (any bool) {
	for i, cell := range cells {
		cells[i] = strings.TrimSpace(cell)
		any = any || cells[i] != ""
	}
	return any
}

// ends makes one kind of line end of three: a carriage return alone was one on
// old machines, and encoding/csv does not know it.
func ends(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

// separator finds what stands between cells. A line that only names it is
// taken off and counted.
func separator(text string) (rest string, comma rune, skipped int) {
	first, rest, _ := strings.Cut(text, "\n")
	if named, ok := strings.CutPrefix(strings.TrimSpace(first), "sep="); ok && (named == "," || named == ";") {
		return rest, rune(named[0]), 1
	}
	if strings.TrimSpace(first) == "sep=" && strings.Contains(first, "sep=\t") {
		return rest, '\t', 1
	}
	return text, mostOf(firstWritten(text)), 0
}

// firstWritten is the first line with anything on it.
func firstWritten(text string) string {
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) != "" {
			return line
		}
	}
	return ""
}

// mostOf counts separators outside of quotes; a comma if there is none.
func mostOf(line string) rune {
	count, quoted := map[rune]int{}, false
	for _, c := range line {
		switch {
		case c == '"':
			quoted = !quoted
		case !quoted:
			count[c]++
		}
	}
	best := ','
	for _, c := range ";\t" {
		if count[c] > count[best] {
			best = c
		}
	}
	return best
}

// Computes says whether spreadsheet programs would take a text for a formula
// (CWE-1236).
func Computes(cell string) bool {
	for _, first := range strings.TrimSpace(cell) {
		return strings.ContainsRune("=+-@\uff1d\uff0b\uff0d\uff20", first)
	}
	return false
}
