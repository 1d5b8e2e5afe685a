package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestParseSize(t *testing.T) {
	for text, want := range map[string]int64{"512MiB": 512 << 20, "2GiB": 2 << 30, "1.5G": 1.5e9, "64M": 64e6, "1000": 1000, "7B": 7, "0.5KiB": 512} {
		if got, err := parseSize(text); err != nil || got != want {
			t.Errorf("%s: %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "MiB", "-1", "1 GiB", "1TiB", "NaN", "Inf", "1e30"} {
		if got, err := parseSize(text); err == nil {
			t.Errorf("%q was read as %d", text, got)
		}
	}
}

func TestMachineMemory(t *testing.T) {
	const meminfo = "MemTotal:        2048000 kB\nMemFree:  1 kB\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  int64
	}{
		"nothing known":     {nil, 0},
		"machine":           {map[string]string{"proc/meminfo": meminfo}, 2048000 << 10},
		"container":         {map[string]string{"proc/meminfo": meminfo, "sys/fs/cgroup/memory.max": "536870912\n"}, 512 << 20},
		"no limit":          {map[string]string{"proc/meminfo": meminfo, "sys/fs/cgroup/memory.max": "max\n"}, 2048000 << 10},
		"older form":        {map[string]string{"proc/meminfo": meminfo, "sys/fs/cgroup/memory/memory.limit_in_bytes": "268435456\n"}, 256 << 20},
		"older, no limit":   {map[string]string{"proc/meminfo": meminfo, "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"}, 2048000 << 10},
		"service":           {map[string]string{"proc/meminfo": meminfo, "proc/self/cgroup": "0::/system.slice/greenroom.service\n", "sys/fs/cgroup/system.slice/greenroom.service/memory.max": "134217728\n"}, 128 << 20},
		"slice around it":   {map[string]string{"proc/meminfo": meminfo, "proc/self/cgroup": "0::/system.slice/greenroom.service\n", "sys/fs/cgroup/system.slice/memory.max": "134217728\n"}, 128 << 20},
		"nonsense in files": {map[string]string{"proc/meminfo": "MemTotal: many kB\n", "sys/fs/cgroup/memory.max": "x"}, 0},
	} {
		root := t.TempDir()
		for path, text := range c.files {
			full := filepath.Join(root, path)
			if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got := machineMemory(root); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestCalmCollectsOnceAfterAStorm(t *testing.T) {
	var c calm
	total, collected := uint64(0), 0
	pass := func(allocated uint64) {
		total += allocated
		if c.collects(total) {
			collected++
		}
	}
	for range 10 {
		pass(100 << 20) // the storm
	}
	if collected != 0 {
		t.Fatal("collected in the middle of it")
	}
	for range 10 {
		pass(1 << 20) // pings
	}
	if collected != 1 {
		t.Fatalf("collected %d times", collected)
	}
	for range 20 {
		pass(1 << 20)
	}
	if collected != 2 {
		t.Fatalf("collected %d times after half a minute more", collected)
	}
}
