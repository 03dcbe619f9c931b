// Package python runs Python 3.13 programs inside a Go program: no cgo, no state outside the interpreter value, no access to
// the host's files, environment or standard streams unless Options grant it.
//
//	in, err := python.New(python.Options{Stdout: os.Stdout})
//	code := in.RunString("print('hello')", "<hello>")
//
// An Interpreter is used by one goroutine at a time.
package python

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"martlet/python/internal/interp"
	"martlet/python/object"
	"martlet/python/parser"
)

// Options say what an interpreter is allowed and shows. The zero value grants nothing and discards output.
type Options struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer

	Args       []string          // sys.argv
	Path       []string          // sys.path
	Executable string            // sys.executable
	Files      bool              // imports may read files; modules io and os work
	HostIO     bool              // the standard streams are the process's own file descriptors (what the command uses)
	Stdlib     string            // folder of a CPython 3.13's pure-Python library; some of its modules replace embedded ones
	Optimize   int               // -O level
	Unbuffered bool              // -u
	NoBytecode bool              // do not write or read bytecode caches
	Flags      map[string]int    // sys.flags
	XOptions   map[string]string // -X options

	WarnOptions []string // -W: action:message:category:module:line
	// Inspect keeps the program's state after Run... for more input: exit handlers wait for Exit.
	Inspect bool
	// Verbose and ImportTime, if not nil, are told about each module loaded.
	Verbose, ImportTime func(line string)

	// JIT says when code is compiled to machine code: "never" (or ""), "whenhot" or "always".
	JIT string
	// JITThreshold is how hot code must be for that (a call counts 10, a taken back-edge 1); 0: the mode's own.
	JITThreshold int
	// JITLevel is the optimiser's level: "full" (or "") or "quick".
	JITLevel string
	// JITExecutor runs compiled code: "machine" (or "", where there is machine code), or "graphs", an interpreter of it.
	JITExecutor string
	// JITPerf and JITGDB tell perf and gdb the names of compiled Python functions.
	JITPerf, JITGDB bool
	// JITClock measures the time in compiled code, for JITStats.
	JITClock bool
	// JITLog, if not nil, is told what is compiled, what is not, and why.
	JITLog io.Writer

	MaxSteps  int64 // back-edges a script may execute; 0: no limit
	MaxMemory int64 // bytes a script may allocate; 0: no limit
	// Context cancels the running script with KeyboardInterrupt when it is done.
	Context context.Context
}

// Interpreter is one Python interpreter.
type Interpreter struct {
	rt *interp.Runtime
	t  *object.Thread

	inspect bool
	born    time.Time
}

// New makes an interpreter.
func New(o Options) (*Interpreter, error) {
	rt, e := interp.New(interp.Config{Native: interp.Natives(), Files: o.Files})
	if e != nil {
		return nil, fmt.Errorf("python: start: %s", interp.FormatException(rt.Interp.Main, e))
	}
	if err := jitOptions(&rt.JIT, o); err != nil {
		return nil, fmt.Errorf("python: %w", err)
	}
	t := rt.Interp.Main
	rt.Optimize, rt.DontWriteBytecode, rt.Stdlib = o.Optimize, o.NoBytecode, o.Stdlib
	rt.Verbose, rt.ImportTime = o.Verbose, o.ImportTime
	rt.Interp.StepLimit, rt.Interp.MemLimit = o.MaxSteps, o.MaxMemory
	if o.Context != nil {
		t.Ctx = o.Context
	}
	cfg := interp.SysConfig{Argv: o.Args, Path: o.Path, Executable: o.Executable, Flags: o.Flags, XOptions: o.XOptions, WarnOptions: o.WarnOptions}
	if len(cfg.Argv) == 0 {
		cfg.Argv = []string{""}
	}
	if e := streams(t, o, &cfg); e != nil {
		return nil, fmt.Errorf("python: standard streams: %s", interp.FormatException(t, e))
	}
	rt.Interp.Lock.Lock()
	if e := rt.InitSys(t, cfg); e != nil {
		return nil, fmt.Errorf("python: module sys: %s", interp.FormatException(t, e))
	}
	in := &Interpreter{rt, t, o.Inspect, time.Now()}
	if len(o.WarnOptions) > 0 {
		if _, e := in.protect(func() (object.Value, *object.Exception) { return rt.Import(t, "warnings") }); e != nil {
			return nil, fmt.Errorf("python: module warnings: %s", interp.FormatException(t, e))
		}
	}
	return in, nil
}

