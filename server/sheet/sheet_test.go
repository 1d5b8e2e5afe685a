package sheet_test

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"greenroom/server/sheet"
)

const most = 100

// as16 writes a text as UTF-16 with its mark.
func as16(text string, order binary.AppendByteOrder) []byte {
	var out []byte
	for _, unit := range utf16.Encode([]rune("\ufeff" + text)) {
		out = order.AppendUint16(out, unit)
	}
	return out
}

func shown(rows []sheet.Row) string {
	var b strings.Builder
	for _, row := range rows {
		fmt.Fprintf(&b, "%d:%s ", row.Line, strings.Join(row.Cells, "|"))
	}
	return strings.TrimSpace(b.String())
}

func TestRead(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"commas":                   {"a,b\n1,2\n", "1:a|b 2:1|2"},
		"semicolons":               {"a;b\n1;2,5\n", "1:a|b 2:1|2,5"},
		"tabs":                     {"a\tb\n1\t2\n", "1:a|b 2:1|2"},
		"tabs and empty cells":     {"a\tb\tc\n\t\t3\n1\t\t\n", "1:a|b|c 2:||3 3:1||"},
		"tabs and bare quotes":     {"a\tb\nAnn \"Bo\" C\t2\n", "1:a|b 2:Ann \"Bo\" C|2"},
		"CRLF":                     {"a,b\r\n1,2\r\n", "1:a|b 2:1|2"},
		"CR alone":                 {"a,b\r1,2\r", "1:a|b 2:1|2"},
		"no line end at the end":   {"a,b\n1,2", "1:a|b 2:1|2"},
		"quoted":                   {"\"a\",\"b, c\"\n\"say \"\"hi\"\"\",\"two\nlines\"\n3,4\n", "1:a|b, c 2:say \"hi\"|two\nlines 4:3|4"},
		"blanks around":            {" a , \"b\"\n\u00a01\u00a0,\t2\n", "1:a|b 2:1|2"},
		"empty lines and rows":     {"\n\na,b\n,\n\n;\n1,2\n", "3:a|b 6:; 7:1|2"},
		"a separator in quotes":    {"\"a;b;c\",d\n1,2\n", "1:a;b;c|d 2:1|2"},
		"a named separator":        {"sep=;\na,1;b\n2;3\n", "2:a,1|b 3:2|3"},
		"a named tab":              {"sep=\t\na,1\tb\n", "2:a,1|b"},
		"a mark":                   {"\ufeffa,b\n", "1:a|b"},
		"ragged":                   {"a,b\n1\n1,2,3\n", "1:a|b 2:1 3:1|2|3"},
		"formulas are text":        {"a\n=1+1\n@SUM(A1)\n", "1:a 2:=1+1 3:@SUM(A1)"},
		"one column has no commas": {"ana@example.org\nbo@example.org\n", "1:ana@example.org 2:bo@example.org"},
		"nothing":                  {"", ""},
		"only a mark":              {"\ufeff", ""},
		"only blanks":              {" \n\t\n,,\n", ""},
		"UTF-16, small end first":  {string(as16("a;b\r\nÄnne;Łó😀\r\n", binary.LittleEndian)), "1:a|b 2:Änne|Łó😀"},
		"UTF-16, big end first":    {string(as16("a\tb\nÄnne\tŁó😀\n", binary.BigEndian)), "1:a|b 2:Änne|Łó😀"},
		"other line separators":    {"a,b\u2028c\n", "1:a|b\u2028c"},
	} {
		rows, err := sheet.Read([]byte(c.file), most)
		if got := shown(rows); err != nil || got != c.want {
			t.Errorf("%s: %q, %v, want %q", name, got, err, c.want)
		}
	}
}

func TestRefusedFiles(t *testing.T) {
	for name, file := range map[string]string{
		"Windows-1252":              "email,name\na@example.org,J\xf6rg\n",
		"cut UTF-8":                 "email\nJ\xc3",
		"UTF-16 without its mark":   "a\x00,\x00b\x00",
		"zeros":                     "a,b\x00\n",
		"UTF-16 of an odd length":   "\xff\xfea\x00b",
		"UTF-16 with half a letter": "\xff\xfe\x3d\xd8",
		"UTF-16 with a wrong half":  "\xff\xfe\x3d\xd8a\x00",
		"UTF-32":                    "\xff\xfe\x00\x00a\x00\x00\x00",
		"a picture":                 "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
		"an Excel workbook":         "PK\x03\x04\x14\x00\x06\x00",
	} {
		if rows, err := sheet.Read([]byte(file), most); !errors.Is(err, sheet.ErrEncoding) {
			t.Errorf("%s: %v, %v", name, rows, err)
		}
	}
	for name, c := range map[string]struct {
		file string
		line int
	}{
		"open to the end":      {"a,b\n1,\"2\n3,4\n", 2},
		"bare in the middle":   {"a,b\n1,2\n3,4 \"x\" y\n", 3},
		"text behind the end":  {"a,b\n\"1\"x,2\n", 2},
		"behind a named comma": {"sep=,\na,b\n1,\"", 3},
	} {
		var wrong *sheet.QuoteError
		if _, err := sheet.Read([]byte(c.file), most); !errors.As(err, &wrong) || wrong.Line != c.line {
			t.Errorf("%s: %v", name, err)
		}
	}
	full := strings.Repeat("a\n", most)
	if rows, err := sheet.Read([]byte(full), most); err != nil || len(rows) != most {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	if _, err := sheet.Read([]byte(full+"\n\n,\na"), most); !errors.Is(err, sheet.ErrTooMany) {
		t.Errorf("one more: %v", err)
	}
}

func TestComputes(t *testing.T) {
	for _, cell := range []string{"=1", "+1", "-1", "@A1", " =1", "\t=1", "\r\n+1", "\uff1dx", "\uff20x"} {
		if !sheet.Computes(cell) {
			t.Errorf("%q is harmless?", cell)
		}
	}
	for _, cell := range []string{"", "Ana", "1", "a=b", "'=1", "O'Neil", "Jean-Luc", "(x)"} {
		if sheet.Computes(cell) {
			t.Errorf("%q is a formula?", cell)
		}
	}
}

// Whatever is read can be written and read again, and is what it was.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "sep=;\na;b", "\ufeff\"a\nb\"\t2\r\n", "\xff\xfea\x00", "\"", "=1\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		rows, err := sheet.Read(file, most)
		if err != nil {
			return
		}
		if len(rows) > most {
			t.Fatalf("%d rows", len(rows))
		}
		var again bytes.Buffer
		w := csv.NewWriter(&again)
		again.WriteString("sep=,\n")
		line := 0
		for _, row := range rows {
			if row.Line <= line {
				t.Fatalf("line %d behind %d", row.Line, line)
			}
			line = row.Line
			for _, cell := range row.Cells {
				if !utf8.ValidString(cell) || strings.ContainsRune(cell, 0) || strings.TrimSpace(cell) != cell {
					t.Fatalf("a cell is %q", cell)
				}
			}
			if err := w.Write(row.Cells); err != nil {
				t.Fatal(err)
			}
		}
		w.Flush()
		same, err := sheet.Read(again.Bytes(), most)
		if err != nil || len(same) != len(rows) {
			t.Fatalf("%q: %v, then %v, %v", again.Bytes(), rows, same, err)
		}
		for i := range rows {
			if !slices.Equal(rows[i].Cells, same[i].Cells) {
				t.Fatalf("%q, then %q", rows[i].Cells, same[i].Cells)
			}
		}
	})
}
