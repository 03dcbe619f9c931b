//go:build race

package native

// underRace makes contexts change hands through a mutex that the race detector sees.
const underRace = true
