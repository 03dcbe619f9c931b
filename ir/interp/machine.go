package interp

import (
	"fmt"
	"math"
	"sort"
	"strings"
	"unsafe"

	"martlet/ir"
)

// Val is a value outside the machine.
type Val struct {
	Type ir.Type
	Bits int64          // as in a const's Imm: integers sign-extended, floats as bits
	Ref  unsafe.Pointer // Type == ir.Ref
}

// Int returns an integer value of a type.
func Int(t ir.Type, x int64) Val { return Val{Type: t, Bits: ir.SignExtend(t, x)} }

// I64 returns an i64 value.
func I64(x int64) Val { return Val{Type: ir.I64, Bits: x} }

// F64 returns an f64 value.
func F64(x float64) Val { return Val{Type: ir.F64, Bits: int64(math.Float64bits(x))} }

// F32 returns an f32 value.
func F32(x float32) Val { return Val{Type: ir.F32, Bits: int64(math.Float32bits(x))} }

// Ptr returns an address.
func Ptr(p unsafe.Pointer) Val { return Val{Type: ir.Ptr, Bits: int64(uintptr(p))} }

// Ref returns a Go pointer.
func Ref(p unsafe.Pointer) Val { return Val{Type: ir.Ref, Ref: p} }

// Float returns the number of a float value.
func (v Val) Float() float64 {
	if v.Type == ir.F32 {
		return float64(math.Float32frombits(uint32(v.Bits)))
	}
	return math.Float64frombits(uint64(v.Bits))
}

// String prints the value as the text form writes a constant.
func (v Val) String() string {
	switch {
	case v.Type == ir.Ref && v.Ref == nil:
		return "nil"
	case v.Type == ir.Ref:
		return "ref"
	case v.Type.IsFloat() && v.Float() != v.Float():
		return "nan"
	case v.Type == ir.F32:
		return fmt.Sprint(float32(v.Float()))
	case v.Type == ir.F64:
		return fmt.Sprint(v.Float())
	}
	return fmt.Sprint(v.Bits)
}

// Same reports whether two values agree: NaNs agree with each other, refs if
// both are nil or both are not (each executor allocates its own objects).
func (v Val) Same(o Val) bool {
	switch {
	case v.Type != o.Type:
		return false
	case v.Type == ir.Ref:
		return (v.Ref == nil) == (o.Ref == nil)
	case v.Type.IsFloat() && v.Float() != v.Float():
		return o.Float() != o.Float()
	}
	return v.Bits == o.Bits
}

// Exit is a guard that failed or an exit end that was reached.
type Exit struct {
	Number int64
	Values []Val
	Func   *ir.Func
	Aux    any // the maker's payload
}

// Result is the outcome of a call that did not fail.
type Result struct {
	Values []Val
	Exit   *Exit // the exit taken, if no Options.OnExit handled it; then Values is nil
}

// Options configure a machine. The zero value is useful.
type Options struct {
	MaxSteps  int64                                         // instructions per Call (consts are free); 0: no limit
	MaxDepth  int                                           // nested calls; 0: 10,000
	Go        func(name string) ir.GoFunc                   // bodies of functions declared go
	Resolve   func(name string) *ir.Func                    // definitions of declared functions
	Global    func(name string) (unsafe.Pointer, int)       // address and size of declared globals
	RefConst  func(name string) unsafe.Pointer              // objects of refconsts that have no Ptr
	OnExit    func(m *Machine, e *Exit) ([]Val, error)      // handles an exit: gives the results of the function that left
	CheckRefs bool                                          // check accesses to objects that the code allocates (and keep these alive)
	OnAlloc   func(t *ir.TypeDesc, n int, p unsafe.Pointer) // told of every allocation
}

// Machine executes the functions of a module. It is for one goroutine at a time.
type Machine struct {
	Steps int64 // instructions executed so far
	// Interrupt, if not nil, is asked now and then while a function runs. Its error ends the call.
	Interrupt func() error

	mod     *ir.Module
	opt     Options
	code    map[*ir.Func]*code
	regions []region // sorted by start
	last    region   // of the last access
	slots   []region // stack slots of live frames, innermost last
	arena   arena
	globals map[string]uintptr
	entries []*ir.Func // functions by entry address
	entry   map[*ir.Func]uintptr
	objects objectTable
	types   map[*ir.TypeDesc]layout
	words   []int64
	refs    []unsafe.Pointer
	calls   []callSite
	limit   int64 // of Steps
	look    int64 // value of Steps at which limit and Interrupt are looked at next
}

type region struct {
	start, end uintptr
	readonly   bool
	keep       any
}

type callSite struct {
	fn   *ir.Func
	inst *inst
}

// entryBase is where the entry addresses of functions begin: no memory is there.
const entryBase = 1 << 62

// ErrSteps is the error of a call that reached Options.MaxSteps.
type ErrSteps struct{ Limit int64 }

func (e *ErrSteps) Error() string { return fmt.Sprintf("stopped after %d steps", e.Limit) }

// Trap is the error of a call that trapped.
type Trap struct {
	Code  ir.TrapCode
	Func  *ir.Func
	Value *ir.Value // the instruction, or nil for a block's end
	Pos   ir.Pos
	Note  string
	Calls []string // functions on the stack, innermost first
}

func (t *Trap) Error() string {
	var b strings.Builder
	if t.Func != nil && t.Func.Module != nil && t.Pos.File > 0 && int(t.Pos.File) <= len(t.Func.Module.Files) {
		fmt.Fprintf(&b, "%s:%d:%d: ", t.Func.Module.Files[t.Pos.File-1], t.Pos.Line, t.Pos.Col)
	}
	fmt.Fprintf(&b, "trap %s", t.Code)
	if t.Func != nil {
		fmt.Fprintf(&b, " in @%s", t.Func.Name)
	}
	if t.Value != nil {
		fmt.Fprintf(&b, " at %s", t.Value.LongString())
	}
	if t.Note != "" {
		b.WriteString(": " + t.Note)
	}
	return b.String()
}

