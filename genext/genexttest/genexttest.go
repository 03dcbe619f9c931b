// Package genexttest tests interpreters with generated compilers: residual code
// against the plain interpreter, with every guard made to fail in turn, and
// with small budgets. It also counts the ops of residual loops.
package genexttest

import (
	"math"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"martlet/genext"
	"martlet/internal/codegen"
	"martlet/internal/opt"
	"martlet/ir"
)

// Configs are the ways in which every program should be run.
func Configs() map[string]genext.Options {
	return map[string]genext.Options{
		"quick":       {Threshold: 2, Profile: 1},
		"full":        {Threshold: 2, Profile: 2, Level: opt.Full},
		"lazy":        {Threshold: 1, Lazy: true},
		"one version": {Threshold: 1, Limits: genext.Limits{Versions: 1}},
		"tiny":        {Threshold: 1, Limits: genext.Limits{Ops: 20, Steps: 400}},
		"bridges":     {Threshold: 1, Profile: 1, Retries: 50, Forced: true},
		"far bridges": {Threshold: 1, Profile: 1, Level: opt.Full, Forced: true, Executor: machine(codegen.Full)},
		"machine":     {Threshold: 2, Profile: 1, Executor: machine(codegen.Quick)},
		"best":        {Threshold: 2, Profile: 2, Level: opt.Full, Executor: machine(codegen.Full)},
	}
}

// machine is native execution where there is any.
func machine(l codegen.Level) genext.Executor {
	if n, ok := genext.Best().(genext.Native); ok {
		n.Level, n.Check = l, true
		return n
	}
	return genext.Graphs{}
}

// FailEveryGuard runs a program again and again: in run n the n-th guard that is
// executed fails. It stops when a run has fewer guards, or after limit runs.
// The function run executes the program with the options and compares.
func FailEveryGuard(t testing.TB, limit int, run func(o genext.Options) bool) int {
	for n := 1; n <= limit; n++ {
		count, failed := 0, false
		fail := func(int64) bool {
			count++
			failed = failed || count == n
			return count == n
		}
		o := genext.Options{Threshold: 1, Profile: 1, Exact: true, Executor: genext.Graphs{Fail: fail}}
		if !run(o) {
			t.Fatalf("wrong when guard execution %d fails", n)
		}
		if !failed {
			return n - 1
		}
	}
	return limit
}

// failEveryNth makes every guard execution of a program fail in turn in few runs: in run i those whose number leaves i
// when divided by the number of runs. It returns how many failed.
func failEveryNth(runs int, run func(o genext.Options) bool) (failed int) {
	for i := range runs {
		count, here := 0, 0
		fail := func(int64) bool {
			count++
			if count%runs != i {
				return false
			}
			here++
			return true
		}
		o := genext.Options{Threshold: 1, Profile: 1, Exact: true, Retries: soakRetries, Executor: genext.Graphs{Fail: fail}}
		if !run(o) {
			return failed
		}
		failed += here
	}
	return failed
}

// A soak runs many programs: SoakPrograms of them. One in soakThorough is tested as in a short run; the others with fewer compilations of
// a merge point, and with all guards failing in soakRuns runs instead of one run for each.
const (
	SoakPrograms = 20000
	soakThorough = 16
	soakRetries  = 3
	soakRuns     = 5
)

// thorough reports whether a program of a soak is tested as in a short run.
func thorough(seed uint64) bool { return seed%soakThorough == 0 }

// thin leaves of the configurations what a soak needs for each program: the residual code in the interpreter and as machine
// code at both levels, one version of each merge point, bridges at one of the levels, and promotions or budgets in turn.
func thin(configs map[string]genext.Options, seed uint64) {
	delete(configs, "full")
	delete(configs, []string{"bridges", "far bridges"}[seed%2])
	delete(configs, []string{"lazy", "tiny"}[seed/2%2])
	for name, o := range configs {
		o.Retries = soakRetries
		configs[name] = o
	}
}

// Size is how large the random program of a seed should be: small for most programs of a soak.
func Size(seed uint64, large, small int) int {
	if seed < 100 || thorough(seed) {
		return large
	}
	return small
}

