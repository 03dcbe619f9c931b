package native

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"unsafe"
	"weak"

	"martlet/internal/execmem"
	"martlet/internal/obj"
	"martlet/ir"
)

// Machine is the process's one native machine: code memory, stubs, the table from address to code, the contexts. There is one
// because there is one set of signal handlers; engines share it.
type Machine struct {
	mem    *execmem.Memory
	lo, hi uintptr
	table  uintptr // *[granules]uint32: index into codes, by (pc-lo)/64
	stubs  stubs
	sigTable

	mu      sync.Mutex
	codes   atomic.Pointer[[]*Installed] // by index; 0 is nobody
	freeIdx []uint32
	env     Env // of contexts that nobody gave another

	ctxMu sync.Mutex
	ctxs  []*Context // all that were ever made
	idle  []*Context

	signals sync.Once
	sigErr  error
	reclaimer
}

// What every call between Go and machine code needs are variables, not fields of the one machine: their addresses are constants, so the processor can
// look ahead to them without waiting for the stack pointer, which comes out of the last change of stacks.
var (
	// enter runs code until its next exit and returns the exit word. invoke enters in the processor's idle context, and returns the first result
	// word and the context, too. They are the stubs of these names as func values.
	enter  func(c *Context, refs unsafe.Pointer) uint32
	invoke func(e *Callee, refs unsafe.Pointer, w0, w1, w2, w3 uint64) (w uint32, r uint64, c *Context)

	canInvoke bool // invoke exists

	local [256]localContext // idle contexts by processor
)

// localContext is one processor's idle context, on a cache line of its own.
type localContext struct {
	c *Context
	_ [56]byte
}

// Installed is code in executable memory (or a stub, with Code nil).
type Installed struct {
	Code *obj.Code
	Name string
	Addr uintptr
	Size uintptr
	Data any // the owner's

	cells     uintptr // address of Cells[0]; the self cell is behind the last
	nCells    int
	index     uint32
	stubs     *SigStubs
	busyRound uint64             // last reclaim round that found it on a stack
	stub      bool               // a common stub or one of a signature: never the code that an exit belongs to
	refs      weak.Pointer[Refs] // Code.RefConsts, held by the code's owner
}

// Refs are the Go objects whose addresses a piece of code contains. Whoever may run the code holds them; the machine does not, so that code
// and the objects that refer to it can be collected together.
type Refs struct{ Ptrs []unsafe.Pointer }

// Ref returns object i of the code, or nil if i < 0.
func (in *Installed) Ref(i int) unsafe.Pointer {
	if r := in.refs.Value(); i >= 0 && r != nil {
		return r.Ptrs[i]
	}
	return nil
}

// GoFunc is a Go function that JIT code can call by id.
type GoFunc struct {
	Name        string
	Words, Refs int // how many of each it takes or returns, the larger
	Fn          ir.GoFunc
	FrameFn     func(f Frame, words []uint64, refs []unsafe.Pointer) error // instead of Fn: may look at frames, run code in the same context, and fail
}

// LazyFunc is asked for a function at its first call and returns the address of the entry cell to go on through.
type LazyFunc struct {
	Name    string
	Compile func(c *Context) (cell uintptr, err error)
}

// Open returns the process's machine. If machine code cannot run here, the error says why; the caller stays with the interpreter.
var Open = sync.OnceValues(openMachine)

func openMachine() (*Machine, error) {
	if err := verify(); err != nil {
		return nil, fmt.Errorf("no native code: %w", err)
	}
	mem, err := execmem.New(execmem.Options{})
	if err != nil {
		return nil, fmt.Errorf("no native code: executable memory is denied: %w", err)
	}
	m := &Machine{mem: mem}
	m.sigs = map[string]weak.Pointer[SigStubs]{}
	m.lo, m.hi = mem.CodeRange()
	codes := make([]*Installed, 1)
	m.codes.Store(&codes)
	if m.table, err = execmem.Table((m.hi - m.lo) / 64 * 4); err == nil {
		err = m.buildStubs()
	}
	if err != nil {
		return nil, fmt.Errorf("no native code: %w", err)
	}
	if err := m.selfTest(); err != nil {
		return nil, fmt.Errorf("no native code: %w", err)
	}
	return m, nil
}

// EnableSignals chains the fault and profile handlers in front of the process's, once. Without them a nil access in JIT code is fatal, so
// code must then be compiled with explicit checks.
func (m *Machine) EnableSignals() error {
	m.signals.Do(func() {
		enterLo, enterHi, faultStub, codeLo, codeHi = m.stubs.invoke, m.stubs.entered, m.stubs.fault, m.lo, m.hi
		m.sigErr = installSignals()
	})
	return m.sigErr
}

