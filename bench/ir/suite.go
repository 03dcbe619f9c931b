// Package ir is the suite of the flow-graph language: its kernels as machine
// code against the same programs in C (or Go), and what compiling costs.
//
//	run      run time of the kernels: martlet quick and full, gcc -O2, clang -O2 under lli, tcc -run
//	values   compile time per value by size of function, and its growth
//	compile  compile time of the kernel set against clang and lli
//	inside   switches between Go and machine code; collections beside a loop
//	start    a process that runs a small function against a bare Go program
//
// The C twins lie in c/; each defines run(n) and is timed by the same main.
package ir

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"martlet/bench/harness"
	"martlet/internal/irexec"
	mir "martlet/ir"
	"martlet/ir/interp"
)

// kernel is a program in testdata/kernels with the argument to run it with.
type kernel struct {
	name string
	n    int64
	goFn func(int64) int64 // the twin in Go, where there is none in C
}

var kernels = []kernel{
	{"nbody", 300000, nil},
	{"fannkuch", 9, nil},
	{"matmul", 300, nil},
	{"mandelbrot", 500, nil},
	{"spectral", 300, nil},
	{"sha256", 100000, nil},
	{"crc32", 200, nil},
	{"quicksort", 500000, nil},
	{"sieve", 4000000, nil},
	{"queens", 13, nil},
	{"fib", 34, nil},
	{"hashtable", 4000000, nil},
	{"strsearch", 300, nil},
	{"lz", 20, nil},
	{"trees", 14, Trees},
	{"linked", 2000000, Linked},
}

// Suite is the suite "ir".
type Suite struct{}

// Name returns "ir".
func (Suite) Name() string { return "ir" }

const gccFlags = "-O2 -fno-tree-vectorize -fno-tree-slp-vectorize"

// bench is one run of the suite.
type bench struct {
	c    *harness.Config
	root string // of the repository
	tmp  string
}

