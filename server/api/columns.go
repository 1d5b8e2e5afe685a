package api

import (
	"slices"
	"strings"
	"unicode"

	"greenroom/server/sheet"
)

// columns says where the columns of a list are; those without a name that we
// know are passed over.
type columns struct {
	at    map[string]int
	width int
}

// columnOrder is the order where a list does not name its columns.
var columnOrder = []string{"email", "first_name", "last_name", "type"}

// columnNames are names of columns in small letters alone.
var columnNames = map[string]string{
	"email": "email", "emailaddress": "email", "mail": "email", "mailaddress": "email", "emailadresse": "email", "mailadresse": "email",
	"firstname": "first_name", "givenname": "first_name", "forename": "first_name", "vorname": "first_name",
	"lastname": "last_name", "surname": "last_name", "familyname": "last_name", "nachname": "last_name", "familienname": "last_name",
	"type": "type", "role": "type", "invitationtype": "type", "typ": "type", "rolle": "type",
	"language": "language", "lang": "language", "sprache": "language",
	"zone": "zone", "timezone": "zone", "zeitzone": "zone",
}

// columnOf gives the column that a cell of the first row names, or nothing.
func columnOf(cell string) string {
	return columnNames[strings.Map(func(c rune) rune {
		if !unicode.IsLetter(c) {
			return -1
		}
		return unicode.ToLower(c)
	}, cell)]
}

// columnsOf reads the first row as names of columns, in any order. Without
// such a row the order is ours. typed: every row has a type even so.
func columnsOf(rows []sheet.Row, typed bool) (columns, []sheet.Row, error) {
	if len(rows) == 0 {
		return columns{}, nil, invalid("csv", "is empty")
	}
	c := columns{map[string]int{}, len(rows[0].Cells)}
	for i, cell := range rows[0].Cells {
		name := columnOf(cell)
		if _, twice := c.at[name]; twice && name != "" {
			return c, nil, invalid("csv", "names a column twice: "+name)
		}
		c.at[name] = i
	}
	if _, named := c.at["email"]; !named {
		return unnamed(rows)
	}
	for _, name := range columnOrder {
		if _, ok := c.at[name]; !ok && (name != "type" || !typed) {
			return c, nil, invalid("csv", "has no column "+name)
		}
	}
	return c, rows[1:], nil
}

// unnamed is a list whose first row is somebody already.
func unnamed(rows []sheet.Row) (columns, []sheet.Row, error) {
	if !slices.ContainsFunc(rows[0].Cells, func(cell string) bool { return strings.Contains(cell, "@") }) {
		return columns{}, nil, invalid("csv", "has no column email")
	}
	c := columns{map[string]int{}, len(columnOrder)}
	for i, name := range columnOrder {
		c.at[name] = i
	}
	return c, rows, nil
}

// cell gives a cell of a row, empty where the row ends before.
func (c columns) cell(row sheet.Row, name string) string {
	if i, ok := c.at[name]; ok && i < len(row.Cells) {
		return row.Cells[i]
	}
	return ""
}

// surplus says whether there is something behind the last column: most often a
// comma in a name that is not quoted.
func (c columns) surplus(row sheet.Row) bool {
	return len(row.Cells) > c.width && slices.ContainsFunc(row.Cells[c.width:], func(cell string) bool { return cell != "" })
}
