package engine

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"time"

	"martlet/bench/harness"
	"martlet/internal/codegen"
	"martlet/internal/native"
	"martlet/internal/obj"
	"martlet/ir"
	"martlet/jit"
)

const fibText = `module "fib"
func @fib(i64) -> i64 {
entry(%n i64):
  %c = slt.i64 %n, 2
  br %c, small, big
small:
  ret %n
big:
  %a = sub.i64 %n, 1
  %b = sub.i64 %n, 2
  %x = call @fib(%a)
  %y = call @fib(%b)
  %s = add.i64 %x, %y
  ret %s
}
func @add(i64, i64, i64, i64) -> i64 {
entry(%a i64, %b i64, %c i64, %d i64):
  %x = add.i64 %a, %b
  %y = add.i64 %c, %d
  %z = add.i64 %x, %y
  ret %z
}
`

// fibN is fib's argument: some milliseconds.
const fibN = 27

// calls measures calls between compiled functions and from Go.
func calls(c *harness.Config) error {
	cell, err := newFib(false)
	if err != nil {
		return err
	}
	direct, err := newFib(true)
	if err != nil {
		return err
	}
	rounds := 15 * c.Rounds
	times, errs := fastest([]harness.Contestant{{Name: "direct", Run: direct.run}, {Name: "cell", Run: cell.run}}, rounds)
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	var t harness.Table
	t.Row(fmt.Sprintf("calls: fib(%d), fastest of %d", fibN, rounds), "ms", "ratio")
	t.Row("direct calls", harness.Ms(times[0]), "")
	t.Row("through the entry cell", harness.Ms(times[1]), harness.Ratio(times[1], times[0]))
	t.Print(c.Out)
	return handleCalls(c, rounds)
}

// fastest lets the contestants take turns and keeps the least time of each: these are loops of pure computation, which other load can only slow.
func fastest(cs []harness.Contestant, rounds int) ([]time.Duration, []error) {
	best := make([]time.Duration, len(cs))
	errs := make([]error, len(cs))
	for range rounds {
		times, es := harness.Race(cs, 1)
		for i, d := range times {
			if es[i] != nil {
				errs[i] = es[i]
			} else if best[i] == 0 || d < best[i] {
				best[i] = d
			}
		}
	}
	return best, errs
}

// fib is the installed function, entered directly.
type fib struct {
	m    *native.Machine
	in   *native.Installed
	cell *uint64
}

// newFib compiles fib. The two forms differ in nothing but the calls: mov r12, [rip+cell]; call r12, or a nop and call fib, of the same length.
func newFib(direct bool) (*fib, error) {
	mod, err := ir.Parse("fib.ir", fibText)
	if err != nil {
		return nil, err
	}
	code, err := codegen.Compile(mod.Func("fib"), codegen.Target{Level: codegen.Full})
	if err != nil {
		return nil, err
	}
	if direct {
		makeDirect(code)
	}
	f := &fib{cell: new(uint64)}
	if f.m, err = native.Open(); err != nil {
		return nil, err
	}
	data, err := f.m.Memory().AllocData(8)
	if err != nil {
		return nil, err
	}
	if f.in, _, err = f.m.Install(code, cells(data)); err != nil {
		return nil, err
	}
	native.SetCell(data, uint64(f.in.Addr))
	return f, nil
}

var (
	loadCell = []byte{0x4c, 0x8b, 0x25} // mov r12, [rip+d]: the first bytes
	callR12  = []byte{0x41, 0xff, 0xd4}
	nop5     = []byte{0x0f, 0x1f, 0x44, 0x00, 0x00}
)

// makeDirect turns the calls through the cell into calls of the code's own start.
func makeDirect(code *obj.Code) {
	var rest []obj.Reloc
	for _, r := range code.Relocs {
		at := code.Text[r.Off-3:]
		if r.Kind != obj.RelEntryPC32 || !bytes.Equal(at[:3], loadCell) || !bytes.Equal(at[7:10], callR12) {
			rest = append(rest, r)
			continue
		}
		copy(at, nop5)
		at[5] = 0xe8
		binary.LittleEndian.PutUint32(at[6:], uint32(-(r.Off + 7)))
	}
	code.Relocs = rest
}

func (f *fib) run() (string, time.Duration, error) {
	c, err := f.m.Acquire()
	if err != nil {
		return "", 0, err
	}
	defer f.m.Release(c)
	c.Words[0] = fibN
	t0 := time.Now()
	err = c.Call(f.in.Entry(), nil, nil)
	return fmt.Sprint(c.Words[0]), time.Since(t0), err
}

// cells resolves every function to one entry cell.
type cells uintptr

func (c cells) EntryCell(string) (uintptr, error)    { return uintptr(c), nil }
func (c cells) Data(sym string) (uintptr, error)     { return 0, fmt.Errorf("no datum %s", sym) }
func (c cells) GoFunc(sym string) (uint32, error)    { return 0, fmt.Errorf("no Go function %s", sym) }
func (c cells) Type(t *ir.TypeDesc) (uintptr, error) { return 0, fmt.Errorf("no type %s", t.Name) }

// handleCalls measures calls from Go through a typed handle with four words.
func handleCalls(c *harness.Config, rounds int) error {
	e := jit.New(jit.Options{Tiers: jit.FullOnly})
	defer e.Close()
	l := e.NewLibrary("main")
	mod, err := ir.Parse("fib.ir", fibText)
	if err != nil {
		return err
	}
	if _, err := l.Add(mod); err != nil {
		return err
	}
	f, err := jit.Lookup[func(int64, int64, int64, int64) int64](l, "add")
	if err != nil {
		return err
	}
	const n = 200_000
	times, errs := fastest([]harness.Contestant{{Name: "handle", Run: func() (string, time.Duration, error) {
		t0, s := time.Now(), int64(0)
		for i := range int64(n) {
			s += f.Call(i, 1, 2, 3)
		}
		return fmt.Sprint(s), time.Since(t0), nil
	}}}, rounds)
	if errs[0] != nil {
		return errs[0]
	}
	fmt.Fprintf(c.Out, "calls: from Go through a handle, four words: %.1f ns (fastest of %d)\n", float64(times[0])/n, rounds)
	return nil
}
