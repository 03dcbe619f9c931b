package interp

import (
	"fmt"
	"runtime/debug"
	"time"

	"martlet/python/object"
)

// Protect runs f for the embedder: a Go panic inside, which is a defect of the interpreter, becomes a SystemError with the traceback of
// the Python code that met it. The thread's stack is put back as it was.
func (r *Runtime) Protect(t *object.Thread, f func() (Value, *Exception)) (v Value, e *Exception) {
	th := of(t)
	cur, chunk, end, depth, nest, handled := th.cur, th.chunk, th.end, t.Depth, t.CDepth, t.Handled
	defer func() {
		x := recover()
		if x == nil {
			return
		}
		v, e = Value{}, th.internalError(cur, x)
		th.cur, th.chunk, th.end, t.Depth, t.CDepth, t.Handled = cur, chunk, end, depth, nest, handled
	}()
	return f()
}

// internalError describes a panic below the frame base. It must not fail itself.
func (th *Thread) internalError(base *Frame, x any) (e *Exception) {
	e = object.SystemErrorf(th.T, "internal error: %s", fmt.Sprint(x))
	if th.in.Verbose != nil {
		th.in.Verbose(string(debug.Stack()))
	}
	defer func() { recover() }() // frames half made have no traceback
	for f := th.cur; f != nil && f != base && f.code != nil; f = f.prev {
		th.addTraceback(f, e)
	}
	return e
}

// timedLoad loads a module, and tells Verbose and ImportTime about it.
//
//martlet:opaque
func (th *Thread) timedLoad(abs string, path Value) (Value, *Exception) {
	r := th.in
	if r.ImportTime == nil && r.Verbose == nil {
		return th.load(abs, path)
	}
	outer, depth := r.importNested, r.importDepth
	r.importNested, r.importDepth = 0, depth+1
	start := time.Now()
	m, e := th.load(abs, path)
	total := time.Since(start)
	if r.ImportTime != nil {
		r.ImportTime(fmt.Sprintf("import time: %9d | %10d | %*s%s", (total - r.importNested).Microseconds(), total.Microseconds(), 2*depth, "", abs))
	}
	if r.Verbose != nil && e == nil {
		r.Verbose(fmt.Sprintf("import '%s' # %s", abs, reprOf(th.T, m)))
	}
	r.importNested, r.importDepth = outer+total, depth
	return m, e
}
