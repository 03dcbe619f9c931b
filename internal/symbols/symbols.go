// Package symbols tells perf and gdb the names of generated code.
package symbols

import (
	"fmt"
	"os"
	"sync"
)

// perfMap is the file in which perf looks for the names of a process's generated functions; one per process, opened at the first use.
var perfMap = sync.OnceValues(func() (*os.File, error) {
	return os.OpenFile(fmt.Sprintf("/tmp/perf-%d.map", os.Getpid()), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
})

// Perf tells perf of code. It does nothing if the file cannot be written: a profile without names is no reason to fail.
func Perf(name string, addr, size uintptr) {
	if f, err := perfMap(); err == nil {
		fmt.Fprintf(f, "%x %x %s\n", addr, size, name)
	}
}

var once struct {
	sync.Mutex
	told map[uintptr]bool
}

// AddOnce is Add for code that stays for good, such as stubs.
func AddOnce(name string, addr uintptr, text []byte, boundary bool) {
	once.Lock()
	defer once.Unlock()
	if once.told == nil {
		once.told = map[uintptr]bool{}
	}
	if !once.told[addr] {
		once.told[addr] = true
		Add(name, addr, text, boundary)
	}
}