// Run measures.
func (Suite) Run(c *harness.Config) error {
	_, file, _, _ := runtime.Caller(0)
	b := &bench{c: c, root: filepath.Join(filepath.Dir(file), "..", "..")}
	var err error
	if b.tmp, err = os.MkdirTemp("", "martlet-bench"); err != nil {
		return err
	}
	defer os.RemoveAll(b.tmp)
	b.versions()
	if err := irexec.Available(); err != nil {
		return fmt.Errorf("the suite needs machine code: %w", err)
	}
	parts := []struct {
		name string
		run  func() error
	}{{"run", b.runKernels}, {"values", b.compileValues}, {"compile", b.compileSet}, {"inside", b.inside}, {"start", b.start}}
	for _, p := range parts {
		if c.Part(p.name) {
			if err := p.run(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *bench) printf(format string, args ...any) { fmt.Fprintf(b.c.Out, format, args...) }

func (b *bench) versions() {
	b.printf("go      %s\n", runtime.Version())
	b.printf("gcc     %s (%s)\n", harness.Version("gcc", "--version"), gccFlags)
	b.printf("clang   %s\n", harness.Version("clang", "--version"))
	lli := harness.Version("sh", "-c", "lli --version | grep -i version")
	b.printf("lli     %s\n", lli)
	b.printf("tcc     %s\n\n", harness.Version("tcc", "-v"))
}

func (b *bench) twin(k kernel) string { return filepath.Join(b.root, "bench", "ir", "c", k.name+".c") }

func (b *bench) load(k kernel) (*mir.Module, error) {
	m, err := mir.ParseFile(filepath.Join(b.root, "testdata", "kernels", k.name+".ir"))
	if err == nil {
		err = mir.Verify(m)
	}
	return m, err
}

// command runs a program that prints "result nanoseconds".
func command(name string, args ...string) func() (string, time.Duration, error) {
	return func() (string, time.Duration, error) {
		cmd := exec.Command(name, args...)
		var errOut bytes.Buffer
		cmd.Stderr = &errOut
		out, err := cmd.Output()
		if err != nil {
			return "", 0, fmt.Errorf("%w: %s", err, strings.TrimSpace(errOut.String()))
		}
		f := strings.Fields(string(out))
		if len(f) < 2 {
			return "", 0, fmt.Errorf("unexpected output %q", out)
		}
		ns, err := strconv.ParseInt(f[1], 10, 64)
		return f[0], time.Duration(ns), err
	}
}

// martlet is a contestant in this process, compiled once.
func martlet(m *mir.Module, level irexec.Level, n int64) (harness.Contestant, func(), error) {
	p, err := irexec.Load(m, irexec.Options{Level: level})
	if err != nil {
		return harness.Contestant{}, nil, err
	}
	h, err := p.Func("run")
	if err != nil {
		return harness.Contestant{}, nil, err
	}
	run := func() (string, time.Duration, error) {
		runtime.GC()
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		begin := threadCPU()
		o := h.Call(interp.I64(n))
		t := threadCPU() - begin
		if o.Err != nil || len(o.Values) != 1 {
			return "", t, fmt.Errorf("%s", o)
		}
		return o.Values[0].String(), t, nil
	}
	return harness.Contestant{Name: level.String(), Run: run}, p.Close, nil
}

// contestants prepares all that can run a kernel; the peer to compare with is first.
func (b *bench) contestants(k kernel) ([]harness.Contestant, func(), error) {
	m, err := b.load(k)
	if err != nil {
		return nil, nil, err
	}
	var cs []harness.Contestant
	n := strconv.FormatInt(k.n, 10)
	if k.goFn != nil {
		cs = append(cs, harness.Contestant{Name: "go", Run: func() (string, time.Duration, error) {
			runtime.GC()
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			begin := threadCPU()
			r := k.goFn(k.n)
			return strconv.FormatInt(r, 10), threadCPU() - begin, nil
		}})
	} else {
		exe, bc := filepath.Join(b.tmp, k.name), filepath.Join(b.tmp, k.name+".bc")
		if err := b.shell("gcc " + gccFlags + " -o " + exe + " " + b.twin(k) + " -lm"); err != nil {
			return nil, nil, err
		}
		cs = append(cs, harness.Contestant{Name: "gcc", Run: command(exe, n)})
		if b.shell("clang -O2 -fno-vectorize -fno-slp-vectorize -emit-llvm -c -o "+bc+" "+b.twin(k)) == nil {
			cs = append(cs, harness.Contestant{Name: "lli", Run: command("lli", bc, n)})
		}
		if _, err := exec.LookPath("tcc"); err == nil {
			cs = append(cs, harness.Contestant{Name: "tcc", Run: command("tcc", "-lm", "-run", b.twin(k), n)})
		}
	}
	closeAll := func() {}
	for _, level := range []irexec.Level{irexec.Quick, irexec.Full} {
		c, done, err := martlet(m, level, k.n)
		if err != nil {
			failed := err
			c = harness.Contestant{Name: level.String(), Run: func() (string, time.Duration, error) { return "", 0, failed }}
			done = func() {}
		}
		cs = append(cs, c)
		before := closeAll
		closeAll = func() { before(); done() }
	}
	return cs, closeAll, nil
}

func (b *bench) shell(line string) error {
	f := strings.Fields(line)
	out, err := exec.Command(f[0], f[1:]...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", line, err, out)
	}
	return nil
}

// runKernels is the part "run".
func (b *bench) runKernels() error {
	var t harness.Table
	t.Row("kernel", "n", "gcc|go ms", "lli ms", "tcc ms", "quick ms", "full ms", "full/gcc", "full/lli", "full/tcc", "quick/gcc")
	ratios := map[string][]float64{}
	var notes []string
	worst := 0.0
	for _, k := range kernels {
		if !b.c.Wants(k.name) {
			continue
		}
		cs, done, err := b.contestants(k)
		if err != nil {
			return err
		}
		times, errs := harness.Race(cs, b.c.Rounds)
		done()
		by := map[string]time.Duration{}
		for i, c := range cs {
			by[c.Name] = times[i]
			if errs[i] != nil {
				notes = append(notes, fmt.Sprintf("%s, %s: %v", k.name, c.Name, errs[i]))
			}
		}
		peer := times[0]
		t.Row(k.name, fmt.Sprint(k.n), harness.Ms(peer), harness.Ms(by["lli"]), harness.Ms(by["tcc"]), harness.Ms(by["quick"]), harness.Ms(by["full"]),
			harness.Ratio(by["full"], peer), harness.Ratio(by["full"], by["lli"]), harness.Ratio(by["full"], by["tcc"]), harness.Ratio(by["quick"], peer))
		if by["full"] == 0 || peer == 0 {
			continue
		}
		r := float64(by["full"]) / float64(peer)
		if k.goFn != nil {
			ratios["go"] = append(ratios["go"], r)
			continue
		}
		worst = max(worst, r)
		ratios["gcc"] = append(ratios["gcc"], r)
		for _, name := range []string{"lli", "tcc"} {
			if by[name] != 0 {
				ratios[name] = append(ratios[name], float64(by["full"])/float64(by[name]))
			}
		}
	}
	b.printf("Run time in CPU time, median of %d alternating runs\n", b.c.Rounds)
	t.Print(b.c.Out)
	for _, n := range notes {
		b.printf("! %s\n", n)
	}
	for _, name := range []string{"gcc", "lli", "tcc", "go"} {
		if rs := ratios[name]; len(rs) > 0 {
			b.printf("geomean of full/%s over %d kernels: %.3f, largest %.2f\n", name, len(rs), harness.Geomean(rs), slices.Max(rs))
		}
	}
	b.printf("\n")
	return nil
}

var errNoTime = errors.New("the process reports no times")

// cpu runs a command and returns its CPU time.
func cpu(name string, args ...string) (time.Duration, error) {
	cmd := exec.Command(name, args...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("%s: %w\n%s", name, err, out)
	}
	if cmd.ProcessState == nil {
		return 0, errNoTime
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
}
