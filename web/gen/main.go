// Command gen builds web/dist from web/src: it bundles with esbuild (a Go tool of this module), writes
// index.html with the hashed names and a manifest. A second run gives the same bytes.
// It is run by `go generate ./web`, that is in the folder web.
package main

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"text/template"
)

//go:embed index.html
var page string

const (
	out    = "dist"
	assets = "dist/assets"
)

// output is what we need of one file in esbuild's metafile.
type output struct {
	Bytes      int
	EntryPoint string
	Imports    []struct{ Path, Kind string }
}

// manifest says which hashed file stands for which source, and what the first page and each later part need.
type manifest struct {
	Script  string              `json:"script"`
	Style   string              `json:"style"`
	Texts   string              `json:"texts"`
	Preload []string            `json:"preload"`
	Parts   map[string][]string `json:"parts"`
	Bytes   map[string]int      `json:"bytes"`
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("web/gen: ")
	if err := build(); err != nil {
		log.Fatal(err)
	}
}

func build() error {
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	texts, err := writeCatalogues()
	if err != nil {
		return err
	}
	outputs, err := bundle(texts)
	if err != nil {
		return err
	}
	built := describe(outputs)
	built.Texts = catalogue("en-room", texts)
	if err := writeIndex(built); err != nil {
		return err
	}
	return writeManifest(built)
}

// writeCatalogues puts the texts beside the scripts, compact, by language and part ("en-room"), and
// returns the hash that all of them are named by: one, because the first script holds it, and a hash
// for each would make it longer with every page.
func writeCatalogues() (string, error) {
	if err := os.MkdirAll(assets, 0o755); err != nil {
		return "", err
	}
	sources, err := filepath.Glob("src/i18n/*/*.json")
	if err != nil {
		return "", err
	}
	served := map[string][]byte{}
	var all bytes.Buffer
	for _, source := range sources {
		text, err := os.ReadFile(source)
		if err != nil {
			return "", err
		}
		var compact bytes.Buffer
		if err := json.Compact(&compact, text); err != nil {
			return "", fmt.Errorf("%s: %w", source, err)
		}
		key := strings.ReplaceAll(strings.TrimSuffix(strings.TrimPrefix(filepath.ToSlash(source), "src/i18n/"), ".json"), "/", "-")
		served[key] = compact.Bytes()
		all.WriteString(key + "\n" + compact.String() + "\n")
	}
	texts := hash(all.Bytes())
	for key, content := range served {
		if err := os.WriteFile(path.Join(assets, catalogue(key, texts)), content, 0o644); err != nil {
			return "", err
		}
	}
	return texts, nil
}

func catalogue(key, hash string) string { return key + "-" + hash + ".json" }

// hash names a content in the manner of esbuild: eight characters of base 32.
func hash(content []byte) string {
	sum := sha256.Sum256(content)
	return base32.StdEncoding.EncodeToString(sum[:5])
}

// bundle runs esbuild and returns its outputs by path. The script learns the hash of the texts.
func bundle(texts string) (map[string]output, error) {
	meta, err := os.CreateTemp("", "greenroom-meta-*.json")
	if err != nil {
		return nil, err
	}
	defer os.Remove(meta.Name())
	esbuild := exec.Command("go", "tool", "esbuild", "src/main.tsx", "src/css/main.css",
		"--bundle", "--splitting", "--format=esm", "--minify", "--target=es2022", "--charset=utf8",
		"--legal-comments=none", "--log-level=warning", "--define:TEXTS="+strconv.Quote(texts),
		"--entry-names=[name]-[hash]", "--chunk-names=[name]-[hash]",
		"--outdir="+assets, "--metafile="+meta.Name())
	esbuild.Stdout, esbuild.Stderr = os.Stderr, os.Stderr
	if err := esbuild.Run(); err != nil {
		return nil, fmt.Errorf("esbuild: %w", err)
	}
	text, err := os.ReadFile(meta.Name())
	if err != nil {
		return nil, err
	}
	var parsed struct{ Outputs map[string]output }
	return parsed.Outputs, json.Unmarshal(text, &parsed)
}

func describe(outputs map[string]output) manifest {
	built := manifest{Parts: map[string][]string{}, Bytes: map[string]int{}}
	for name, file := range outputs {
		base := path.Base(name)
		built.Bytes[base] = file.Bytes
		switch {
		case strings.HasSuffix(base, ".css"):
			built.Style = base
		case file.EntryPoint == "src/main.tsx":
			built.Script = base
			built.Preload = needs(outputs, name)
		case file.EntryPoint != "":
			built.Parts[file.EntryPoint] = append(needs(outputs, name), base)
		}
	}
	return built
}

// needs lists the files that a script imports, directly or not, before it can run.
func needs(outputs map[string]output, script string) []string {
	found := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		for _, imported := range outputs[name].Imports {
			if imported.Kind == "import-statement" && !found[imported.Path] {
				found[imported.Path] = true
				visit(imported.Path)
			}
		}
	}
	visit(script)
	names := []string{}
	for name := range found {
		names = append(names, path.Base(name))
	}
	sort.Strings(names)
	return names
}

func writeIndex(built manifest) error {
	shell, err := template.New("index.html").Parse(page)
	if err != nil {
		return err
	}
	file, err := os.Create(path.Join(out, "index.html"))
	if err != nil {
		return err
	}
	if err := shell.Execute(file, built); err != nil {
		return err
	}
	return file.Close()
}

func writeManifest(built manifest) error {
	text, err := json.MarshalIndent(built, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path.Join(out, "manifest.json"), append(text, '\n'), 0o644)
}
