package interp

import (
	"unsafe"

	"martlet/hint"
	"martlet/python/internal/code"
	"martlet/python/object"
)

// FunctionType is the type of Python functions.
var FunctionType object.Type

// Function is a Python function.
type Function struct {
	object.Object
	object.Attrs
	code       *Code          `hint:"nonnil"`
	globals    *Dict          `hint:"immutable,nonnil"`
	builtins   *Dict          `hint:"immutable,nonnil"`
	globalsMap Value          // set when globals is a dict subclass instance whose lookup must be asked
	closure    []*object.Cell `hint:"immutable"`
	defaults   []Value
	kwdefaults *Dict
	name, qual *Str
	doc        Value
	module     Value
	annots     Value // dict, or a tuple of names and values not yet made into one
	typeParams Value
	recoded    hint.Quasi[bool] // __code__ was assigned
}

// theCode is the function's code. Compiled code that knows the function knows its code, until __code__ is assigned.
func (fn *Function) theCode() *Code {
	if hint.Known(fn.recoded.Get()) {
		return codeOf(fn)
	}
	return fn.code
}

// codeOf is the code of a function whose code is known not to change.
//
//martlet:elidable
func codeOf(fn *Function) *Code { return fn.code }

// isFunction says whether a value is a Python function.
func isFunction(v Value) bool {
	if hint.Known(v.Ref) {
		return isFunctionObject(v.Ref)
	}
	return v.Type() == &FunctionType
}

// isFunctionObject is isFunction for a known object: its type cannot change.
//
//martlet:elidable
func isFunctionObject(p unsafe.Pointer) bool {
	return p != nil && (*object.Object)(p).Shape.Type == &FunctionType
}

func (th *Thread) newFunction(c *Code, globals, builtins *Dict) *Function {
	fn := &Function{Object: object.Object{Shape: &FunctionType.Root}, code: c, globals: globals, builtins: builtins, name: c.name, qual: c.qual}
	fn.doc = object.None
	if c.C.Flags&code.HasDocstring != 0 && len(c.consts) > 0 {
		fn.doc = c.consts[0]
	}
	fn.module = object.None
	if m := globals.GetStr(object.N.Name); m.Ref != nil {
		fn.module = m
	}
	return fn
}

// makeFunction is instruction makefunc.
func (th *Thread) makeFunction(f *Frame, dst, b, site int) *Exception {
	if e := th.T.Charge(int(unsafe.Sizeof(Function{}))); e != nil {
		return e
	}
	s := &f.code.C.FuncSites[site]
	c := object.As[Code](f.code.consts[s.Code])
	fn := th.newFunction(c, f.fn.globals, f.fn.builtins)
	fn.globalsMap = f.fn.globalsMap
	if s.Flags&code.FuncDefaults != 0 {
		fn.defaults = object.As[object.Tuple](*at(f.base, b)).Items
		b++
	}
	if s.Flags&code.FuncKwDefaults != 0 {
		fn.kwdefaults = object.As[Dict](*at(f.base, b))
		b++
	}
	if s.Flags&code.FuncAnnotations != 0 {
		fn.annots = *at(f.base, b)
	}
	if len(s.Captures) > 0 {
		fn.closure = make([]*object.Cell, len(s.Captures))
		for i, k := range s.Captures {
			if k >= 0 {
				fn.closure[i] = object.As[object.Cell](*at(f.base, f.code.cellBase+int(k)))
			} else {
				fn.closure[i] = f.fn.closure[^k]
			}
		}
	}
	object.Set(at(f.base, dst), object.Obj(fn))
	return nil
}

func unsafeAdd(v Value, off uintptr) unsafe.Pointer { return unsafe.Add(v.Ref, off) }
