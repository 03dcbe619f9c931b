package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"martlet/internal/irexec"
	"martlet/internal/opt"
	"martlet/ir"
	"martlet/ir/interp"
	"martlet/ir/irtest"
)

// load reads and verifies a file.
func load(name string) (*ir.Module, string, error) {
	src, err := os.ReadFile(name)
	if err != nil {
		return nil, "", err
	}
	m, err := ir.Parse(name, string(src))
	if err == nil {
		err = ir.Verify(m)
	}
	return m, string(src), err
}

func runFmt(fs *flag.FlagSet, args []string, out io.Writer) error {
	write := fs.Bool("w", false, "write the files")
	files, err := parseFlags(fs, args)
	if err != nil || len(files) == 0 {
		return errUsage
	}
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		text, err := ir.Format(name, string(src))
		if err != nil {
			return err
		}
		if !*write {
			fmt.Fprint(out, text)
		} else if text != string(src) {
			if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

func runVerify(fs *flag.FlagSet, args []string, out io.Writer) error {
	files, err := parseFlags(fs, args)
	if err != nil || len(files) == 0 {
		return errUsage
	}
	var all error
	for _, name := range files {
		if _, _, err := load(name); err != nil {
			all = errors.Join(all, err)
		}
	}
	return all
}

// executors returns those that a flag's value names.
func executors(how string, steps int64) ([]irtest.Executor, error) {
	all := []irtest.Executor{irtest.Interp{MaxSteps: steps}, irexec.Executor{Level: irexec.Bare}, irexec.Executor{Level: irexec.Quick}, irexec.Executor{Level: irexec.Full},
		engineExecutor{}}
	if how == "all" {
		if err := irexec.Available(); err != nil {
			fmt.Fprintf(os.Stderr, "only the interpreter: %v\n", err)
			return all[:1], nil
		}
		return all, nil
	}
	for _, x := range all {
		if x.Name() == how {
			return []irtest.Executor{x}, nil
		}
	}
	return nil, fmt.Errorf("-exec must be interp, bare, quick, full, engine or all, not %q", how)
}

func runRun(fs *flag.FlagSet, args []string, out io.Writer) error {
	how := fs.String("exec", "", "interp, bare, quick, full, engine or all (default: full, or interp where there is no machine code)")
	steps := fs.Int64("steps", 0, "limit of the interpreter's steps")
	stats := fs.Bool("stats", false, "run in an engine and print its numbers")
	events := fs.Bool("events", false, "run in an engine and print what happens in it")
	rest, err := parseFlags(fs, args)
	if err != nil || len(rest) < 1 || len(rest) > 2 {
		return errUsage
	}
	m, src, err := load(rest[0])
	if err != nil {
		return err
	}
	var xs []irtest.Executor
	if *stats || *events {
		xs = []irtest.Executor{engineExecutor{stats: *stats, events: *events, out: out}}
	} else if xs, err = executors(orDefault(*how), *steps); err != nil {
		return err
	}
	if len(rest) == 2 {
		f, vals, err := irtest.ParseCall(m, rest[1])
		if err != nil {
			return err
		}
		return runCall(m, f, vals, xs, out)
	}
	runs, err := irtest.Runs(m, rest[0], src)
	if err != nil {
		return err
	}
	if len(runs) == 0 {
		return fmt.Errorf("%s has no run directives; give a call such as 'f(1, 2)'", rest[0])
	}
	return runAll(m, rest[0], runs, xs, out)
}

// orDefault chooses full where machine code can run, else the interpreter, and says so.
func orDefault(how string) string {
	if how != "" {
		return how
	}
	if err := irexec.Available(); err != nil {
		fmt.Fprintf(os.Stderr, "the interpreter executes: %v\n", err)
		return "interp"
	}
	return "full"
}

// runCall runs one call everywhere and reports differences.
func runCall(m *ir.Module, f *ir.Func, args []interp.Val, xs []irtest.Executor, out io.Writer) error {
	var first irtest.Outcome
	for i, x := range xs {
		o := x.Run(m, f, args)
		if len(xs) > 1 {
			fmt.Fprintf(out, "%-7s", x.Name())
		}
		fmt.Fprintln(out, strings.TrimPrefix(o.String(), "== "))
		switch {
		case o.Err != nil:
			return o.Err
		case i == 0:
			first = o
		case !first.Same(o):
			return fmt.Errorf("%s disagrees with %s", x.Name(), xs[0].Name())
		}
	}
	return nil
}

func runAll(m *ir.Module, file string, runs []irtest.Run, xs []irtest.Executor, out io.Writer) error {
	failed := 0
	for _, r := range runs {
		for _, x := range xs {
			o := x.Run(m, r.Func, r.Args)
			o.Memory = nil
			if !o.Same(r.Want) {
				failed++
				fmt.Fprintf(out, "%s:%d: %s: %s %s, want %s\n", file, r.Line, x.Name(), r, o, r.Want)
			}
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d runs failed", failed, len(runs)*len(xs))
	}
	fmt.Fprintf(out, "%d runs as expected\n", len(runs)*len(xs))
	return nil
}

func optLevel(s string) (opt.Level, error) {
	switch s {
	case "quick":
		return opt.Quick, nil
	case "full":
		return opt.Full, nil
	}
	return 0, fmt.Errorf("-level must be quick or full, not %q", s)
}

func runOpt(fs *flag.FlagSet, args []string, out io.Writer) error {
	level := fs.String("level", "full", "quick or full")
	each := fs.Bool("each", false, "print each function after each pass that changed it")
	fuel := fs.Int("fuel", -1, "stop after so many transformations")
	rest, err := parseFlags(fs, args)
	if err != nil || len(rest) < 1 || len(rest) > 2 {
		return errUsage
	}
	m, _, err := load(rest[0])
	if err != nil {
		return err
	}
	lv, err := optLevel(*level)
	if err != nil {
		return err
	}
	o := opt.Options{Verify: true}
	if *fuel >= 0 {
		o.Fuel = fuel
	}
	want := func(f *ir.Func) bool { return len(rest) == 1 || f.Name == strings.TrimPrefix(rest[1], "@") }
	if *each {
		last := map[*ir.Func]string{}
		for _, f := range m.Funcs {
			last[f] = f.Text(ir.PrintLiterals)
			if want(f) && !f.IsDecl() {
				fmt.Fprintf(out, "; before\n%s", last[f])
			}
		}
		o.After = func(pass string, f *ir.Func) {
			if text := f.Text(ir.PrintLiterals); text != last[f] && want(f) {
				fmt.Fprintf(out, "; after %s\n%s", pass, text)
				last[f] = text
			}
		}
	}
	opt.Module(m, lv, o)
	if *each {
		return nil
	}
	if len(rest) == 1 {
		fmt.Fprint(out, m.Text(ir.PrintLiterals))
		return nil
	}
	f, err := function(m, rest[1:])
	if err == nil {
		fmt.Fprint(out, f.Text(ir.PrintLiterals))
	}
	return err
}

// function finds the named function, or the last one with a body.
func function(m *ir.Module, names []string) (*ir.Func, error) {
	if len(names) > 0 {
		f := m.Func(strings.TrimPrefix(names[0], "@"))
		if f == nil || f.IsDecl() {
			return nil, fmt.Errorf("function %s is not defined in the module (or was removed)", names[0])
		}
		return f, nil
	}
	for i := len(m.Funcs) - 1; i >= 0; i-- {
		if !m.Funcs[i].IsDecl() {
			return m.Funcs[i], nil
		}
	}
	return nil, errors.New("the module defines no function")
}

func runSpec(fs *flag.FlagSet, args []string, out io.Writer) error {
	optimise := fs.Bool("opt", false, "optimise the result")
	rest, err := parseFlags(fs, args)
	if err != nil || len(rest) < 3 {
		return errUsage
	}
	m, _, err := load(rest[0])
	if err != nil {
		return err
	}
	f, err := function(m, rest[1:2])
	if err != nil {
		return err
	}
	var fixed []ir.Fixed
	for _, s := range rest[2:] {
		x, err := fixedArg(m, f, s)
		if err != nil {
			return err
		}
		fixed = append(fixed, x)
	}
	before := len(m.Funcs)
	g := ir.Specialize(f, fixed, ir.SpecializeOptions{})
	if err := ir.Verify(m); err != nil {
		return err
	}
	made := m.Funcs[before:]
	if *optimise {
		for _, h := range m.Funcs[:before] { // keep only what the result needs
			if !h.IsDecl() {
				h.Linkage = ir.Internal
			}
		}
		opt.Module(m, opt.Full, opt.Options{})
		made = m.Funcs
	}
	for _, h := range made {
		if h == g || usedBy(g, h, map[*ir.Func]bool{}) {
			fmt.Fprint(out, h)
		}
	}
	return nil
}

// usedBy reports whether f reaches h by calls.
func usedBy(f, h *ir.Func, seen map[*ir.Func]bool) bool {
	if seen[f] {
		return false
	}
	seen[f] = true
	for _, b := range f.Blocks {
		for _, v := range b.Insts {
			if c, ok := v.Aux.(*ir.CallInfo); ok && c.Callee != nil && (c.Callee == h || usedBy(c.Callee, h, seen)) {
				return true
			}
		}
		if c := b.End.Call; c != nil && (c.Callee == h || usedBy(c.Callee, h, seen)) {
			return true
		}
	}
	return false
}

// fixedArg reads "name=value", where name is a parameter's name or number and
// value a constant or a symbol's address.
func fixedArg(m *ir.Module, f *ir.Func, s string) (x ir.Fixed, err error) {
	name, value, ok := strings.Cut(s, "=")
	if !ok {
		return x, fmt.Errorf("expected parameter=value, found %q", s)
	}
	x.Param = -1
	for i, p := range f.Entry().Params {
		if p.String() == "%"+strings.TrimPrefix(name, "%") || strconv.Itoa(i) == name && p.Name() != "" {
			x.Param = i
		}
	}
	if x.Param < 0 {
		return x, fmt.Errorf("function @%s has no parameter %s", f.Name, name)
	}
	if sym, ok := strings.CutPrefix(value, "@"); ok {
		if g := m.Global(sym); g != nil {
			x.Sym = g
			return x, nil
		}
		return x, fmt.Errorf("global @%s is not in the module", sym)
	}
	x.Value, err = ir.ParseConst(f.Sig.Params[x.Param], value)
	return x, err
}

func runReduce(fs *flag.FlagSet, args []string, out io.Writer) error {
	how := fs.String("exec", "full", "the executor that disagrees with the interpreter")
	budget := fs.Int("budget", 5000, "tries")
	rest, err := parseFlags(fs, args)
	if err != nil || len(rest) != 2 {
		return errUsage
	}
	m, _, err := load(rest[0])
	if err != nil {
		return err
	}
	f, vals, err := irtest.ParseCall(m, rest[1])
	if err != nil {
		return err
	}
	xs, err := executors(*how, 0)
	if err != nil {
		return err
	}
	x := xs[len(xs)-1]
	ref := irtest.Interp{MaxSteps: 10_000_000}
	differs := func(c *ir.Module) bool {
		g := c.Func(f.Name)
		if g == nil {
			return false
		}
		want := ref.Run(c, g, vals)
		return want.Err == nil && !want.Same(attempt(x, c, g, vals))
	}
	if !differs(m) {
		return fmt.Errorf("%s agrees with the interpreter on this call", x.Name())
	}
	small := irtest.Reduce(m, *budget, differs)
	fmt.Fprint(out, small)
	g := small.Func(f.Name)
	fmt.Fprintf(out, "; interp: %s\n; %s: %s\n", ref.Run(small, g, vals), x.Name(), attempt(x, small, g, vals))
	return nil
}

// attempt runs with panics of the compiler turned into errors.
func attempt(x irtest.Executor, m *ir.Module, f *ir.Func, args []interp.Val) (o irtest.Outcome) {
	defer func() {
		if r := recover(); r != nil {
			o = irtest.Outcome{Err: fmt.Errorf("panic: %v", r)}
		}
	}()
	return x.Run(m, f, args)
}

func runGen(fs *flag.FlagSet, args []string, out io.Writer) error {
	stmts := fs.Int("stmts", 0, "statements for each function")
	funcs := fs.Int("funcs", 0, "functions")
	rest, err := parseFlags(fs, args)
	if err != nil || len(rest) != 1 {
		return errUsage
	}
	seed, err := strconv.ParseUint(rest[0], 0, 64)
	if err != nil {
		return err
	}
	fmt.Fprint(out, irtest.Generate(seed, irtest.Config{Stmts: *stmts, Funcs: *funcs}))
	return nil
}
