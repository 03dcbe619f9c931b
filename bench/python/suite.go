// Package python is the suite of Python programs: martlet with and without its
// JIT against CPython and PyPy where they are installed.
//
//	whole   whole processes: user CPU time from start to exit
//	steady  steady state: the median iteration once the fastest window has stabilised
//	start   start-up and memory
//	growth  whole processes by size of work, for three programs
//
// With -out the parts whole, steady and growth write plots.
//
// The programs lie in programs/; each does one iteration of its work in
// run(size), checks iterations against each other and prints the result
// (programs/benchmain.py). Programs that say "# tags: numeric" in their first
// line are reported once more by themselves.
package python

import (
	"bytes"
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
)

// Suite is the suite "python".
type Suite struct{}

// Name returns "python".
func (Suite) Name() string { return "python" }

// engine is one way to run a program.
type engine struct {
	name string
	argv []string
}

type bench struct {
	c       *harness.Config
	dir     string // of the programs
	engines []engine
}

// Run measures.
func (Suite) Run(c *harness.Config) error {
	_, file, _, _ := runtime.Caller(0)
	here := filepath.Dir(file)
	tmp, err := os.MkdirTemp("", "martlet-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	b := &bench{c: c, dir: filepath.Join(here, "programs")}
	if err := b.findEngines(filepath.Join(here, "..", ".."), tmp); err != nil {
		return err
	}
	for _, part := range []struct {
		name string
		run  func() error
	}{{"start", b.start}, {"whole", b.whole}, {"steady", b.steady}, {"growth", b.growth}} {
		if c.Part(part.name) {
			if err := part.run(); err != nil {
				return err
			}
		}
	}
	return nil
}

// findEngines builds martlet and looks for the peers; the distribution's
// build of CPython is preferred.
func (b *bench) findEngines(root, tmp string) error {
	exe := filepath.Join(tmp, "martlet")
	build := exec.Command("go", "build", "-o", exe, "./cmd/martlet")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building martlet: %v\n%s", err, out)
	}
	b.engines = []engine{{"martlet -j never", []string{exe, "-j", "never"}}, {"martlet -j whenhot", []string{exe, "-j", "whenhot"}}}
	for _, peer := range []string{"/usr/bin/python3.11", "python3.13", "pypy3"} {
		path, err := exec.LookPath(peer)
		if err != nil {
			continue
		}
		out, err := exec.Command(path, "--version").CombinedOutput()
		if err != nil {
			continue
		}
		name := filepath.Base(peer)
		b.engines = append(b.engines, engine{name, []string{path}})
		fmt.Fprintf(b.c.Out, "%-18s %s\n", name, strings.ReplaceAll(strings.TrimSpace(string(out)), "\n", " "))
	}
	return nil
}

// program is a benchmark program.
type program struct {
	name    string
	path    string
	numeric bool
}

func (b *bench) programs() ([]program, error) {
	paths, err := filepath.Glob(filepath.Join(b.dir, "*.py"))
	if err != nil {
		return nil, err
	}
	var out []program
	for _, p := range paths {
		name := strings.TrimSuffix(filepath.Base(p), ".py")
		if name == "benchmain" || !b.c.Wants(name) {
			continue
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return nil, err
		}
		first, _, _ := strings.Cut(string(text), "\n")
		out = append(out, program{name, p, strings.Contains(first, "numeric")})
	}
	return out, nil
}

// runOnce runs a program and returns what it printed, its user CPU time, its
// peak memory in KiB and what it wrote on standard error.
func runOnce(e engine, args ...string) (out string, user time.Duration, peak int64, stderr string, err error) {
	cmd := exec.Command(e.argv[0], append(slices.Clone(e.argv[1:]), args...)...)
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	var so, se bytes.Buffer
	cmd.Stdout, cmd.Stderr = &so, &se
	err = cmd.Run()
	if s := cmd.ProcessState; s != nil {
		user = s.UserTime() + s.SystemTime()
		peak = peakKiB(s)
	}
	if err != nil {
		err = fmt.Errorf("%s: %v: %s", e.name, err, lastLine(se.String()))
	}
	return so.String(), user, peak, se.String(), err
}

func lastLine(s string) string {
	s = strings.TrimSpace(s)
	return s[strings.LastIndexByte(s, '\n')+1:]
}

