//go:build !linux

package genext

import "time"

var started = time.Now()

// cpuTime is the time that has passed, for want of the thread's processor time.
func cpuTime() time.Duration { return time.Since(started) }
