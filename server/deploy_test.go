package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// exports says whether metrics, as a server tells them, hold everything that alerts and dashboard
// ask for.
func exports(t *testing.T, metrics string) {
	t.Helper()
	asked := regexp.MustCompile(`\b(greenroom|process)_[a-z_]+`)
	found := 0
	for _, folder := range []string{"deploy/prometheus", "deploy/grafana", "deploy/kustomize"} {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			for _, name := range asked.FindAllString(string(text), -1) {
				found++
				if !strings.Contains(metrics, "\n"+name+"{") && !strings.Contains(metrics, "\n"+name+" ") {
					t.Errorf("%s asks for %s, which no server exports", path, name)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found < 30 {
		t.Errorf("only %d metrics are asked for", found)
	}
}

// settingNames are the names in the environment of all that can be set.
func settingNames(t *testing.T) (all []string) {
	t.Helper()
	parser, err := kong.New(&commandLine{}, kong.Vars{"version": ""})
	if err != nil {
		t.Fatal(err)
	}
	for _, flag := range parser.Model.Flags {
		all = append(all, flag.Envs...)
	}
	return all
}

// known says whether a text names only settings that there are. GREENROOM_HOST is for composing
// alone: the public URL and Caddy's own name are made from it.
func known(t *testing.T, name, text string) {
	t.Helper()
	settings := append(settingNames(t), "GREENROOM_HOST")
	for _, asked := range regexp.MustCompile(`\bGREENROOM_[A-Z_]+`).FindAllString(text, -1) {
		if !slices.Contains(settings, asked) {
			t.Errorf("%s sets %s, which no server knows", name, asked)
		}
	}
}

// What is written about deploying names no setting and no flag that there is not.
func TestDeployNamesSettings(t *testing.T) {
	parser, err := kong.New(&commandLine{}, kong.Vars{"version": ""})
	if err != nil {
		t.Fatal(err)
	}
	flags := map[string]bool{"help": true}
	for _, node := range append(parser.Model.Leaves(true), parser.Model.Node) {
		for _, flag := range node.Flags {
			flags[flag.Name] = true
		}
	}
	said := regexp.MustCompile(`(?m:^)(?:server|greenroom|docker run) [^\n|` + "`" + `]*|` + "`" + `--[^` + "`" + `]+` + "`" + ``)
	for _, file := range []string{"../README.md", "../Dockerfile", "deploy/README.md", "deploy/compose.yaml", "deploy/Caddyfile"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		known(t, file, string(text))
		// Loadtest and its fault rig have flags of their own.
		ours, _, _ := strings.Cut(string(text), "\n## Trying it out before it matters")
		ours = regexp.MustCompile(`(?m)^.*loadtest.*$`).ReplaceAllString(ours, "")
		for _, line := range said.FindAllString(ours, -1) {
			for _, flag := range regexp.MustCompile(`(?:^|[ `+"`"+`])--([a-z-]+)`).FindAllStringSubmatch(line, -1) {
				if !flags[flag[1]] {
					t.Errorf("%s names --%s, which the server does not know: %s", file, flag[1], line)
				}
			}
		}
	}
}

// The alerts fire when they should and not before.
func TestAlerts(t *testing.T) {
	if _, err := exec.LookPath("promtool"); err != nil {
		t.Skip("promtool is not installed: apt-get install prometheus")
	}
	for _, args := range [][]string{{"check", "rules", "rules.yml"}, {"test", "rules", "rules_test.yml"}} {
		cmd := exec.Command("promtool", args...)
		cmd.Dir = "deploy/prometheus"
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("promtool %v: %v\n%s", args, err, said)
		}
	}
}
