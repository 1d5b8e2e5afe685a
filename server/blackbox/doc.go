// Package blackbox tells the story of a session to the real program from outside, in another
// language: story.py speaks HTTP and WebSocket with nothing but Python's standard library and knows
// nothing but hub/wire/PROTOCOL.md. What it finds wrong, a stranger's client would find wrong.
//
// It holds tests only and imports nothing of greenroom. Start reading at story.py; live.py
// has the chapters of what people do inside.
package blackbox
