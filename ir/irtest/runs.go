package irtest

import (
	"fmt"
	"runtime"
	"strings"
	"unsafe"

	"martlet/ir"
	"martlet/ir/interp"
)

// Run is one run directive.
type Run struct {
	Line int
	Func *ir.Func
	Args []interp.Val
	Want Outcome
}

func (r Run) String() string { return fmt.Sprintf("@%s(%s)", r.Func.Name, vals(r.Args)) }

// Outcome is what came of a run: results, an exit, a trap, or an error that
// says nothing about the program.
type Outcome struct {
	Values []interp.Val
	Exit   *interp.Exit
	Trap   ir.TrapCode
	Err    error
	Steps  int64  // by the interpreter
	Memory []byte // the globals' contents afterwards, if the executor can tell
}

func vals(vs []interp.Val) string {
	s := make([]string, len(vs))
	for i, v := range vs {
		s[i] = v.String()
	}
	return strings.Join(s, ", ")
}

// String prints the outcome as a directive expects it.
func (o Outcome) String() string {
	switch {
	case o.Err != nil:
		return "fails: " + o.Err.Error()
	case o.Trap != ir.TrapNone:
		return "traps " + o.Trap.String()
	case o.Exit != nil:
		return fmt.Sprintf("exits %d(%s)", o.Exit.Number, vals(o.Exit.Values))
	}
	return "== " + vals(o.Values)
}

// Same reports whether two executors agree.
func (o Outcome) Same(p Outcome) bool {
	if o.Trap != p.Trap || (o.Exit == nil) != (p.Exit == nil) || (o.Err == nil) != (p.Err == nil) {
		return false
	}
	if o.Memory != nil && p.Memory != nil && string(o.Memory) != string(p.Memory) {
		return false
	}
	if o.Exit != nil {
		return o.Exit.Number == p.Exit.Number && sameVals(o.Exit.Values, p.Exit.Values)
	}
	return sameVals(o.Values, p.Values)
}

func sameVals(a, b []interp.Val) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !a[i].Same(b[i]) {
			return false
		}
	}
	return true
}

// Executor runs functions.
type Executor interface {
	Name() string
	// Run calls f, a definition in m, with fresh globals.
	Run(m *ir.Module, f *ir.Func, args []interp.Val) Outcome
}

// Interp is the reference interpreter as an Executor.
type Interp struct {
	MaxSteps  int64
	CheckRefs bool
}

// Name returns "interp".
func (Interp) Name() string { return "interp" }

// Run calls f in a new machine.
func (x Interp) Run(m *ir.Module, f *ir.Func, args []interp.Val) Outcome {
	mc, err := interp.New(m, interp.Options{MaxSteps: x.MaxSteps, CheckRefs: x.CheckRefs, Go: Host})
	if err != nil {
		return Outcome{Err: err}
	}
	res, err := mc.CallFunc(f, args...)
	o := Outcome{Values: res.Values, Exit: res.Exit, Steps: mc.Steps}
	if t, ok := err.(*interp.Trap); ok {
		o.Trap = t.Code
	} else {
		o.Err = err
	}
	for _, g := range m.Globals {
		if !g.Const && len(g.Relocs) == 0 {
			o.Memory = append(o.Memory, mc.GlobalData(g.Name)...)
		}
	}
	return o
}

// Host returns the Go functions that run files and generated modules may declare.
func Host(name string) ir.GoFunc {
	switch name {
	case "host.mix":
		return func(w []uint64, _ []unsafe.Pointer) { w[0] = w[0]*0x9e3779b97f4a7c15 ^ w[0]>>29 }
	case "host.swap":
		return func(w []uint64, _ []unsafe.Pointer) { w[0] = ^w[0] }
	case "host.gc":
		return func([]uint64, []unsafe.Pointer) { runtime.GC() }
	}
	return nil
}

