//go:build !unix

package time

import "time"

// processTime falls back to the time since the start.
func processTime() int64 { return time.Since(start).Nanoseconds() }
