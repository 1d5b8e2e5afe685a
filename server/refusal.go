package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strings"
	"syscall"

	"greenroom/hub/store"
)

// refusal is why the program does not start: what is wrong, and what to do, each in plain words.
type refusal struct {
	wrong, do string
}

func (r *refusal) Error() string { return r.wrong + "\n  " + r.do }

// refuse makes a refusal. format and args are what is wrong.
func refuse(do, format string, args ...any) *refusal {
	return &refusal{wrong: fmt.Sprintf(format, args...), do: do}
}

// explainListen puts into words why an address could not be taken.
func explainListen(flag, address string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.EADDRINUSE):
		return refuse(fmt.Sprintf("Stop that program, or choose another port with %s (port 0 takes any free one).", flag),
			"another program is using %s already", address)
	case errors.Is(err, syscall.EACCES):
		return refuse(fmt.Sprintf("Choose a port of 1024 or above with %s and let a proxy in front pass on the low one.", flag),
			"this user may not listen on %s", address)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return refuse(fmt.Sprintf("Use an address of this machine with %s, 127.0.0.1:8080 for a trial, 0.0.0.0:8080 for all of its networks.", flag),
			"%s is not an address of this machine", address)
	}
	var name *net.DNSError
	if errors.As(err, &name) {
		return refuse(fmt.Sprintf("Write an address of this machine into %s, for example 127.0.0.1:8080.", flag),
			"the name %q in %s leads to no address", name.Name, address)
	}
	return refuse(fmt.Sprintf("Try another address with %s.", flag), "cannot listen on %s: %v", address, err)
}

// explainFolder puts into words why the data folder cannot be used.
func explainFolder(dir string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return refuse(fmt.Sprintf("Give user %d the right to write there, or choose another folder with --data.", os.Getuid()),
			"the data folder %s cannot be written", dir)
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, fs.ErrExist):
		return refuse("Choose a folder with --data; it is made if it does not exist.", "%s is not a folder", dir)
	case errors.Is(err, syscall.ENOSPC):
		return refuse("Make room, or choose a folder on another disk with --data.", "the disk of the data folder %s is full", dir)
	}
	return refuse("Choose another folder with --data.", "the data folder %s cannot be used: %v", dir, err)
}

// explainStore puts into words why the database cannot be opened.
func explainStore(path string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, store.ErrNewSchema):
		return refuse("Start that newer release again, or take back the backup that was made before it.",
			"the database %s was last used by a newer release of greenroom, which this one cannot read", path)
	case errors.Is(err, errLocked):
		return refuse("Stop the other server, or give this one a folder of its own with --data. One database serves one server.",
			"another greenroom server is using the database %s", path)
	}
	return refuse("Choose another file with --store sqlite:FILE, or another folder with --data.", "the database cannot be opened: %s", saidByStore(err))
}

// explainPostgres puts into words why PostgreSQL cannot be used.
func explainPostgres(name string, err error) error {
	if err == nil || errors.Is(err, store.ErrNewSchema) {
		return explainStore(name, err)
	}
	return refuse("Correct --store, or let its administrator help: greenroom needs a database whose owner it is, such as createdb --owner=greenroom greenroom makes.",
		"the database cannot be used: %s", saidByStore(err))
}

func saidByStore(err error) string {
	return strings.TrimPrefix(strings.TrimPrefix(err.Error(), "store: open: "), "store: ")
}