// Random runs random programs in all configurations, and makes every guard fail in turn. The function run executes the
// program of a seed, interpreted if o is nil. A few programs are run (with guards failing in every tenth), or under MARTLET_SOAK=1 SoakPrograms
// (from MARTLET_SEED on, if set).
func Random[O any](t *testing.T, few int, same func(a, b O) bool, run func(t testing.TB, seed uint64, o *genext.Options) O) {
	t.Helper()
	first, n, soak := uint64(0), uint64(few), os.Getenv("MARTLET_SOAK") != ""
	if soak {
		first, _ = strconv.ParseUint(os.Getenv("MARTLET_SEED"), 10, 64)
		n = SoakPrograms
	}
	guards := 0
	for seed := first; seed < n; seed++ {
		want := run(t, seed, nil)
		check := func(name string, o genext.Options) bool {
			got := run(t, seed, &o)
			if !same(got, want) {
				t.Errorf("seed %d, %s: got %+v, want %+v", seed, name, got, want)
			}
			return !t.Failed()
		}
		thorough := !soak || thorough(seed)
		configs := Configs()
		if !thorough {
			thin(configs, seed)
		}
		for name, o := range configs {
			check(name, o)
		}
		switch failing := func(o genext.Options) bool { return check("a guard fails", o) }; {
		case !thorough:
			guards += failEveryNth(soakRuns, failing)
		case soak || seed%10 == 0:
			guards += FailEveryGuard(t, 80, failing)
		}
		if t.Failed() {
			return
		}
		if seed%1000 == 999 {
			t.Logf("%d programs", seed+1-first)
		}
	}
	t.Logf("%d programs, %d guard executions made to fail", n-first, guards)
	if guards == 0 {
		t.Error("no guard was ever executed")
	}
}

// Best is the body of a benchmark of something that takes between a few microseconds and a second: after some runs to warm up it reports,
// besides the mean, the time of the fastest run ("best-ns"). Other programs on the machine can only make runs slower.
func Best(b *testing.B, run func()) {
	for range 4 {
		run()
	}
	best := time.Duration(math.MaxInt64)
	for b.Loop() {
		start := time.Now()
		run()
		best = min(best, time.Since(start))
	}
	b.ReportMetric(float64(best), "best-ns")
}

// PerOp is the body of a benchmark of what profiling, specialising and making quick code cost for a residual op, at best
// ("best-ns"). The function run runs a program with a new driver of these options until it is compiled.
func PerOp(b *testing.B, run func(o genext.Options) *genext.Handle) {
	best := math.Inf(1)
	x := machine(codegen.Quick)
	if n, ok := x.(genext.Native); ok {
		n.Check = false
		x = n
	}
	for b.Loop() {
		st := run(genext.Options{Level: opt.Quick, Executor: x}).Stats()
		if st.Ops == 0 {
			b.Fatal("nothing was compiled")
		}
		best = min(best, float64(st.Spent)/float64(st.Ops))
	}
	b.ReportMetric(best, "best-ns")
}

// Count is how many ops of each kind a piece of residual code has.
type Count map[ir.Op]int

// Loop counts the ops of the loops of a function: blocks from which
// control can come back to themselves, constants left out.
func Loop(f *ir.Func) Count {
	return count(f, func(b *ir.Block) bool { return reachable(b)[b] })
}

// Settled counts the ops of the loops that execution stays in once it has got
// there: from which no other loop can be reached. The peeled turns before them are left out.
func Settled(f *ir.Func) Count {
	return count(f, func(b *ir.Block) bool {
		r := reachable(b)
		if !r[b] {
			return false
		}
		for o := range r {
			if back := reachable(o); back[o] && !back[b] {
				return false
			}
		}
		return true
	})
}

// Innermost counts the ops of the loops that hold no smaller loop: blocks whose
// every way back to themselves passes through the same blocks.
func Innermost(f *ir.Func) Count {
	in := func(b, without *ir.Block) bool { return b != without && reachable(b, without)[b] }
	return count(f, func(b *ir.Block) bool {
		r := reachable(b)
		if !r[b] {
			return false
		}
		for o := range r {
			if reachable(o)[b] && in(o, b) {
				return false // a loop around b goes on without it
			}
		}
		return true
	})
}

func count(f *ir.Func, which func(b *ir.Block) bool) Count {
	c := Count{}
	for _, b := range f.Blocks {
		if !which(b) {
			continue
		}
		for _, v := range b.Insts {
			switch v.Op {
			case ir.OpConst, ir.OpRefconst, ir.OpResult:
			default:
				c[v.Op]++
			}
		}
		if b.End.Op != ir.OpJump {
			c[b.End.Op]++
		}
	}
	return c
}

// All counts the ops of a function.
func All(f *ir.Func) Count {
	c := Count{}
	for _, b := range f.Blocks {
		for _, v := range b.Insts {
			c[v.Op]++
		}
		c[b.End.Op]++
	}
	return c
}

// reachable are the blocks that control can come to from b, on ways that avoid some.
func reachable(b *ir.Block, avoid ...*ir.Block) map[*ir.Block]bool {
	seen := map[*ir.Block]bool{}
	for work := []*ir.Block{b}; len(work) > 0; {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		for _, e := range b.End.Succs {
			if !seen[e.To] && !slices.Contains(avoid, e.To) {
				seen[e.To] = true
				work = append(work, e.To)
			}
		}
	}
	return seen
}