// Runs reads the run directives of a module's text. The module must be the text's.
func Runs(m *ir.Module, file, src string) ([]Run, error) {
	var runs []Run
	for i, line := range strings.Split(src, "\n") {
		text, ok := strings.CutPrefix(strings.TrimSpace(line), "; run:")
		if !ok {
			continue
		}
		r, err := parseRun(m, strings.TrimSpace(text))
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, i+1, err)
		}
		r.Line = i + 1
		runs = append(runs, r)
	}
	return runs, nil
}

func parseRun(m *ir.Module, s string) (r Run, err error) {
	call, want := s, ""
	if i := strings.IndexByte(s, ')'); i >= 0 {
		call, want = s[:i+1], strings.TrimSpace(s[i+1:])
	}
	if r.Func, r.Args, err = ParseCall(m, call); err != nil {
		return r, err
	}
	switch kind, rest, _ := strings.Cut(want, " "); kind {
	case "==":
		r.Want.Values, err = ParseVals(rest, r.Func.Sig.Results)
	case "":
	case "traps":
		r.Want.Trap, err = parseTrap(rest)
	case "exits":
		r.Want.Exit, err = parseExit(rest)
	default:
		err = fmt.Errorf("expected ==, traps or exits, found %q", kind)
	}
	return r, err
}

// ParseCall reads "@f(1, 2.5)" or "f(1, 2.5)".
func ParseCall(m *ir.Module, s string) (*ir.Func, []interp.Val, error) {
	name, rest, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(s), "@"), "(")
	args, closed := strings.CutSuffix(strings.TrimSpace(rest), ")")
	f := m.Func(strings.TrimSpace(name))
	switch {
	case !ok || !closed:
		return nil, nil, fmt.Errorf("expected function(arguments), found %q", s)
	case f == nil:
		return nil, nil, fmt.Errorf("function @%s is not in the module", name)
	}
	vs, err := ParseVals(args, f.Sig.Params)
	return f, vs, err
}

// ParseVals reads values of the given types, separated by commas.
func ParseVals(s string, types []ir.Type) ([]interp.Val, error) {
	var parts []string
	if strings.TrimSpace(s) != "" {
		parts = strings.Split(s, ",")
	}
	if len(parts) != len(types) {
		return nil, fmt.Errorf("%d values instead of %d in (%s)", len(parts), len(types), s)
	}
	out := make([]interp.Val, len(parts))
	for i, p := range parts {
		v, err := parseVal(strings.TrimSpace(p), types[i])
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

// notNil stands for "some object" in expectations.
var notNil byte

func parseVal(s string, t ir.Type) (interp.Val, error) {
	if t == ir.Ref && s == "ref" {
		return interp.Ref(unsafe.Pointer(&notNil)), nil
	}
	x, err := ir.ParseConst(t, s)
	return interp.Val{Type: t, Bits: x}, err
}

func parseTrap(s string) (ir.TrapCode, error) {
	for c := ir.TrapUnreachable; c < ir.TrapUser+100; c++ {
		if c.String() == s {
			return c, nil
		}
	}
	return 0, fmt.Errorf("unknown trap %q", s)
}

// parseExit reads "3(1, 2.5, nil)"; values are i64, f64 or ref by their form.
func parseExit(s string) (*interp.Exit, error) {
	num, rest, _ := strings.Cut(s, "(")
	n, err := ir.ParseConst(ir.I64, strings.TrimSpace(num))
	if err != nil {
		return nil, err
	}
	e := &interp.Exit{Number: n}
	rest = strings.TrimSuffix(strings.TrimSpace(rest), ")")
	if rest == "" {
		return e, nil
	}
	for _, p := range strings.Split(rest, ",") {
		p = strings.TrimSpace(p)
		t := ir.I64
		if p, name, ok := strings.Cut(p, ":"); ok {
			t, _ = ir.ParseType(name)
			v, err := parseVal(p, t)
			if err != nil {
				return nil, err
			}
			e.Values = append(e.Values, v)
			continue
		}
		switch {
		case p == "nil" || p == "ref":
			t = ir.Ref
		case strings.ContainsAny(p, ".n"):
			t = ir.F64
		}
		v, err := parseVal(p, t)
		if err != nil {
			return nil, err
		}
		e.Values = append(e.Values, v)
	}
	return e, nil
}
