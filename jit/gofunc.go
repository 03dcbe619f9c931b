package jit

import (
	"fmt"
	"math"
	"reflect"
	"unsafe"

	"martlet/internal/native"
	"martlet/internal/obj"
	"martlet/ir"
)

// goFunction is a Go function as a symbol.
type goFunction struct {
	id    uint32
	uses  int               // its definition, and pieces of code that contain id; under Engine.mu
	thunk *native.Installed // as compiled code calls it when it does not know that it is a Go function
	fn    ir.GoFunc
	err   func(words []uint64, refs []unsafe.Pointer) error                 // instead of fn
	frame func(f native.Frame, words []uint64, refs []unsafe.Pointer) error // instead of both: an intrinsic
}

// DefineGo defines a symbol as a Go function of any type with integer, float, bool, unsafe.Pointer (a ref) and uintptr (a ptr) parameters and results; a
// last result of type error ends the calling code with that error. Functions of the types ir.GoFunc is made for are called without
// reflection: use DefineGoFunc for those on hot paths.
func (l *Library) DefineGo(name string, fn any) error {
	v := reflect.ValueOf(fn)
	if v.Kind() != reflect.Func {
		return fmt.Errorf("define @%s: %T is not a function", name, fn)
	}
	sig, fails, err := goSignature(v.Type())
	if err != nil {
		return fmt.Errorf("define @%s: %w", name, err)
	}
	g := &goFunction{}
	switch f := fn.(type) {
	case func(int64) int64:
		g.fn = func(w []uint64, _ []unsafe.Pointer) { w[0] = uint64(f(int64(w[0]))) }
	case func(int64, int64) int64:
		g.fn = func(w []uint64, _ []unsafe.Pointer) { w[0] = uint64(f(int64(w[0]), int64(w[1]))) }
	case func(int64):
		g.fn = func(w []uint64, _ []unsafe.Pointer) { f(int64(w[0])) }
	case func():
		g.fn = func([]uint64, []unsafe.Pointer) { f() }
	case func(float64) float64:
		g.fn = func(w []uint64, _ []unsafe.Pointer) { w[0] = math.Float64bits(f(math.Float64frombits(w[0]))) }
	default:
		call := reflectCall(v, fails)
		if fails {
			g.err = call
		} else {
			g.fn = func(w []uint64, r []unsafe.Pointer) { _ = call(w, r) }
		}
	}
	return l.defineGo(name, sig, g)
}

// DefineGoFunc defines a symbol as a Go function in the form in which compiled code calls it.
func (l *Library) DefineGoFunc(name string, sig ir.Signature, fn ir.GoFunc) error {
	return l.defineGo(name, sig, &goFunction{fn: fn})
}

func (l *Library) defineGo(name string, sig ir.Signature, g *goFunction) error {
	e := l.e
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return ErrClosed
	}
	s, err := l.declare(name, sig, true, "Go", nil)
	if err != nil {
		return err
	}
	if e.m != nil {
		f := &native.GoFunc{Name: name, Fn: g.fn}
		f.Refs = max(obj.CountRefs(sig.Params), obj.CountRefs(sig.Results))
		f.Words = max(len(sig.Params)-obj.CountRefs(sig.Params), len(sig.Results)-obj.CountRefs(sig.Results))
		if g.frame != nil {
			f.FrameFn = g.frame
		} else if g.err != nil {
			f.FrameFn = func(_ native.Frame, w []uint64, r []unsafe.Pointer) error { return g.err(w, r) }
		}
		g.id = e.env.AddGoFunc(f)
		if g.thunk, err = e.m.Thunk(name, sig, g.id); err != nil {
			e.env.RemoveGoFunc(g.id)
			e.dropIfUnused(s)
			return err
		}
		e.res.add(g.thunk)
		g.uses = 1
		s.lead(g.thunk.Addr)
	}
	s.gofn = g
	l.decideAnew(name)
	return nil
}

// dropGo ends the definition of a Go function. Under e.mu.
func (e *Engine) dropGo(g *goFunction) {
	if g.thunk != nil {
		e.res.retire(g.thunk, func() {
			e.mu.Lock()
			defer e.mu.Unlock()
			e.unuseGo(g)
		})
	}
}

// unuseGo counts down; when nothing calls the Go function any more, its id may be used for another. Under e.mu.
func (e *Engine) unuseGo(g *goFunction) {
	if g.uses--; g.uses == 0 {
		e.env.RemoveGoFunc(g.id)
	}
}

// intrinsic returns the id of a Go function that the compiler itself calls.
func (e *Engine) intrinsic(name string) (uint32, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.intrinsics == nil {
		e.intrinsics = map[string]uint32{
			obj.GoAlloc:      e.env.AddGoFunc(&native.GoFunc{Name: obj.GoAlloc, Words: 2, Refs: 1, Fn: alloc}),
			obj.GoAllocArray: e.env.AddGoFunc(&native.GoFunc{Name: obj.GoAllocArray, Words: 2, Refs: 1, FrameFn: allocArray}),
		}
	}
	id, ok := e.intrinsics[name]
	return id, ok
}

