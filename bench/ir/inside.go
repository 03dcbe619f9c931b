package ir

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"slices"
	"strconv"
	"strings"
	"time"

	"martlet/bench/harness"
	"martlet/internal/irexec"
	mir "martlet/ir"
	"martlet/ir/interp"
)

// inside measures what machine code in a Go process costs: the switch to it and back, an exit, and the collector's wait for a loop in it.
func (b *bench) inside() error {
	if err := b.switches(); err != nil {
		return err
	}
	return b.collections()
}

// switches runs the benchmarks of internal/native many times, shortly, and keeps the fastest of each: other load can only slow them.
func (b *bench) switches() error {
	cmd := exec.Command("go", "test", "-run", "^$", "-bench", "^Benchmark(Enter|GoJITGo|ExitResume)$", "-benchtime", "20000x", "-count", strconv.Itoa(10*b.c.Rounds), "./internal/native")
	cmd.Dir = b.root
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	best := map[string]float64{}
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		if len(f) < 3 || !strings.HasPrefix(f[0], "Benchmark") {
			continue
		}
		name, _, _ := strings.Cut(f[0], "-")
		if ns, err := strconv.ParseFloat(f[2], 64); err == nil && (best[name] == 0 || ns < best[name]) {
			best[name] = ns
		}
	}
	var t harness.Table
	t.Row(fmt.Sprintf("switches, fastest of %d", 10*b.c.Rounds), "ns")
	for _, r := range []struct{ name, what string }{
		{"BenchmarkEnter", "Go to machine code and back"},
		{"BenchmarkGoJITGo", "the same with the bookkeeping of a call"},
		{"BenchmarkExitResume", "exit, an empty Go function, resumption"},
	} {
		t.Row(r.what, fmt.Sprintf("%.1f", best[r.name]))
	}
	t.Print(b.c.Out)
	b.printf("\n")
	return nil
}

const spinText = `func @spin(i64) -> i64 {
entry(%n i64):
  jump loop(0, 1)
loop(%i i64, %x i64):
  %y = mul.i64 %x, 6364136223846793005
  %z = add.i64 %y, 1
  %j = add.i64 %i, 1
  %c = slt.i64 %j, %n
  br %c, loop(%j, %z), done
done:
  ret %z
}
`

func spin(n int64) int64 {
	x := int64(1)
	for range n {
		x = x*6364136223846793005 + 1
	}
	return x
}

// collections measures how long the collector waits for a loop to stop, and how long a whole collection takes beside it. The second depends more on when
// the system runs which thread than on the loop.
func (b *bench) collections() error {
	m, err := mir.Parse("spin.ir", spinText)
	if err != nil {
		return err
	}
	p, err := irexec.Load(m, irexec.Options{Level: irexec.Full})
	if err != nil {
		return err
	}
	defer p.Close()
	const n = 200_000_000
	want := spin(n)
	loops := []struct {
		name  string
		run   func() int64
		times []time.Duration
		stops stopTimes
	}{
		{name: "in Go", run: func() int64 { return spin(n) }},
		{name: "in machine code", run: func() int64 { return p.Call("spin", interp.I64(n)).Values[0].Bits }},
	}
	for range 3 * b.c.Rounds {
		for i := range loops {
			l := &loops[i]
			before := readStops()
			l.times = append(l.times, collectBeside(l.run, want)...)
			l.stops.add(readStops(), before)
		}
	}
	var t harness.Table
	t.Row("collections beside a loop", "stopping it, ms: median", "99 %", "slowest", "collection, ms: median", "slowest")
	for _, l := range loops {
		t.Row(l.name, l.stops.quantile(0.5), l.stops.quantile(0.99), l.stops.quantile(1), harness.Ms(harness.Median(l.times)), harness.Ms(slices.Max(l.times)))
	}
	t.Print(b.c.Out)
	b.printf("\n")
	return nil
}

// collectBeside collects as long as run runs on another goroutine.
func collectBeside(run func() int64, want int64) (times []time.Duration) {
	done := make(chan int64)
	go func() { done <- run() }()
	for {
		select {
		case got := <-done:
			if got != want {
				panic(fmt.Sprintf("the loop gave %d instead of %d", got, want))
			}
			return times
		default:
			t0 := time.Now()
			runtime.GC()
			times = append(times, time.Since(t0))
		}
	}
}

// stopTimes is how often stopping all goroutines took how long, in the buckets of runtime/metrics.
type stopTimes struct {
	counts []uint64
	upper  []float64 // seconds
}

// readStops returns the collector's stops since the start of the process.
func readStops() *metrics.Float64Histogram {
	s := []metrics.Sample{{Name: "/sched/pauses/stopping/gc:seconds"}}
	metrics.Read(s)
	h := s[0].Value.Float64Histogram()
	return &metrics.Float64Histogram{Counts: slices.Clone(h.Counts), Buckets: h.Buckets}
}

func (s *stopTimes) add(after, before *metrics.Float64Histogram) {
	if s.counts == nil {
		s.counts, s.upper = make([]uint64, len(after.Counts)), after.Buckets[1:]
	}
	for i := range s.counts {
		s.counts[i] += after.Counts[i] - before.Counts[i]
	}
}

// quantile is the upper end of the bucket in which part q of the stops ends, in milliseconds.
func (s *stopTimes) quantile(q float64) string {
	total := uint64(0)
	for _, c := range s.counts {
		total += c
	}
	for i, c := range s.counts {
		if q -= float64(c) / float64(total); q <= 1e-9 {
			return fmt.Sprintf("%.2g", 1000*s.upper[i])
		}
	}
	return "?"
}

const helloText = "func @hello(i64) -> i64 {\nentry(%x i64):\n  %y = add.i64 %x, 1\n  ret %y\n}\n"

const bareText = "package main\n\nimport \"os\"\n\nfunc main() { os.Stdout.WriteString(\"42\\n\") }\n"

// start compares whole processes: martlet-ir run of a small function and a Go program that prints the same.
func (b *bench) start() error {
	in := func(name string) string { return filepath.Join(b.tmp, name) }
	for name, text := range map[string]string{"hello.ir": helloText, "bare.go": bareText} {
		if err := os.WriteFile(in(name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	for _, args := range [][]string{{"-o", in("martlet-ir"), "./cmd/martlet-ir"}, {"-o", in("bare"), in("bare.go")}} {
		cmd := exec.Command("go", append([]string{"build"}, args...)...)
		cmd.Dir = b.root
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%w\n%s", err, out)
		}
	}
	cs := []harness.Contestant{
		{Name: "a bare Go program", Run: process(in("bare"))},
		{Name: "martlet-ir run", Run: process(in("martlet-ir"), "run", in("hello.ir"), "hello(41)")},
	}
	times, errs := harness.Race(cs, 10*b.c.Rounds)
	var t harness.Table
	t.Row("start to exit, user+sys", "ms", "more")
	for i, c := range cs {
		if errs[i] != nil {
			return fmt.Errorf("%s: %w", c.Name, errs[i])
		}
		t.Row(c.Name, harness.Ms(times[i]), harness.Ms(times[i]-times[0]))
	}
	t.Print(b.c.Out)
	b.printf("\n")
	return nil
}

// process runs a command: its output is the result, user and system time of the process the time.
func process(name string, args ...string) func() (string, time.Duration, error) {
	return func() (string, time.Duration, error) {
		cmd := exec.Command(name, args...)
		out, err := cmd.Output()
		if err != nil {
			return "", 0, err
		}
		return strings.TrimSpace(string(out)), cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
	}
}
