// Package mail renders what greenroom writes to people: the invitation as text and as HTML, with the
// room's calendar file, in English and German. In --dev the Outbox keeps the mails instead of sending them
// and shows them on a page. Nothing here sends.
//
// It imports the standard library only. Start at invitation.go; the words are in templates/.
//
// What people wrote (titles, names) is content for strangers here, so it is cut short, freed of
// control and direction characters and of "://", and never reaches a header unencoded. The
// description of a room is left out: an invitation is no place for somebody else's advertising.
package mail
