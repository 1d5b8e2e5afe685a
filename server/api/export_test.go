package api

// Routes are the patterns of the table, for tests that walk them.
func Routes() (all []string) {
	for _, r := range table {
		all = append(all, r.pattern)
	}
	return all
}