// New lays out a verified module.
func New(m *ir.Module, opt Options) (*Machine, error) {
	if opt.MaxDepth == 0 {
		opt.MaxDepth = 10000
	}
	mc := &Machine{mod: m, opt: opt, code: map[*ir.Func]*code{}, globals: map[string]uintptr{},
		entry: map[*ir.Func]uintptr{}, types: map[*ir.TypeDesc]layout{}}
	for _, f := range m.Funcs {
		mc.entryOf(f)
	}
	return mc, mc.layOut()
}

// Module returns the module given to New.
func (m *Machine) Module() *ir.Module { return m.mod }

// Entry returns the address that symaddr gives for a function of the module. Machines on one module agree about it.
func (m *Machine) Entry(f *ir.Func) uintptr { return m.entryOf(f) }

func (m *Machine) entryOf(f *ir.Func) uintptr {
	if a, ok := m.entry[f]; ok {
		return a
	}
	a := uintptr(entryBase + 16*len(m.entries))
	m.entries = append(m.entries, f)
	m.entry[f] = a
	return a
}

// layOut gives the globals memory and their initial values.
func (m *Machine) layOut() error {
	for _, g := range m.mod.Globals {
		if g.Linkage == ir.Declared {
			if err := m.bind(g); err != nil {
				return err
			}
			continue
		}
		buf := make([]byte, g.Size+g.Align)
		p := (uintptr(unsafe.Pointer(unsafe.SliceData(buf))) + uintptr(g.Align) - 1) &^ uintptr(g.Align-1)
		skip := p - uintptr(unsafe.Pointer(unsafe.SliceData(buf)))
		copy(buf[skip:], g.Init)
		m.globals[g.Name] = p
		m.add(region{p, p + uintptr(g.Size), g.Const, buf})
	}
	for _, g := range m.mod.Globals {
		for _, r := range g.Relocs {
			a, err := m.address(r.Sym)
			if err != nil {
				return err
			}
			*(*uint64)(pointer(m.globals[g.Name] + uintptr(r.Offset))) = uint64(a) + uint64(r.Addend)
		}
	}
	return nil
}

func (m *Machine) bind(g *ir.Global) error {
	if m.opt.Global != nil {
		if p, size := m.opt.Global(g.Name); p != nil {
			m.globals[g.Name] = uintptr(p)
			m.AddRegion(p, size)
			return nil
		}
	}
	return fmt.Errorf("global @%s is declared but not supplied", g.Name)
}

func (m *Machine) address(sym string) (uintptr, error) {
	if f := m.mod.Func(sym); f != nil {
		return m.entryOf(f), nil
	}
	if a, ok := m.globals[sym]; ok {
		return a, nil
	}
	return 0, fmt.Errorf("symbol @%s is not known", sym)
}

// GlobalData returns the memory of a global of the module.
func (m *Machine) GlobalData(name string) []byte {
	g := m.mod.Global(name)
	a, ok := m.globals[name]
	if g == nil || !ok {
		return nil
	}
	return unsafe.Slice((*byte)(pointer(a)), g.Size)
}

// AddRegion lets code read and write size bytes at p through ptr. The machine
// keeps the memory alive.
func (m *Machine) AddRegion(p unsafe.Pointer, size int) {
	m.add(region{uintptr(p), uintptr(p) + uintptr(size), false, p})
}

func (m *Machine) add(r region) {
	i := sort.Search(len(m.regions), func(i int) bool { return m.regions[i].start > r.start })
	m.regions = append(m.regions, region{})
	copy(m.regions[i+1:], m.regions[i:])
	m.regions[i] = r
}

// find returns the region that holds an address.
func (m *Machine) find(a uintptr) (region, bool) {
	for i := len(m.slots) - 1; i >= 0; i-- {
		if r := m.slots[i]; a >= r.start && a < r.end {
			return r, true
		}
	}
	i := sort.Search(len(m.regions), func(i int) bool { return m.regions[i].start > a })
	if i > 0 && a < m.regions[i-1].end {
		return m.regions[i-1], true
	}
	return region{}, false
}

// pointer makes an address a pointer; it must be that of live memory.
func pointer(a uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&a)) }

// arena hands out stack slots, last in, first out, from chunks that stay.
type arena struct {
	chunks [][]byte
	chunk  int // current
	used   int // bytes of the current chunk
}

type arenaMark struct{ chunk, used int }

const slotGap = 16 // between slots, so that an overrun is seen

func (a *arena) take(size int) unsafe.Pointer {
	size = (size+15)&^15 + slotGap
	for {
		if a.chunk < len(a.chunks) {
			c := a.chunks[a.chunk]
			if a.used+size <= len(c) {
				p := unsafe.Pointer(&c[a.used])
				clear(c[a.used : a.used+size])
				a.used += size
				return p
			}
			if a.chunk+1 < len(a.chunks) {
				a.chunk, a.used = a.chunk+1, 0
				continue
			}
		}
		raw := make([]byte, max(1<<16, size)+16)
		skip := -int(uintptr(unsafe.Pointer(&raw[0]))) & 15
		a.chunks = append(a.chunks, raw[skip:])
		a.chunk, a.used = len(a.chunks)-1, 0
	}
}

func (a *arena) mark() arenaMark     { return arenaMark{a.chunk, a.used} }
func (a *arena) release(m arenaMark) { a.chunk, a.used = m.chunk, m.used }
