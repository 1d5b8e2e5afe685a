//go:build unix

package main

import (
	"errors"
	"os"
	"syscall"
)

// errLocked says that another server has the database.
var errLocked = errors.New("locked by another server")

// lock keeps a second server off the database. SQLite alone would let both write, yet their rooms
// would not hear of each other. The system takes the lock back however the program ends.
func lock(path string) (unlock func(), err error) {
	file, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		file.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errLocked
		}
		return nil, err
	}
	return func() { file.Close() }, nil
}
