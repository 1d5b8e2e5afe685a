package socket

func guestMain() bool { return false }
