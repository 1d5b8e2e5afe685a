// Package web carries the browser application: TypeScript in src, built into dist by
// `go generate ./web` with esbuild as a Go tool, and embedded here. Nobody needs Node to build or run it.
//
// The server sends [Index] for every page path and the files of [Assets] below /assets/, whose names
// carry a hash of their content and may therefore be cached for ever.
package web

import (
	"embed"
	"io/fs"
)

//go:generate go run ./gen

//go:embed all:dist
var dist embed.FS

// Index is the one constant page of the application, whatever the path. It holds no inline script
// and no inline style.
func Index() []byte {
	page, err := dist.ReadFile("dist/index.html")
	if err != nil {
		panic("web: dist is built without index.html: " + err.Error())
	}
	return page
}

// Assets holds the files to be served below /assets/: scripts, style sheets and texts, flat, immutable.
func Assets() fs.FS {
	assets, err := fs.Sub(dist, "dist/assets")
	if err != nil {
		panic("web: dist is built without assets: " + err.Error())
	}
	return assets
}
