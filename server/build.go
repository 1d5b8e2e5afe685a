package main

import (
	"runtime"
	"runtime/debug"
)

// buildCommit is the commit the program was built from, where the build knew it.
func buildCommit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value[:min(12, len(s.Value))]
		}
	}
	return ""
}

// buildText is release, commit and compiler in a line.
func buildText() string {
	text := "greenroom " + version
	if commit := buildCommit(); commit != "" {
		text += " (" + commit + ")"
	}
	return text + ", " + runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH
}
