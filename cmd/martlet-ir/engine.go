package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"unsafe"

	"martlet/internal/native"
	"martlet/ir"
	"martlet/ir/interp"
	"martlet/ir/irtest"
	"martlet/jit"
)

// engineExecutor runs each call in an engine of its own, as a program that embeds one would.
type engineExecutor struct {
	stats, events bool
	out           io.Writer
}

// Name returns "engine".
func (engineExecutor) Name() string { return "engine" }

// Run calls f.
func (x engineExecutor) Run(m *ir.Module, f *ir.Func, args []interp.Val) irtest.Outcome {
	e := jit.New(x.options())
	defer e.Close()
	l := e.NewLibrary("main")
	for _, d := range m.Funcs {
		if d.Linkage != ir.DeclaredGo {
			continue
		}
		if fn := irtest.Host(d.Name); fn != nil {
			if err := l.DefineGoFunc(d.Name, d.Sig, fn); err != nil {
				return irtest.Outcome{Err: err}
			}
		}
	}
	if _, err := l.Add(m); err != nil {
		return irtest.Outcome{Err: err}
	}
	var words []uint64
	var refs []unsafe.Pointer
	for _, a := range args {
		if a.Type == ir.Ref {
			refs = append(refs, a.Ref)
		} else {
			words = append(words, uint64(a.Bits))
		}
	}
	w, r, err := l.CallWords(f.Name, f.Sig, words, refs)
	e.Wait()
	if x.stats {
		fmt.Fprintln(x.out, statsText(e.Stats()))
	}
	return engineOutcome(f.Sig.Results, w, r, err)
}

func (x engineExecutor) options() jit.Options {
	var o jit.Options
	if x.events {
		var mu sync.Mutex
		o.Events = func(ev jit.Event) {
			mu.Lock()
			defer mu.Unlock()
			fmt.Fprintln(x.out, ev)
		}
	}
	return o
}

// statsText lays the numbers out one a line, those that are not zero.
func statsText(s jit.Stats) string {
	var lines []string
	for _, f := range strings.Fields(strings.Trim(fmt.Sprintf("%+v", s), "{}")) {
		if name, value, _ := strings.Cut(f, ":"); value != "0" && value != "0s" {
			lines = append(lines, fmt.Sprintf("%-14s %s", name, value))
		}
	}
	return strings.Join(lines, "\n")
}

func engineOutcome(results []ir.Type, words []uint64, refs []unsafe.Pointer, err error) (o irtest.Outcome) {
	var trap *native.TrapError
	var exit *jit.ExitError
	switch {
	case err == nil:
		o.Values = values(results, words, refs)
	case errors.As(err, &trap):
		o.Trap = trap.Code
	case errors.As(err, &exit):
		o.Exit = &interp.Exit{Number: exit.Number}
		for i, t := range exit.Types {
			o.Exit.Values = append(o.Exit.Values, values([]ir.Type{t}, exit.Values[i:], exit.Refs[i:])...)
		}
	case errors.Is(err, native.ErrStackOverflow):
		o.Trap = ir.TrapOverflow
	default:
		o.Err = err
	}
	return o
}

// values gives words and refs their types.
func values(types []ir.Type, words []uint64, refs []unsafe.Pointer) (out []interp.Val) {
	for _, t := range types {
		if t == ir.Ref {
			out, refs = append(out, interp.Ref(refs[0])), refs[1:]
		} else {
			out, words = append(out, interp.Int(t, int64(words[0]))), words[1:]
		}
	}
	return out
}
