package main

import (
	"os"
	"os/signal"

	"martlet/python"
)

// interrupts makes Ctrl-C a KeyboardInterrupt in the running program.
func interrupts(in *python.Interpreter) func() {
	ch := make(chan os.Signal, 1)
	signal.Notify(ch, os.Interrupt)
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-ch:
				in.Runtime().Interp.Interrupt()
			case <-done:
				return
			}
		}
	}()
	return func() { signal.Stop(ch); close(done) }
}
