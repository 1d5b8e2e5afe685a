package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// Hundreds who never finish their request are sent away after five seconds and hold up nobody
// (SECURITY.md T23).
func TestSlowRequests(t *testing.T) {
	r := begin(t, "--dev")
	address := strings.TrimPrefix(r.url, "http://")
	var all sync.WaitGroup
	for range 300 {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "GET /healthz HTTP/1.1\r\nHost: %s\r\nX-Slow: ", address)
		all.Go(func() {
			began := time.Now()
			conn.SetReadDeadline(began.Add(patience))
			_, err := io.Copy(io.Discard, conn)
			if took := time.Since(began); err != nil || took > 15*time.Second {
				t.Errorf("still connected after %s: %v", took, err)
			}
		})
	}
	began := time.Now()
	if status, _ := r.get(r.url + "/healthz"); status != 200 || time.Since(began) > 4*time.Second { // the others have five
		t.Errorf("others wait: %d after %s", status, time.Since(began))
	}
	all.Wait()
}

func TestHugeHeader(t *testing.T) {
	r := begin(t, "--dev")
	address := strings.TrimPrefix(r.url, "http://")
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(patience))
	go fmt.Fprintf(conn, "GET /healthz HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\n\r\n", address, strings.Repeat("x", 64<<10))
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("64 KiB of header: %s", answer.Status)
	}
}
