package jit

import (
	"os"
	"time"
)

// soaking tells whether the long forms of the tests were asked for.
func soaking() bool { return os.Getenv("MARTLET_SOAK") != "" }

func soakCount(short, long int) int {
	if soaking() {
		return long
	}
	return short
}

func soakTime(short time.Duration) time.Duration {
	if d, err := time.ParseDuration(os.Getenv("MARTLET_SOAK")); err == nil {
		return d // MARTLET_SOAK=90s
	}
	if soaking() {
		return 10 * time.Minute
	}
	return short
}
