package execmem

import (
	"fmt"
	"os"
	"sync"
	"syscall"
	"unsafe"
)

const pageSize = 4096

// Mode says how the code half is made writable and executable.
type Mode uint8

const (
	// Auto tries Alias, then Flip.
	Auto Mode = iota
	// Alias maps one piece of shared memory twice.
	Alias
	// Flip gives each block pages of its own and changes their protection.
	Flip
)

// Options are the sizes of a Memory; zero means the default.
type Options struct {
	CodeSize uintptr // reserved bytes for code (default 512 MB of address space, none of it committed)
	DataSize uintptr // reserved bytes for data cells (default 128 MB)
	Mode     Mode
}

// Memory is a reserved range of code and data cells. Its methods are safe for concurrent use.
type Memory struct {
	mu       sync.Mutex
	mode     Mode
	base     uintptr // executable view of the code half
	write    uintptr // writable view of it (Alias)
	codeSize uintptr
	data     uintptr
	dataSize uintptr
	code     [2]*space // by Place: the halves of the code range
	cells    *space
}

// half is where the space of a place begins.
func (m *Memory) half(p Place) uintptr { return uintptr(p) * (m.codeSize / 2) }

// New reserves a Memory. The error says which mechanism the system denied.
func New(o Options) (*Memory, error) {
	if o.CodeSize == 0 {
		o.CodeSize = 512 << 20
	}
	if o.DataSize == 0 {
		o.DataSize = 128 << 20
	}
	m := &Memory{codeSize: o.CodeSize, dataSize: o.DataSize}
	base, err := mmap(0, o.CodeSize+o.DataSize, syscall.PROT_NONE, syscall.MAP_PRIVATE|syscall.MAP_ANON|syscall.MAP_NORESERVE, -1)
	if err != nil {
		return nil, fmt.Errorf("reserve address space: %w", err)
	}
	m.base, m.data = base, base+o.CodeSize
	if err := mprotect(m.data, o.DataSize, syscall.PROT_READ|syscall.PROT_WRITE); err != nil {
		m.Close()
		return nil, fmt.Errorf("map data cells: %w", err)
	}
	m.mode = Alias
	if o.Mode == Flip {
		m.mode = Flip
	} else if err := m.mapAlias(); err != nil {
		if o.Mode == Alias {
			m.Close()
			return nil, err
		}
		if err := m.unmapAlias(); err != nil {
			m.Close()
			return nil, err
		}
		m.mode = Flip
	}
	granule := uintptr(64)
	if m.mode == Flip {
		granule = pageSize
	}
	m.code, m.cells = [2]*space{newSpace(o.CodeSize/2, granule), newSpace(o.CodeSize/2, granule)}, newSpace(o.DataSize, 8)
	if err := m.probe(); err != nil {
		m.Close()
		return nil, err
	}
	return m, nil
}

// mapAlias makes shared memory, writable, and maps the same pages a second time over the code half: mremap of length zero duplicates a shared
// mapping. (A memfd mapped twice does the same, but perf looks for names of functions only in memory that looks anonymous.) The second view is made
// executable when it has stopped being writable.
func (m *Memory) mapAlias() error {
	const mayMove, fixed = 1, 2
	w, err := mmap(0, m.codeSize, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED|syscall.MAP_ANON|syscall.MAP_NORESERVE, -1)
	if err != nil {
		return fmt.Errorf("map code writable: %w", err)
	}
	m.write = w
	if _, _, e := syscall.Syscall6(syscall.SYS_MREMAP, w, 0, m.codeSize, mayMove|fixed, m.base, 0); e != 0 {
		return fmt.Errorf("map code a second time: %w", os.NewSyscallError("mremap", e))
	}
	if err := mprotect(m.base, m.codeSize, syscall.PROT_READ|syscall.PROT_EXEC); err != nil {
		return fmt.Errorf("map code executable: %w", err)
	}
	return nil
}

// unmapAlias undoes as much of mapAlias as was done.
func (m *Memory) unmapAlias() error {
	if m.write != 0 {
		munmap(m.write, m.codeSize)
		m.write = 0
	}
	_, err := mmap(m.base, m.codeSize, syscall.PROT_NONE, syscall.MAP_PRIVATE|syscall.MAP_ANON|syscall.MAP_NORESERVE|syscall.MAP_FIXED, -1)
	return err
}

// probe checks that a page can be written and then made executable.
func (m *Memory) probe() error {
	a, err := m.AllocCode(16, Cold)
	if err != nil {
		return err
	}
	defer m.FreeCode(a, 16)
	return m.Write(a, []byte{0xc3})
}

// Close unmaps everything. Nothing may run in or point into the memory any more.
func (m *Memory) Close() {
	munmap(m.base, m.codeSize+m.dataSize)
	if m.write != 0 {
		munmap(m.write, m.codeSize)
	}
}

// Mode returns the mechanism in use.
func (m *Memory) Mode() Mode { return m.mode }

// CodeRange returns the address range of the code half.
func (m *Memory) CodeRange() (lo, hi uintptr) { return m.base, m.base + m.codeSize }

// DataRange returns the address range of the data half.
func (m *Memory) DataRange() (lo, hi uintptr) { return m.data, m.data + m.dataSize }

// CodeGranule is the alignment of code blocks.
func (m *Memory) CodeGranule() uintptr { return m.code[Cold].granule }

// AllocCode returns the address of n bytes for code, 64-byte aligned, in the other place if the one asked for is full. They are written by Write.
func (m *Memory) AllocCode(n uintptr, p Place) (uintptr, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	off, err := m.code[p].alloc(n)
	if err != nil {
		p = Hot - p
		off, err = m.code[p].alloc(n)
	}
	return m.base + m.half(p) + off, err
}