// Memory returns the code memory.
func (m *Machine) Memory() *execmem.Memory { return m.mem }

// selfTest enters and leaves a function that adds its arguments.
func (m *Machine) selfTest() error {
	sig := obj.Sig{Params: []obj.Kind{ir.I64, ir.I64}, Results: []obj.Kind{ir.I64}}
	code := &obj.Code{Name: "selftest", Sig: sig, Text: []byte{0x48, 0x01, 0xd8, 0xc3}, Frameless: true}
	in, _, err := m.Install(code, nil)
	if err != nil {
		return err
	}
	defer m.Free(in)
	c, err := m.Acquire()
	if err != nil {
		return err
	}
	defer m.Release(c)
	c.Words[0], c.Words[1] = 40, 2
	if err := c.Call(in.Entry(), nil, nil); err != nil {
		return err
	}
	if c.Words[0] != 42 {
		return fmt.Errorf("self test: 40 + 2 = %d", c.Words[0])
	}
	return nil
}

// Resolver supplies the addresses that relocations ask for. Errors name the symbol.
type Resolver interface {
	EntryCell(sym string) (uintptr, error)
	Data(sym string) (uintptr, error)
	GoFunc(sym string) (uint32, error)
	Type(t *ir.TypeDesc) (uintptr, error)
}

// ParentResolver is what a Resolver must also be to install a bridge that joins its parent (obj.CellParent). The caller
// keeps the parent installed for as long as the bridge may run.
type ParentResolver interface {
	Parent() *Installed
}

// parentAddr is the address of the code that in continues, 0 if it joins none.
func parentAddr(code *obj.Code, r Resolver) (uint64, error) {
	for _, c := range code.Cells {
		if c.Kind != obj.CellParent {
			continue
		}
		if p, ok := r.(ParentResolver); ok && p.Parent() != nil {
			return uint64(p.Parent().Addr), nil
		}
		return 0, fmt.Errorf("%s joins its parent, but the resolver knows no parent", code.Name)
	}
	return 0, nil
}

// Install places code in executable memory. Nothing calls it yet: the caller stores its address to an entry cell (SetCell). If the code has
// RefConsts, the caller keeps the Refs as long as the code may run.
func (m *Machine) Install(code *obj.Code, r Resolver) (*Installed, *Refs, error) {
	refs := &Refs{code.RefConsts}
	if len(code.RefConsts) > 0 {
		bare := *code
		bare.RefConsts = nil
		code = &bare
	}
	in, err := m.installCode(code, refs, r)
	return in, refs, err
}

func (m *Machine) installCode(code *obj.Code, refs *Refs, r Resolver) (*Installed, error) {
	in := &Installed{Code: code, Name: code.Name, nCells: len(code.Cells) + 1}
	if len(refs.Ptrs) > 0 {
		in.refs = weak.Make(refs)
	}
	parent, err := parentAddr(code, r)
	if err != nil {
		return nil, err
	}
	if in.stubs, err = m.Stubs(code.Sig); err != nil {
		return nil, err
	}
	if in.cells, err = m.mem.AllocData(8 * uintptr(in.nCells)); err != nil {
		return nil, err
	}
	image := make([]byte, code.Size())
	copy(image, code.Text)
	if len(code.Pool) > 0 {
		copy(image[obj.PoolOffset(len(code.Text)):], code.Pool)
	}
	var relErr error
	_, err = m.install(in, len(image), func(addr uintptr) []byte {
		relErr = m.relocate(image, in, addr, refs, r)
		return image
	})
	if err = errors.Join(relErr, err); err != nil {
		if in.Addr != 0 {
			m.Free(in)
		} else {
			m.mem.FreeData(in.cells, 8*uintptr(in.nCells))
		}
		return nil, err
	}
	for i, c := range code.Cells {
		v := uint64(c.Value)
		switch c.Kind {
		case obj.CellText:
			v += uint64(in.Addr)
		case obj.CellParent:
			v += parent
		}
		SetCell(in.CellAddr(i), v)
	}
	SetCell(in.CellAddr(len(code.Cells)), uint64(in.Addr))
	return in, nil
}

