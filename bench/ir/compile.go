package ir

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"martlet/bench/harness"
	"martlet/internal/irexec"
	mir "martlet/ir"
	"martlet/ir/irtest"
)

// sized makes a module with one generated function of about n values. It has loops,
// memory, branches and overflow checks, but no calls, so that inlining does
// not change what is measured.
func sized(n int, seed uint64) *mir.Module {
	stmts := max(1, n/4)
	for range 6 {
		m := irtest.Generate(seed, irtest.Config{Stmts: stmts, Funcs: 1, NoCall: true, NoRef: true})
		got := values(m)
		if got > n*9/10 && got < n*11/10 {
			return m
		}
		stmts = max(1, int(float64(stmts)*float64(n)/float64(max(got, 1))))
	}
	return irtest.Generate(seed, irtest.Config{Stmts: stmts, Funcs: 1, NoCall: true, NoRef: true})
}

func values(m *mir.Module) int {
	n := 0
	for _, f := range m.Funcs {
		for _, b := range f.Blocks {
			n += len(b.Params) + len(b.Insts)
		}
	}
	return n
}

// compileTime returns the median time of optimising and compiling a module, and its values.
func compileTime(m *mir.Module, level irexec.Level, rounds int) (time.Duration, int, error) {
	var ts []time.Duration
	n := 0
	for range rounds {
		p, err := irexec.Load(m, irexec.Options{Level: level})
		if err != nil {
			return 0, 0, err
		}
		ts = append(ts, p.Times.Optimise+p.Times.Generate)
		n = p.Times.Values
		p.Close()
	}
	return harness.Median(ts), n, nil
}

// compileValues is the part "values".
func (b *bench) compileValues() error {
	var t harness.Table
	t.Row("values", "quick ns/value", "full ns/value")
	series := []harness.Series{{Name: "quick"}, {Name: "full"}}
	var quick, full []float64
	for _, size := range []int{100, 300, 1000, 3000, 10000, 30000, 100000} {
		row := []string{""}
		for i, level := range []irexec.Level{irexec.Quick, irexec.Full} {
			per, n, err := b.perValue(size, level)
			if err != nil {
				return err
			}
			row[0] = fmt.Sprint(n)
			row = append(row, fmt.Sprintf("%.0f", per))
			series[i].X, series[i].Y = append(series[i].X, float64(n)), append(series[i].Y, per*float64(n)/1e6)
			if size <= 10000 {
				if i == 0 {
					quick = append(quick, per)
				} else {
					full = append(full, per)
				}
			}
		}
		t.Row(row...)
	}
	b.printf("Compile time (optimiser and code generation) per value of the input, generated functions\n")
	t.Print(b.c.Out)
	b.printf("geomean over 100 to 10,000 values: quick %.0f ns, full %.0f ns\n\n", harness.Geomean(quick), harness.Geomean(full))
	if b.c.Dir == "" {
		return nil
	}
	return harness.Plot(filepath.Join(b.c.Dir, "compile-growth.svg"), "Compile time by size of function", "values", "milliseconds", series)
}

// perValue is the time for each value, over a few functions of about a size.
func (b *bench) perValue(size int, level irexec.Level) (ns float64, n int, err error) {
	var total time.Duration
	seeds := 5
	if size > 20000 {
		seeds = 1
	}
	sum := 0
	for seed := range uint64(seeds) {
		t, k, err := compileTime(sized(size, seed), level, b.c.Rounds)
		if err != nil {
			b.printf("! seed %d, %d values: %v\n", seed, size, err)
			continue
		}
		total += t
		sum += k
	}
	if sum == 0 {
		return 0, 0, fmt.Errorf("no function of %d values compiles", size)
	}
	return float64(total) / float64(sum), sum / seeds, nil
}

// compileSet is the part "compile".
func (b *bench) compileSet() error {
	var ours, clang, lli []time.Duration
	var sum irexec.Times
	empty := filepath.Join(b.tmp, "empty.c")
	if err := os.WriteFile(empty, []byte("#include \"kernel.h\"\nint64_t run(int64_t n) { return n; }\n"), 0o644); err != nil {
		return err
	}
	inc := "-I" + filepath.Join(b.root, "bench", "ir", "c")
	object := filepath.Join(b.tmp, "o.o")
	clangOf := func(file string) (time.Duration, error) {
		return cpu("clang", inc, "-O2", "-c", "-o", object, file)
	}
	lliOf := func(file string) (time.Duration, error) {
		bc := filepath.Join(b.tmp, strings.TrimSuffix(filepath.Base(file), ".c")+"-O2.bc")
		if err := b.shell("clang " + inc + " -O2 -emit-llvm -c -o " + bc + " " + file); err != nil {
			return 0, err
		}
		return cpu("lli", "-O0", bc, "1", "0") // no repetition: only its code generation
	}
	for range b.c.Rounds {
		var o, c, l time.Duration
		sum = irexec.Times{}
		baseC, err := clangOf(empty)
		if err != nil {
			return err
		}
		baseL, err := lliOf(empty)
		if err != nil {
			return err
		}
		for _, k := range kernels {
			if k.goFn != nil {
				continue
			}
			m, err := b.load(k)
			if err != nil {
				return err
			}
			t, err := compileCPU(m, &sum)
			if err != nil {
				return fmt.Errorf("%s: %w", k.name, err)
			}
			o += t
			tc, err := clangOf(b.twin(k))
			if err != nil {
				return err
			}
			tl, err := lliOf(b.twin(k))
			if err != nil {
				return err
			}
			c, l = c+tc-baseC, l+tl-baseL
		}
		ours, clang, lli = append(ours, o), append(clang, c), append(lli, l)
	}
	o, c, l := harness.Median(ours), harness.Median(clang), harness.Median(lli)
	b.printf("Compiling the fourteen kernels, median of %d\n", b.c.Rounds)
	b.printf("martlet full, parsed graphs to installed code: %s ms of CPU\n", harness.Ms(o))
	b.printf("  (%d values; wall time: %s ms optimising, %s generating code, %s installing)\n", sum.Values,
		harness.Ms(sum.Optimise), harness.Ms(sum.Generate), harness.Ms(sum.Install))
	b.printf("clang -O2 -c, less an empty file's: %s ms of CPU, %s times as long\n", harness.Ms(c), harness.Ratio(c, o))
	b.printf("lli -O0 on clang -O2's code, less an empty program's: %s ms of CPU, %s times as long\n\n", harness.Ms(l), harness.Ratio(l, o))
	return nil
}

// compileCPU returns the CPU time of this process, the collector's included, to
// compile a module (an average of several times, less the memory for its globals), and adds the parts to sum.
func compileCPU(m *mir.Module, sum *irexec.Times) (time.Duration, error) {
	const times = 5
	var total time.Duration
	for i := range times {
		begin, err := selfCPU()
		if err != nil {
			return 0, err
		}
		p, err := irexec.Load(m, irexec.Options{Level: irexec.Full})
		if err != nil {
			return 0, err
		}
		end, err := selfCPU()
		if err != nil {
			return 0, err
		}
		total += end - begin - p.Times.Data
		if i == times-1 {
			sum.Values += p.Times.Values
			sum.Optimise += p.Times.Optimise
			sum.Generate += p.Times.Generate
			sum.Install += p.Times.Install
		}
		p.Close()
	}
	return total / times, nil
}

// selfCPU is the CPU time that this process has used.
func selfCPU() (time.Duration, error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, err
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), nil
}
