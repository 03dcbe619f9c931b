//go:build !race

package python_test

import "testing"

// skipUnderRace does nothing: there is no race detector.
func skipUnderRace(*testing.T) {}
