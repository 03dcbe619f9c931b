package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// tuneGC lets small heaps grow before they are collected: after each collection the growth percentage is set so that about
// heapSlack bytes may be allocated before the next, within bounds. Big heaps keep the usual proportion, so that peak memory stays
// within a small factor of what is live.
func tuneGC() {
	debug.SetGCPercent(maxGCPercent)
	s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	var arm func()
	arm = func() {
		o := new([16]byte)
		runtime.SetFinalizer(o, func(*[16]byte) {
			metrics.Read(s)
			live := max(s[0].Value.Uint64(), 1<<20)
			debug.SetGCPercent(int(min(max(heapSlack*100/live, minGCPercent), maxGCPercent)))
			arm()
		})
	}
	arm()
}

const (
	heapSlack    = 14 << 20
	minGCPercent = 100
	maxGCPercent = 350
)
