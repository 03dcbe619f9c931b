package ir

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"martlet/bench/harness"
	"martlet/internal/irexec"
	mir "martlet/ir"
)

// chain is a supply of real code of any length: copies of kernels' functions, one behind the
// other in one function, which all get the same arguments. (Generated random functions
// will not do: most of a long one is dead to the optimiser.)
type chain struct {
	all   *mir.Module
	parts []*mir.Func
}

// newChain takes the functions without calls from the kernels.
func (b *bench) newChain() (*chain, error) {
	var mods []*mir.Module
	for _, k := range kernels {
		if k.goFn != nil {
			continue
		}
		m, err := b.load(k)
		if err != nil {
			return nil, err
		}
		for _, f := range m.Funcs {
			f.Linkage = mir.Internal
		}
		mods = append(mods, m)
	}
	all, err := mir.Link("chain", mods...)
	if err != nil {
		return nil, err
	}
	c := &chain{all: all}
	for _, f := range all.Funcs {
		if leaf(f) {
			c.parts = append(c.parts, f)
		}
	}
	return c, nil
}

func leaf(f *mir.Func) bool {
	for _, b := range f.Blocks {
		for _, v := range b.Insts {
			if v.Op == mir.OpCall {
				return false
			}
		}
	}
	return true
}

// sized makes a module with one function of about n values; small ones begin at another part for each seed.
func (c *chain) sized(n, seed int) (*mir.Module, error) {
	var text strings.Builder
	for _, g := range c.all.Globals {
		one := mir.NewModule("g")
		copied := *g
		if len(g.Init) == 0 {
			copied.Size = 64 // nothing runs here: clearing megabytes between compilations would only empty the caches
		}
		one.AddGlobal(&copied)
		text.WriteString(strings.SplitN(one.String(), "\n", 2)[1])
	}
	text.WriteString("func @run(i64, ptr, f64) {\nentry(%i64 i64, %ptr ptr, %f64 f64):\n")
	for count, k := 0, 0; count < n; k++ {
		f := c.parts[(k+seed)%len(c.parts)]
		count += c.append(&text, f, k)
	}
	text.WriteString("  ret\n}\n")
	return mir.Parse("chain", text.String())
}

// append writes one more copy, which the text before it jumps to and which ends by jumping on.
func (c *chain) append(text *strings.Builder, f *mir.Func, k int) int {
	n := 0
	for _, b := range f.Blocks {
		b.SetName(fmt.Sprintf("c%d.%d", k, b.ID))
		for _, v := range append(b.Params[:len(b.Params):len(b.Params)], b.Insts...) {
			v.SetName(fmt.Sprintf("v%d.%d", k, v.ID))
			n++
		}
	}
	var args []string
	for _, t := range f.Sig.Params {
		args = append(args, "%"+t.String())
	}
	head := f.Entry().String()
	if len(args) > 0 {
		head += "(" + strings.Join(args, ", ") + ")"
	}
	fmt.Fprintf(text, "  jump %s\n", head)
	lines := strings.Split(f.Text(mir.PrintPlain), "\n")
	for _, line := range lines[1 : len(lines)-2] {
		if strings.HasPrefix(line, "  ret") {
			line = fmt.Sprintf("  jump end%d", k)
		}
		text.WriteString(line + "\n")
	}
	fmt.Fprintf(text, "end%d:\n", k)
	return n
}

// compileTime returns the least CPU time of optimising and compiling a module, and its values: other load on the machine, which takes the caches, can only
// slow it.
func compileTime(m *mir.Module, level irexec.Level, rounds int) (time.Duration, int, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // collections are between compilations, of functions of any size
	var ts []time.Duration
	n := 0
	for range 4 * rounds {
		runtime.GC()
		p, err := irexec.Load(m, irexec.Options{Level: level, Clock: threadCPU})
		if err != nil {
			return 0, 0, err
		}
		ts = append(ts, p.Times.Optimise+p.Times.Generate)
		n = p.Times.Values
		p.Close()
	}
	return slices.Min(ts), n, nil
}

// compileValues is the part "values".
func (b *bench) compileValues() error {
	var t harness.Table
	t.Row("values", "quick ns/value", "full ns/value")
	series := []harness.Series{{Name: "quick"}, {Name: "full"}}
	var quick, full []float64
	code, err := b.newChain()
	if err != nil {
		return err
	}
	for _, size := range []int{100, 300, 1000, 3000, 10000, 30000, 100000} {
		row := []string{""}
		for i, level := range []irexec.Level{irexec.Quick, irexec.Full} {
			per, n, err := b.perValue(code, size, level)
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
	b.printf("Compile time (CPU time of the compiling thread in optimiser and code generation, fastest of %d) per value of the input; kernels' code, chained\n", 4*b.c.Rounds)
	t.Print(b.c.Out)
	b.printf("geomean over 100 to 10,000 values: quick %.0f ns, full %.0f ns\n\n", harness.Geomean(quick), harness.Geomean(full))
	if b.c.Dir == "" {
		return nil
	}
	const anchor = 4 // the series' point at 10,000 values
	ref := harness.Series{Name: "n log n"}
	for _, x := range series[1].X {
		x0, y0 := series[1].X[anchor], series[1].Y[anchor]
		ref.X, ref.Y = append(ref.X, x), append(ref.Y, y0*x*math.Log(x)/(x0*math.Log(x0)))
	}
	series = append(series, ref)
	return harness.Plot(filepath.Join(b.c.Dir, "compile-growth.svg"), "Compile time by size of function", "values", "milliseconds", series)
}

// perValue is the time for each value, over a few functions of about a size.
func (b *bench) perValue(c *chain, size int, level irexec.Level) (ns float64, n int, err error) {
	var total time.Duration
	seeds := 5
	if size > 20000 {
		seeds = 1
	}
	sum := 0
	for seed := range seeds {
		m, err := c.sized(size, seed)
		if err != nil {
			return 0, 0, err
		}
		if err := mir.Verify(m); err != nil {
			return 0, 0, err
		}
		t, k, err := compileTime(m, level, b.c.Rounds)
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
	b.printf("  (%d values: %s ms optimising, %s generating code, %s installing)\n", sum.Values,
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
		begin := selfCPU()
		p, err := irexec.Load(m, irexec.Options{Level: irexec.Full, Clock: selfCPU})
		if err != nil {
			return 0, err
		}
		total += selfCPU() - begin - p.Times.Data
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

// threadCPU is the CPU time that this thread has used.
func threadCPU() time.Duration { return cpuClock(3) }

// selfCPU is the CPU time that this process has used.
func selfCPU() time.Duration { return cpuClock(2) }

// cpuClock reads one of clock_gettime(2)'s clocks: 2 is the process's CPU time, 3 the thread's.
func cpuClock(id uintptr) time.Duration {
	var t syscall.Timespec
	if _, _, e := syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, id, uintptr(unsafe.Pointer(&t)), 0); e != 0 {
		panic("bench: no CPU clock: " + e.Error())
	}
	return time.Duration(t.Nano())
}
