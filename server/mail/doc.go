// Package mail renders what greenroom writes to people and hands it to a mail server: the invitation
// with the room as a calendar entry, the notice of a moved start, the cancellation, a six-digit code,
// as text and as HTML, in English and German. In --dev the Outbox takes the mails instead and shows them on a page.
// Which mail is sent when, and again, is server/post's.
//
// It imports the standard library, go-mail, an HTML tokenizer and a QR encoder. Start at
// invitation.go; the words are in templates/, by kind (kind.go), template.go and markup.go read those
// and an administrator's own, look.go puts the site's name, colours and logo around them, smtp.go and line.go talk to the server.
//
// What people wrote (titles, names) is content for strangers here, so it is cut short, freed of
// control and direction characters and of "://", and never reaches a header unencoded. Our own
// templates leave the description of a room out: an invitation is no place for somebody else's
// advertising. An administrator's may have it.
package mail