func (m *Machine) relocate(image []byte, in *Installed, addr uintptr, refs *Refs, r Resolver) error {
	for _, rel := range in.Code.Relocs {
		v, err := resolve(in, addr, rel, refs, r)
		if err != nil {
			return err
		}
		at := image[rel.Off:]
		switch rel.Kind {
		case obj.RelEntryPC32, obj.RelCellPC32:
			d := int64(v) - int64(addr) - int64(rel.Off) - 4 - int64(rel.Tail)
			if d != int64(int32(d)) {
				return fmt.Errorf("%s: a relocation does not reach its target", in.Name)
			}
			binary.LittleEndian.PutUint32(at, uint32(d))
		case obj.RelGoFunc:
			binary.LittleEndian.PutUint32(at, uint32(v))
		default:
			binary.LittleEndian.PutUint64(at, v)
		}
	}
	return nil
}

func resolve(in *Installed, addr uintptr, rel obj.Reloc, refs *Refs, r Resolver) (uint64, error) {
	code := in.Code
	var v uintptr
	var err error
	switch rel.Kind {
	case obj.RelEntryPC32, obj.RelEntryAbs64:
		v, err = r.EntryCell(code.Syms[rel.Index])
	case obj.RelDataAbs64:
		v, err = r.Data(code.Syms[rel.Index])
		v += uintptr(rel.Addend)
	case obj.RelCellPC32:
		v = in.CellAddr(int(rel.Index))
	case obj.RelRefConst:
		v = uintptr(refs.Ptrs[rel.Index])
	case obj.RelGoFunc:
		var id uint32
		id, err = r.GoFunc(code.Syms[rel.Index])
		v = uintptr(id)
	case obj.RelTextAbs64:
		v = addr + uintptr(rel.Addend)
	case obj.RelType:
		v, err = r.Type(code.Types[rel.Index])
	}
	return uint64(v), err
}

// installRaw installs bytes that need no relocation.
func (m *Machine) installRaw(name string, b []byte) (*Installed, error) {
	return m.install(&Installed{Name: name}, len(b), func(uintptr) []byte { return b })
}

func (m *Machine) installStubs(name string, b []byte) (*Installed, error) {
	return m.install(&Installed{Name: name, stub: true}, len(b), func(uintptr) []byte { return b })
}

// install allocates n bytes, writes what fill returns for the address, and enters in into the table.
func (m *Machine) install(in *Installed, n int, fill func(addr uintptr) []byte) (*Installed, error) {
	place := execmem.Cold
	if in.Code != nil && in.Code.Hot {
		place = execmem.Hot
	}
	addr, err := m.mem.AllocCode(uintptr(n), place)
	if err != nil {
		return nil, err
	}
	in.Addr, in.Size = addr, uintptr(n)
	if err := m.mem.Write(addr, fill(addr)); err != nil {
		m.mem.FreeCode(addr, in.Size)
		in.Addr = 0
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	old := *m.codes.Load()
	if k := len(m.freeIdx); k > 0 {
		in.index, m.freeIdx = m.freeIdx[k-1], m.freeIdx[:k-1]
		m.setCode(old, in.index, in)
	} else {
		in.index = uint32(len(old))
		codes := append(old, in) // readers see either slice: an index is published by the table only below
		m.codes.Store(&codes)
	}
	m.setTable(in, in.index)
	return in, nil
}

func (m *Machine) setCode(codes []*Installed, i uint32, in *Installed) {
	atomic.StorePointer((*unsafe.Pointer)(unsafe.Pointer(&codes[i])), unsafe.Pointer(in))
}

func (m *Machine) setTable(in *Installed, index uint32) {
	for g := (in.Addr - m.lo) / 64; g <= (in.Addr+in.Size-1-m.lo)/64; g++ {
		atomic.StoreUint32((*uint32)(at(m.table+4*g)), index)
	}
}

// Lookup returns the code at an address, or nil.
func (m *Machine) Lookup(pc uintptr) *Installed {
	if pc-m.lo >= m.hi-m.lo {
		return nil
	}
	i := atomic.LoadUint32((*uint32)(at(m.table + 4*((pc-m.lo)/64))))
	codes := *m.codes.Load()
	return (*Installed)(atomic.LoadPointer((*unsafe.Pointer)(unsafe.Pointer(&codes[i]))))
}

// Free gives the memory of code back at once. The caller knows that nothing runs in it and nothing will call it; otherwise use Retire.
func (m *Machine) Free(in *Installed) {
	m.mu.Lock()
	m.setTable(in, 0)
	m.setCode(*m.codes.Load(), in.index, nil)
	m.freeIdx = append(m.freeIdx, in.index)
	m.mu.Unlock()
	m.mem.FreeCode(in.Addr, in.Size)
	if in.nCells > 0 {
		m.mem.FreeData(in.cells, 8*uintptr(in.nCells))
	}
}

// CellAddr is the address of the code's data cell i.
func (in *Installed) CellAddr(i int) uintptr { return in.cells + 8*uintptr(i) }

// Entry is the way into exactly this code, not through its function's entry cell.
func (in *Installed) Entry() Entry {
	return Entry{Stubs: in.stubs, Cell: in.CellAddr(in.nCells - 1)}
}

// SetCell stores a word to a cell atomically.
func SetCell(addr uintptr, v uint64) { atomic.StoreUint64((*uint64)(at(addr)), v) }

// Cell loads a word from a cell.
func Cell(addr uintptr) uint64 { return atomic.LoadUint64((*uint64)(at(addr))) }

// Entry is a callable place: a signature's stubs and the address of an entry cell.
type Entry struct {
	Stubs *SigStubs
	Cell  uintptr
	Class uint8 // size class of the ref frame to start with
}

// Env is what running code of one owner refers to by number: Go functions, lazy functions; and who serves its exits. A context gets it for the
// time of a call (Context.SetEnv). The machine does not hold it, so an owner that nothing else refers to can be collected.
type Env struct {
	Handler Handler
	goFuncs slots[GoFunc]
	lazies  slots[LazyFunc]
}

// AddGoFunc makes a Go function callable and returns its id.
func (e *Env) AddGoFunc(f *GoFunc) uint32 { return e.goFuncs.add(f) }

// RemoveGoFunc forgets a Go function. Code that calls it must be gone.
func (e *Env) RemoveGoFunc(id uint32) { e.goFuncs.remove(id) }

// AddLazy registers a lazy function and returns the id for LazyStub.
func (e *Env) AddLazy(f *LazyFunc) uint32 { return e.lazies.add(f) }

// RemoveLazy forgets a lazy function whose stub is gone.
func (e *Env) RemoveLazy(id uint32) { e.lazies.remove(id) }

// slots is a table of pointers by dense id: writers lock, readers do not.
type slots[T any] struct {
	mu   sync.Mutex
	all  atomic.Pointer[[]atomic.Pointer[T]]
	n    uint32
	free []uint32
}

func (s *slots[T]) add(p *T) uint32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if k := len(s.free); k > 0 {
		id := s.free[k-1]
		s.free = s.free[:k-1]
		(*s.all.Load())[id].Store(p)
		return id
	}
	id := s.n
	s.n++
	if old := s.all.Load(); old == nil || int(id) >= len(*old) {
		bigger := make([]atomic.Pointer[T], max(64, 2*id))
		if old != nil {
			for i := range *old {
				bigger[i].Store((*old)[i].Load())
			}
		}
		s.all.Store(&bigger)
	}
	(*s.all.Load())[id].Store(p)
	return id
}

