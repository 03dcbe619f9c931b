package jit

import (
	"fmt"
	"os"
	"sync"

	"martlet/internal/native"
)

// perfMap is the file in which perf looks for the names of a process's generated functions; one per process, opened at the first use.
var perfMap = sync.OnceValues(func() (*os.File, error) {
	return os.OpenFile(fmt.Sprintf("/tmp/perf-%d.map", os.Getpid()), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
})

// debugCode tells perf of new code, where asked to.
func (e *Engine) debugCode(in *native.Installed) {
	if !e.opts.Perf {
		return
	}
	f, err := perfMap()
	if err != nil {
		return // a profile without names is no reason to fail
	}
	fmt.Fprintf(f, "%x %x %s\n", in.Addr, in.Size, in.Name)
}