func streams(t *object.Thread, o Options, cfg *interp.SysConfig) *object.Exception {
	if o.HostIO {
		var e *object.Exception
		if cfg.Stdin, e = interp.FileStream(t, 0, "r"); e != nil {
			return e
		}
		if cfg.Stdout, e = interp.FileStream(t, 1, "w"); e != nil {
			return e
		}
		if cfg.Stderr, e = interp.FileStream(t, 2, "w"); e == nil && o.Unbuffered {
			if cfg.Stdout, e = interp.UnbufferedStream(t, 1); e == nil {
				cfg.Stderr, e = interp.UnbufferedStream(t, 2)
			}
		}
		return e
	}
	in, out, errs := o.Stdin, o.Stdout, o.Stderr
	if in == nil {
		in = strings.NewReader("")
	}
	if out == nil {
		out = io.Discard
	}
	if errs == nil {
		errs = io.Discard
	}
	cfg.Stdin = interp.NewReader(in, "<stdin>")
	cfg.Stdout = interp.NewWriter(out, "<stdout>", o.Unbuffered, 1)
	cfg.Stderr = interp.NewWriter(errs, "<stderr>", true, 2)
	return nil
}

// Runtime and Thread give the command access to the machinery.
func (in *Interpreter) Runtime() *interp.Runtime { return in.rt }

// Thread is the interpreter's main Python thread.
func (in *Interpreter) Thread() *object.Thread { return in.t }

// RunString runs a program's text as __main__ and returns its exit status; an uncaught exception is printed to Stderr.
func (in *Interpreter) RunString(src, file string) int {
	in.rt.SetSource(file, src)
	return in.finish(func() (object.Value, *object.Exception) { return in.rt.RunSource(in.t, src, file, parser.Exec) })
}

// RunFile runs a script file as __main__.
func (in *Interpreter) RunFile(path string) int {
	return in.finish(func() (object.Value, *object.Exception) { return in.rt.RunFile(in.t, path) })
}

// RunModule runs a module as __main__, like -m.
func (in *Interpreter) RunModule(name string) int {
	return in.finish(func() (object.Value, *object.Exception) { return in.rt.RunModule(in.t, name) })
}

// protect runs f; a panic of the interpreter's own Go code becomes SystemError.
func (in *Interpreter) protect(f func() (object.Value, *object.Exception)) (object.Value, *object.Exception) {
	return in.rt.Protect(in.t, f)
}

// finish runs a program and, unless its state is to be inspected, what is due at exit.
func (in *Interpreter) finish(f func() (object.Value, *object.Exception)) int {
	_, e := in.protect(f)
	code := in.exitCode(e)
	if in.inspect {
		return code
	}
	return in.Exit(code)
}

// exitCode prints an uncaught exception and gives the exit status.
func (in *Interpreter) exitCode(e *object.Exception) (code int) {
	_, bad := in.protect(func() (object.Value, *object.Exception) {
		code = in.rt.ExitCode(in.t, e)
		return object.None, nil
	})
	if bad != nil {
		return 1
	}
	return code
}

// Exit runs the exit handlers and flushes the standard streams; it gives the exit status for a program that ended with code.
func (in *Interpreter) Exit(code int) int {
	status := 1
	in.protect(func() (object.Value, *object.Exception) {
		status = in.rt.Finish(in.t, code)
		return object.None, nil
	})
	return status
}

// RunInteractive runs one statement as the interactive prompt does, showing values and uncaught exceptions. exit is true when it
// asked to end the program, with the exit status.
func (in *Interpreter) RunInteractive(src, file string) (status int, exit bool) {
	in.rt.SetSource(file, src)
	_, e := in.protect(func() (object.Value, *object.Exception) { return in.rt.RunSource(in.t, src, file, parser.Single) })
	if e == nil {
		return 0, false
	}
	return in.exitCode(e), e.IsA(&object.SystemExitType)
}

// Dump writes the parts ("ast", "symtable", "code") of what the front end makes of a program.
func (in *Interpreter) Dump(w io.Writer, src, file string, parts []string) int {
	_, e := in.protect(func() (object.Value, *object.Exception) { return object.None, in.rt.Dump(in.t, w, src, file, parts) })
	return in.exitCode(e)
}