func (s *slots[T]) remove(id uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	(*s.all.Load())[id].Store(nil)
	s.free = append(s.free, id)
}

func (s *slots[T]) get(id uint32) *T { return (*s.all.Load())[id].Load() }

// Acquire lends a context to the calling goroutine until Release.
func (m *Machine) Acquire() (*Context, error) {
	if underRace {
		return m.acquireSlow()
	}
	var c *Context
	if p := procPin(); p < len(local) {
		c = local[p].c
		local[p].c = nil
	}
	procUnpin()
	if c != nil {
		c.keepOut()
		c.env = &m.env
		return c, nil
	}
	return m.acquireSlow()
}

// AcquireFor lends a context with an Env. If a panic leaves the context's outermost Call, the context is taken back by itself.
func (m *Machine) AcquireFor(e *Env) (*Context, error) {
	c, err := m.Acquire()
	if err == nil {
		c.env, c.selfRelease = e, true
	}
	return c, err
}

func (m *Machine) acquireSlow() (*Context, error) {
	m.ctxMu.Lock()
	defer m.ctxMu.Unlock()
	if k := len(m.idle); k > 0 {
		c := m.idle[k-1]
		m.idle = m.idle[:k-1]
		c.env = &m.env
		return c, nil
	}
	c, err := newContext(m, StackSize)
	if err != nil {
		return nil, err
	}
	m.ctxs = append(m.ctxs, c)
	return c, nil
}

// Release takes a context back.
func (m *Machine) Release(c *Context) {
	if c.request.Load() != 0 {
		c.request.Store(0)
		c.cause.Store(nil)
	}
	c.env, c.selfRelease = nil, false
	if !underRace {
		p := procPin()
		if p < len(local) && local[p].c == nil {
			local[p].c = c
			c.slot = uintptr(unsafe.Pointer(&local[p].c))
			procUnpin()
			return
		}
		procUnpin()
	}
	m.ctxMu.Lock()
	m.idle = append(m.idle, c)
	m.ctxMu.Unlock()
}
