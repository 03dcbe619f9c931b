package python

import (
	"fmt"
	"io"
	"time"

	"martlet/genext"
	"martlet/python/internal/interp"
)

// jitOptions tells the compiler what the options say.
func jitOptions(j *interp.JIT, o Options) (err error) {
	if j.Mode, err = interp.ParseJITMode(o.JIT); err != nil {
		return err
	}
	if o.JITThreshold < 0 {
		return fmt.Errorf("JITThreshold must not be negative, but is %d", o.JITThreshold)
	}
	j.Threshold, j.Log, j.Clock = o.JITThreshold, o.JITLog, o.JITClock
	switch o.JITLevel {
	case "", "full":
		j.Level = genext.Full
	case "quick":
		j.Level = genext.Quick
	default:
		return fmt.Errorf("JITLevel must be quick or full, not '%s'", o.JITLevel)
	}
	switch o.JITExecutor {
	case "":
	case "graphs":
		j.Executor = genext.Graphs{}
	case "machine":
		j.Executor = genext.Best()
		if _, ok := j.Executor.(genext.Graphs); ok {
			return fmt.Errorf("JITExecutor: there is no machine code on this machine")
		}
	default:
		return fmt.Errorf("JITExecutor must be machine or graphs, not '%s'", o.JITExecutor)
	}
	if n, ok := genext.Best().(genext.Native); ok && (o.JITPerf || o.JITGDB) && o.JITExecutor != "graphs" {
		n.Perf, n.GDB = o.JITPerf, o.JITGDB
		j.Executor = n
	}
	return nil
}

// JITReport is a page about the compiler's work that is being gathered.
type JITReport struct {
	in  *Interpreter
	rep *interp.Reporter
}

// StartJITReport begins to gather; it must be called before the program runs.
func (in *Interpreter) StartJITReport() *JITReport { return &JITReport{in, in.rt.Report()} }

// Write ends the gathering and writes one self-contained page of HTML: the sources with heat, what was compiled to what,
// where compiled code was left and why, residual and machine code by line.
func (r *JITReport) Write(w io.Writer, title string) error { return r.rep.Write(r.in.t, w, title) }

// JITStats describes what the compiler has done so far, a line for each counter.
func (in *Interpreter) JITStats() string { return in.rt.JIT.Stats().Text(time.Since(in.born)) }