// start measures an empty program.
func (b *bench) start() error {
	fmt.Fprintf(b.c.Out, "\nstart to exit of -c pass, CPU time, and peak memory of hello world\n")
	for _, e := range b.engines {
		var times []time.Duration
		for range 3 * b.c.Rounds {
			_, t, _, _, err := runOnce(e, "-c", "pass")
			if err != nil {
				return err
			}
			times = append(times, t)
		}
		_, _, peak, _, err := runOnce(e, "-c", "print('hello, world')")
		if err != nil {
			return err
		}
		fmt.Fprintf(b.c.Out, "%-18s %8.1f ms %8.1f MB\n", e.name, ms(harness.Median(times)), float64(peak)/1024)
	}
	return nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// whole races whole processes.
func (b *bench) whole() error {
	ps, err := b.programs()
	if err != nil {
		return err
	}
	fmt.Fprintf(b.c.Out, "\nwhole process, CPU time in ms (median of %d alternating runs); peak memory in MB in brackets\n", b.c.Rounds)
	return b.table("whole", "Python programs, whole process", ps, func(p program) ([]float64, []int64, []error) {
		peaks := make([]int64, len(b.engines))
		var cs []harness.Contestant
		for i, e := range b.engines {
			cs = append(cs, harness.Contestant{Name: e.name, Run: func() (string, time.Duration, error) {
				out, t, peak, _, err := runOnce(e, p.path)
				peaks[i] = max(peaks[i], peak)
				return out, t, err
			}})
		}
		times, errs := harness.Race(cs, b.c.Rounds)
		return millis(times), peaks, errs
	})
}

func millis(ts []time.Duration) []float64 {
	out := make([]float64, len(ts))
	for i, t := range ts {
		out[i] = ms(t)
	}
	return out
}

const steadyIterations = 12

// steady compares single iterations late in a process.
func (b *bench) steady() error {
	ps, err := b.programs()
	if err != nil {
		return err
	}
	fmt.Fprintf(b.c.Out, "\nsteady state, wall time of an iteration in ms (median of the fastest window of 5 in %d)\n", steadyIterations)
	return b.table("steady", "Python programs, steady state", ps, func(p program) ([]float64, []int64, []error) {
		times, errs := make([]float64, len(b.engines)), make([]error, len(b.engines))
		for i, e := range b.engines {
			_, _, _, stderr, err := runOnce(e, p.path, "--iterations", strconv.Itoa(steadyIterations), "--times")
			if errs[i] = err; err == nil {
				times[i], errs[i] = fastestWindow(stderr)
			}
		}
		return times, nil, errs
	})
}

// fastestWindow returns the median, in ms, of the five consecutive iterations with the least sum.
func fastestWindow(stderr string) (float64, error) {
	var ts []float64
	for _, f := range strings.Fields(stderr) {
		t, err := strconv.ParseFloat(f, 64)
		if err != nil {
			return 0, fmt.Errorf("unexpected output: %q", f)
		}
		ts = append(ts, 1000*t)
	}
	if len(ts) < 5 {
		return 0, fmt.Errorf("%d iterations reported", len(ts))
	}
	best := slices.Clone(ts[:5])
	for i := range len(ts) - 4 {
		if w := ts[i : i+5]; sum(w) < sum(best) {
			best = slices.Clone(w)
		}
	}
	slices.Sort(best)
	return best[2], nil
}

func sum(xs []float64) (s float64) {
	for _, x := range xs {
		s += x
	}
	return s
}

// table prints a row a program and geometric means of the ratios to the third
// engine, the reference CPython; and plots the ratios.
func (b *bench) table(name, title string, ps []program, measure func(program) ([]float64, []int64, []error)) error {
	const ref = 2
	fmt.Fprintf(b.c.Out, "%-18s", "")
	for _, e := range b.engines {
		fmt.Fprintf(b.c.Out, " %22s", e.name)
	}
	fmt.Fprintln(b.c.Out)
	var rows []harness.DotRow
	ratios := make([][2][]float64, len(b.engines)) // all, numeric
	for _, p := range ps {
		times, peaks, errs := measure(p)
		fmt.Fprintf(b.c.Out, "%-18s", p.name)
		row := harness.DotRow{Name: p.name, Values: make([]float64, len(b.engines))}
		if p.numeric {
			row.Note = "numeric"
		}
		for i := range b.engines {
			b.cell(i, ref, times, peaks, errs)
			if len(times) > ref && errs[i] == nil && errs[ref] == nil && times[ref] > 0 {
				row.Values[i] = times[i] / times[ref]
				ratios[i][0] = append(ratios[i][0], times[i]/times[ref])
				if p.numeric {
					ratios[i][1] = append(ratios[i][1], times[i]/times[ref])
				}
			}
		}
		rows = append(rows, row)
		fmt.Fprintln(b.c.Out)
		for i, err := range errs {
			if err != nil {
				fmt.Fprintf(b.c.Out, "    %s: %v\n", b.engines[i].name, err)
			}
		}
	}
	for k, mean := range []string{"geomean", "geomean numeric"} {
		row := harness.DotRow{Name: mean}
		fmt.Fprintf(b.c.Out, "%-18s", mean)
		for i := range b.engines {
			row.Values = append(row.Values, harness.Geomean(ratios[i][k]))
			fmt.Fprintf(b.c.Out, " %21.2fx", row.Values[i])
		}
		rows = append(rows, row)
		fmt.Fprintln(b.c.Out)
	}
	return b.dots("python-"+name+".svg", title, ref, rows)
}

// contestants are the engines with a program and its arguments.
func (b *bench) contestants(args ...string) []harness.Contestant {
	var cs []harness.Contestant
	for _, e := range b.engines {
		cs = append(cs, harness.Contestant{Name: e.name, Run: func() (string, time.Duration, error) {
			out, t, _, _, err := runOnce(e, args...)
			return out, t, err
		}})
	}
	return cs
}

func (b *bench) cell(i, ref int, times []float64, peaks []int64, errs []error) {
	if errs[i] != nil {
		fmt.Fprintf(b.c.Out, " %22s", "failed")
		return
	}
	text := fmt.Sprintf("%.1f", times[i])
	if ref < len(times) && errs[ref] == nil && times[ref] > 0 {
		text += fmt.Sprintf(" %.2fx", times[i]/times[ref])
	}
	if peaks != nil {
		text += fmt.Sprintf(" [%d]", peaks[i]/1024)
	}
	fmt.Fprintf(b.c.Out, " %22s", text)
}
