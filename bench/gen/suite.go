// Package gen is the suite of the generated compilers: the interpreters under
// examples/ with and without their JIT, against the same loops written by hand
// in Go, and the historical benchmark f1(2117) against gcc.
//
// The measurements are the examples' own Go benchmarks, named <What>Compiled,
// <What>Interpreter and <What>Go; NeverHotHinted and NeverHotUnhinted, whose ratio is what
// hints cost code that stays cold; WarmUp, the time to the final code; and Specialise, what
// specialising and quick code cost for a residual op. Each reports the fastest of its runs.
package gen

import (
	"bufio"
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

// Suite is the suite "gen".
type Suite struct{}

// Name returns "gen".
func (Suite) Name() string { return "gen" }

var examples = []string{"tl", "tlr", "tlc", "duo", "govm", "pyslice", "brainfuck", "dfa"}

// Run measures.
func (Suite) Run(c *harness.Config) error {
	_, file, _, _ := runtime.Caller(0)
	here := filepath.Dir(file)
	root := filepath.Join(here, "..", "..")
	fmt.Fprintf(c.Out, "%-24s %14s %14s %14s %12s %12s\n", "", "compiled ns", "interpreter ns", "Go ns", "speed-up", "against Go")
	for _, ex := range examples {
		if !c.Wants(ex) {
			continue
		}
		rs, err := benchmarks(root, ex, c.Rounds)
		if err != nil {
			return err
		}
		for _, what := range rs.names() {
			switch what {
			case "NeverHot":
				hinted, plain := rs.best(what, "Hinted"), rs.best(what, "Unhinted")
				fmt.Fprintf(c.Out, "%-24s %s the time without hints\n", ex+" never hot", times(hinted, plain))
			case "WarmUp":
				fmt.Fprintf(c.Out, "%-24s %.2f ms to final code\n", ex+" warm-up", rs.best(what, "")/1e6)
			case "Specialise":
				fmt.Fprintf(c.Out, "%-24s %.2f us for each residual op, with quick code\n", ex+" specialise", rs.best(what, "")/1e3)
			default:
				rs.row(c, ex, what)
			}
		}
	}
	if c.Wants("f1") {
		return f1(c, here, root)
	}
	return nil
}

// results are the fastest runs in ns, by name and kind.
type results map[string]map[string][]float64

func (r results) names() []string {
	var out []string
	for n := range r {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

// best is the shortest time in ns of all rounds, 0 if there is none: what else runs on the machine only makes times longer.
func (r results) best(what, kind string) float64 {
	if xs := r[what][kind]; len(xs) > 0 {
		return slices.Min(xs)
	}
	return 0
}

func (r results) row(c *harness.Config, ex, what string) {
	comp, plain, hand := r.best(what, "Compiled"), r.best(what, "Interpreter"), r.best(what, "Go")
	fmt.Fprintf(c.Out, "%-24s %14.0f %14.0f %14.0f %11s %12s\n", ex+" "+what, comp, plain, hand, times(plain, comp), times(comp, hand))
}

func times(a, b float64) string {
	if a == 0 || b == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2fx", a/b)
}

// benchmarks runs an example's benchmarks, alternating by repeated runs.
func benchmarks(root, example string, rounds int) (results, error) {
	rs := results{}
	for range rounds {
		cmd := exec.Command("go", "test", "-run", "^$", "-bench", ".", "-benchtime", "100ms", "./examples/"+example)
		cmd.Dir = root
		out, err := cmd.CombinedOutput()
		if err != nil {
			return nil, fmt.Errorf("benchmarks of %s: %v\n%s", example, err, out)
		}
		rs.read(out)
	}
	return rs, nil
}

func (r results) read(out []byte) {
	sc := bufio.NewScanner(bytes.NewReader(out))
	for sc.Scan() {
		f := strings.Fields(sc.Text())
		i := slices.Index(f, "best-ns")
		if i < 1 {
			continue
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(f[0], "Benchmark"), "-")
		ns, err := strconv.ParseFloat(f[i-1], 64)
		if err != nil {
			continue
		}
		for _, kind := range []string{"Compiled", "Interpreter", "Go", "Unhinted", "Hinted", ""} {
			if what, ok := strings.CutSuffix(name, kind); ok {
				if r[what] == nil {
					r[what] = map[string][]float64{}
				}
				r[what][kind] = append(r[what][kind], ns)
				break
			}
		}
	}
}

// f1 compares the two-type language's f1(2117) with C.
func f1(c *harness.Config, here, root string) error {
	rs, err := benchmarks(root, "duo", c.Rounds)
	if err != nil {
		return err
	}
	ours := rs.best("F1", "Compiled")
	tmp, err := os.MkdirTemp("", "martlet-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	for _, level := range []string{"-O0", "-O2"} {
		exe := filepath.Join(tmp, "f1"+level)
		if out, err := exec.Command("gcc", level, "-fno-tree-vectorize", "-o", exe, filepath.Join(here, "c", "f1.c")).CombinedOutput(); err != nil {
			fmt.Fprintf(c.Out, "f1(2117): no gcc: %v %s\n", err, out)
			return nil
		}
		out, err := exec.Command(exe, "2117", strconv.Itoa(3*c.Rounds)).Output()
		if err != nil {
			return err
		}
		var ts []time.Duration
		for _, f := range strings.Fields(string(out)) {
			ns, err := strconv.ParseInt(f, 10, 64)
			if err != nil {
				return err
			}
			ts = append(ts, time.Duration(ns))
		}
		gcc := float64(slices.Min(ts))
		fmt.Fprintf(c.Out, "f1(2117): compiled %.2f ms, gcc %s %.2f ms: %.2fx\n", ours/1e6, level, gcc/1e6, ours/gcc)
	}
	return nil
}
