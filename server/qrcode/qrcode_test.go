package qrcode_test

import (
	"fmt"
	"strings"
	"testing"

	"greenroom/server/qrcode"
)

// modules draws a path, a line of text for each row.
func modules(t *testing.T, code qrcode.Code) []string {
	t.Helper()
	rows := make([][]byte, code.Size)
	for y := range rows {
		rows[y] = []byte(strings.Repeat(".", code.Size))
	}
	for run := range strings.SplitSeq(strings.TrimSuffix(code.Path, "z"), "z") {
		var x, y, n, back int
		if _, err := fmt.Sscanf(run, "M%d %dh%dv1h-%d", &x, &y, &n, &back); err != nil || back != n || n < 1 || x+n > code.Size {
			t.Fatalf("a run is %q: %v", run, err)
		}
		copy(rows[y][x:x+n], strings.Repeat("#", n))
	}
	var all []string
	for _, row := range rows {
		all = append(all, string(row))
	}
	return all
}

func TestEncode(t *testing.T) {
	code, err := qrcode.Encode("https://rooms.example.edu/i/abcdefghijklmnopqrstuvwxyz#gri_" + strings.Repeat("x", 43))
	if err != nil {
		t.Fatal(err)
	}
	if (code.Size-17)%4 != 0 || code.Size < 37 {
		t.Errorf("%d modules", code.Size)
	}
	// The three squares that readers look for first.
	finder := []string{"#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######"}
	rows, end := modules(t, code), code.Size-7
	for i, want := range finder {
		if rows[i][:7] != want || rows[i][end:] != want || rows[end+i][:7] != want {
			t.Errorf("row %d of a finder: %s, %s, %s", i, rows[i][:7], rows[i][end:], rows[end+i][:7])
		}
	}
	if _, err := qrcode.Encode(strings.Repeat("x", 3000)); err == nil {
		t.Error("3,000 letters have a code")
	}
}
