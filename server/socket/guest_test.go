package socket

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// Benchmarks need the other end in another process: otherwise its memory, its processor time
// and its open files are counted as the server's. The test binary starts itself with this
// variable set to "address connections".
const guestVariable = "GREENROOM_SOCKET_GUESTS"

// guests is that process: n connections that say hello, answer pings and throw away the rest.
type guests struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	once sync.Once
}

func startGuests(b *testing.B, addr string, n int) *guests {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	g := &guests{cmd: exec.Command(self)}
	g.cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %d", guestVariable, addr, n))
	g.cmd.Stderr = os.Stderr
	g.in, _ = g.cmd.StdinPipe()
	out, _ := g.cmd.StdoutPipe()
	g.out = bufio.NewReader(out)
	if err := g.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(g.stop)
	return g
}

func (g *guests) stop() {
	g.once.Do(func() {
		g.in.Close()
		g.cmd.Wait()
	})
}

// connected waits until all are.
func (g *guests) connected(b *testing.B) {
	b.Helper()
	if line, err := g.out.ReadString('\n'); line != "connected\n" {
		b.Fatalf("guests: %q %v", line, err)
	}
}

// guestMain runs the guests if this process is theirs.
func guestMain() bool {
	addr, count, ok := strings.Cut(os.Getenv(guestVariable), " ")
	if !ok {
		return false
	}
	n, _ := strconv.Atoi(count)
	var wg sync.WaitGroup
	begin := make(chan int, n)
	for i := range n {
		begin <- i
	}
	close(begin)
	for range 32 {
		wg.Go(func() {
			for i := range begin {
				if err := guest(addr, i); err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
			}
		})
	}
	wg.Wait()
	fmt.Println("connected")
	io.Copy(io.Discard, os.Stdin)
	return true
}

func guest(addr string, i int) error {
	pid := os.Getpid() // an address of our own: its ports are not used up by an earlier run
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, byte(1+pid%250), byte(pid/250), byte(2+i/5000))}}
	nc, err := d.Dial("tcp", addr)
	if err != nil {
		return err
	}
	if _, err := nc.Write([]byte(handshake + "\r\n")); err != nil {
		return err
	}
	br := bufio.NewReader(nc)
	r, err := http.ReadResponse(br, nil)
	if err != nil || r.StatusCode != http.StatusSwitchingProtocols {
		return errors.Join(err, errors.New("not upgraded"))
	}
	nc.Write(say(`{"cmd":"hello","id":1,"data":{"room":"r","client":"bench/1"}}`))
	p := &peer{nc, br}
	if _, _, err := p.tryFrame(); err != nil {
		return err
	}
	go func() {
		for {
			_, text, err := p.tryFrame()
			if err != nil {
				return
			}
			if number, ok := strings.CutPrefix(text, `{"ping":`); ok {
				nc.Write(say(`{"pong":` + number))
			}
		}
	}()
	return nil
}