// Write writes code bytes into a block that nobody executes yet.
func (m *Memory) Write(addr uintptr, text []byte) error {
	if m.mode == Alias {
		copy(bytesAt(m.write+(addr-m.base), len(text)), text)
		return nil
	}
	page := addr &^ (pageSize - 1)
	n := addr + uintptr(len(text)) - page
	if err := mprotect(page, n, syscall.PROT_READ|syscall.PROT_WRITE); err != nil {
		return fmt.Errorf("make code writable: %w", err)
	}
	copy(bytesAt(addr, len(text)), text)
	if err := mprotect(page, n, syscall.PROT_READ|syscall.PROT_EXEC); err != nil {
		return fmt.Errorf("make code executable: %w", err)
	}
	return nil
}

// FreeCode takes back a block of n bytes. It is overwritten with breakpoints, so that a stale jump is seen, and whole free
// pages go back to the system.
func (m *Memory) FreeCode(addr, n uintptr) {
	m.mu.Lock()
	defer m.mu.Unlock()
	off := addr - m.base
	if m.mode == Alias {
		fill(bytesAt(m.write+off, int(n)))
	}
	p := Cold
	if off >= m.half(Hot) {
		p = Hot
	}
	start, length := m.code[p].free(off-m.half(p), n)
	m.release(m.half(p)+start, length, off, n)
}

// release gives the pages that became wholly free by freeing [off, off+n) inside the free span back to the system.
func (m *Memory) release(start, length, off, n uintptr) {
	lo := max((start+pageSize-1)&^(pageSize-1), off&^(pageSize-1))
	hi := min((start+length)&^(pageSize-1), (off+n+pageSize-1)&^(pageSize-1))
	if hi <= lo {
		return
	}
	if m.mode == Alias {
		const remove = 9                       // MADV_REMOVE: frees the shared pages themselves
		_ = madvise(m.write+lo, hi-lo, remove) // failing, the memory is only kept longer
		return
	}
	_ = mprotect(m.base+lo, hi-lo, syscall.PROT_NONE)
	_ = madvise(m.base+lo, hi-lo, syscall.MADV_DONTNEED)
}

func fill(b []byte) {
	for i := range b {
		b[i] = 0xcc
	}
}

// AllocData returns the address of n zeroed bytes of cells, 8-byte aligned.
func (m *Memory) AllocData(n uintptr) (uintptr, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	off, err := m.cells.alloc(n)
	if err != nil {
		return 0, err
	}
	clear(bytesAt(m.data+off, int(n)))
	return m.data + off, nil
}

// FreeData takes back n bytes of cells.
func (m *Memory) FreeData(addr, n uintptr) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.cells.free(addr-m.data, n)
}

// Stats are the sizes in bytes.
type Stats struct {
	CodeUsed, CodeTouched uintptr // live, and ever handed out
	DataUsed, DataTouched uintptr
}

// Stats returns the present sizes.
func (m *Memory) Stats() Stats {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, h, d := m.code[Cold], m.code[Hot], m.cells
	return Stats{(c.used + h.used) * c.granule, (c.top + h.top) * c.granule, d.used * d.granule, d.top * d.granule}
}

// NewStack maps a stack of n bytes with an inaccessible page below it, and returns its lowest usable address.
func NewStack(n uintptr) (lo uintptr, err error) {
	p, err := mmap(0, n+pageSize, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE|syscall.MAP_ANON|syscall.MAP_NORESERVE, -1)
	if err != nil {
		return 0, fmt.Errorf("map a stack: %w", err)
	}
	if err := mprotect(p, pageSize, syscall.PROT_NONE); err != nil {
		munmap(p, n+pageSize)
		return 0, fmt.Errorf("guard a stack: %w", err)
	}
	return p + pageSize, nil
}

// FreeStack unmaps a stack made by NewStack.
func FreeStack(lo, n uintptr) { munmap(lo-pageSize, n+pageSize) }

// TrimStack gives the pages of [lo, lo+n) back to the system; they read as zero afterwards.
func TrimStack(lo, n uintptr) { _ = madvise(lo, n, syscall.MADV_DONTNEED) }

// Table reserves a zeroed table of n bytes outside Go's heap; pages are committed when written. For lookup tables
// that are indexed by code address.
func Table(n uintptr) (uintptr, error) {
	return mmap(0, n, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE|syscall.MAP_ANON|syscall.MAP_NORESERVE, -1)
}

func bytesAt(addr uintptr, n int) []byte {
	return unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&addr))), n)
}

func mmap(addr, n uintptr, prot, flags, fd int) (uintptr, error) {
	p, _, e := syscall.Syscall6(syscall.SYS_MMAP, addr, n, uintptr(prot), uintptr(flags), uintptr(fd), 0)
	if e != 0 {
		return 0, os.NewSyscallError("mmap", e)
	}
	return p, nil
}

func munmap(addr, n uintptr) { _, _, _ = syscall.Syscall(syscall.SYS_MUNMAP, addr, n, 0) }

func mprotect(addr, n uintptr, prot int) error {
	n = (n + pageSize - 1) &^ (pageSize - 1)
	if _, _, e := syscall.Syscall(syscall.SYS_MPROTECT, addr, n, uintptr(prot)); e != 0 {
		return os.NewSyscallError("mprotect", e)
	}
	return nil
}

func madvise(addr, n uintptr, advice int) error {
	if _, _, e := syscall.Syscall(syscall.SYS_MADVISE, addr, n, uintptr(advice)); e != 0 {
		return os.NewSyscallError("madvise", e)
	}
	return nil
}