//go:linkname unsafeNew reflect.unsafe_New
func unsafeNew(typ unsafe.Pointer) unsafe.Pointer

//go:linkname unsafeNewArray reflect.unsafe_NewArray
func unsafeNewArray(typ unsafe.Pointer, n int) unsafe.Pointer

func typeWord(w uint64) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&w)) }

func alloc(w []uint64, r []unsafe.Pointer) { r[0] = unsafeNew(typeWord(w[0])) }

func allocArray(f native.Frame, w []uint64, r []unsafe.Pointer) error {
	n := int64(w[1])
	size := int64(typeSize(typeWord(w[0])))
	if n < 0 || size > 0 && n > (1<<40)/size {
		return &native.TrapError{Func: f.In.Name, Code: ir.TrapAlloc}
	}
	r[0] = unsafeNewArray(typeWord(w[0]), int(n))
	return nil
}

// typeSize is the size of a type given by its type word.
func typeSize(word unsafe.Pointer) uintptr {
	typ := reflect.TypeFor[int]()
	(*[2]unsafe.Pointer)(unsafe.Pointer(&typ))[1] = word
	return typ.Size()
}

// goSignature translates a Go function type. fails says that the last result is an error.
func goSignature(t reflect.Type) (sig ir.Signature, fails bool, err error) {
	for i := range t.NumIn() {
		k, ok := goKind(t.In(i))
		if !ok {
			return sig, false, fmt.Errorf("parameter %d of %s cannot be passed to or from compiled code", i, t)
		}
		sig.Params = append(sig.Params, k)
	}
	n := t.NumOut()
	if n > 0 && t.Out(n-1) == reflect.TypeFor[error]() {
		fails = true
		n--
	}
	for i := range n {
		k, ok := goKind(t.Out(i))
		if !ok {
			return sig, false, fmt.Errorf("result %d of %s cannot be passed to or from compiled code", i, t)
		}
		sig.Results = append(sig.Results, k)
	}
	return sig, fails, nil
}

func goKind(t reflect.Type) (ir.Type, bool) {
	switch t.Kind() {
	case reflect.Bool, reflect.Int8, reflect.Uint8:
		return ir.I8, true
	case reflect.Int16, reflect.Uint16:
		return ir.I16, true
	case reflect.Int32, reflect.Uint32:
		return ir.I32, true
	case reflect.Int, reflect.Uint, reflect.Int64, reflect.Uint64:
		return ir.I64, true
	case reflect.Float32:
		return ir.F32, true
	case reflect.Float64:
		return ir.F64, true
	case reflect.Uintptr:
		return ir.Ptr, true
	case reflect.UnsafePointer, reflect.Pointer:
		return ir.Ref, true
	}
	return ir.Void, false
}

// fromWord makes a Go value of type t from a word.
func fromWord(t reflect.Type, w uint64) reflect.Value {
	v := reflect.New(t).Elem()
	switch t.Kind() {
	case reflect.Bool:
		v.SetBool(byte(w) != 0)
	case reflect.Float32:
		v.SetFloat(float64(math.Float32frombits(uint32(w))))
	case reflect.Float64:
		v.SetFloat(math.Float64frombits(w))
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Int:
		v.SetInt(ir.SignExtend(mustKind(t), int64(w)))
	default:
		v.SetUint(ir.ZeroExtend(mustKind(t), int64(w)))
	}
	return v
}

func mustKind(t reflect.Type) ir.Type {
	k, _ := goKind(t)
	if k == ir.Ptr {
		return ir.I64
	}
	return k
}

// toWord is the inverse of fromWord.
func toWord(v reflect.Value) uint64 {
	switch v.Kind() {
	case reflect.Bool:
		if v.Bool() {
			return 1
		}
		return 0
	case reflect.Float32:
		return uint64(math.Float32bits(float32(v.Float())))
	case reflect.Float64:
		return math.Float64bits(v.Float())
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Int:
		return uint64(v.Int())
	}
	return v.Uint()
}

func isRef(t reflect.Type) bool {
	return t.Kind() == reflect.UnsafePointer || t.Kind() == reflect.Pointer
}

func reflectCall(v reflect.Value, fails bool) func(w []uint64, r []unsafe.Pointer) error {
	t := v.Type()
	return func(w []uint64, r []unsafe.Pointer) error {
		args := make([]reflect.Value, t.NumIn())
		nw, nr := 0, 0
		for i := range args {
			if isRef(t.In(i)) {
				args[i] = reflect.NewAt(t.In(i), unsafe.Pointer(&r[nr])).Elem()
				args[i] = reflect.ValueOf(args[i].Interface())
				nr++
			} else {
				args[i] = fromWord(t.In(i), w[nw])
				nw++
			}
		}
		out := v.Call(args)
		if fails {
			if e := out[len(out)-1]; !e.IsNil() {
				return e.Interface().(error)
			}
			out = out[:len(out)-1]
		}
		nw, nr = 0, 0
		for _, o := range out {
			if isRef(o.Type()) {
				r[nr] = o.UnsafePointer()
				nr++
			} else {
				w[nw] = toWord(o)
				nw++
			}
		}
		return nil
	}
}
