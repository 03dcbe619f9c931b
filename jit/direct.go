package jit

import (
	"reflect"
	"unsafe"
)

// Calls without reflection: for each order of up to four integer words and floats there is a closure that hands them to native.Callee.Invoke.
//
// The closures are written once, for type parameters that stand for a class of types, and looked up argument by argument. All types of a class (integer,
// meaning int64, uint, uintptr, types named after them, and so on; float) are passed alike by Go, so the func value of a closure for the
// class serves as one for each function type of it. Types of other sizes are not, since Go gives a function stack space for its arguments.

// class is the type that stands for all words that are passed like it.
type class interface{ uint64 | float64 }

// direct returns the func value of a function of type t that calls h, or nil if there is none for the type.
func (h *handle) direct(t reflect.Type, fails bool) unsafe.Pointer {
	n := t.NumOut()
	if fails {
		n--
	}
	if t.NumIn() > 4 || n > 1 || t.IsVariadic() {
		return nil
	}
	b := binding{h: h, fails: fails, results: n}
	for i := range t.NumIn() {
		f, ok := classOf(t.In(i))
		if !ok {
			return nil
		}
		b.floats = append(b.floats, f)
	}
	float := false
	if n == 1 {
		var ok bool
		if float, ok = classOf(t.Out(0)); !ok {
			return nil
		}
	}
	if float {
		return bind0[float64](&b)
	}
	return bind0[uint64](&b)
}

// classOf tells whether a type is a word, and one that is passed as a float.
func classOf(t reflect.Type) (float, ok bool) {
	switch t.Kind() {
	case reflect.Int, reflect.Int64, reflect.Uint, reflect.Uint64, reflect.Uintptr:
		return false, true
	case reflect.Float64:
		return true, true
	}
	return false, false
}

// binding says what a closure is wanted for.
type binding struct {
	h       *handle
	floats  []bool // by argument
	results int    // without the error
	fails   bool   // the last result is an error
}

// pick chooses among the closures with a plain result, a result and an error, and an error only. (A result that nobody expects does no harm.)
func pick[P, E, O any](b *binding, plain P, failing E, only O) unsafe.Pointer {
	switch {
	case !b.fails:
		return *(*unsafe.Pointer)(unsafe.Pointer(&plain))
	case b.results == 1:
		return *(*unsafe.Pointer)(unsafe.Pointer(&failing))
	}
	return *(*unsafe.Pointer)(unsafe.Pointer(&only))
}

// word is the word at p. (Not a generic function of the value: such are shared between types, and not inlined.)
func word(p unsafe.Pointer) uint64 { return *(*uint64)(p) }

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func bind0[R class](b *binding) unsafe.Pointer {
	if len(b.floats) > 0 {
		if b.floats[0] {
			return bind1[float64, R](b)
		}
		return bind1[uint64, R](b)
	}
	h := b.h
	return pick(b, func() R {
		r, err := h.callee.Invoke(0, 0, 0, 0)
		check(err)
		return *(*R)(unsafe.Pointer(&r))
	}, func() (R, error) {
		r, err := h.callee.Invoke(0, 0, 0, 0)
		return *(*R)(unsafe.Pointer(&r)), err
	}, func() error {
		_, err := h.callee.Invoke(0, 0, 0, 0)
		return err
	})
}

func bind1[A, R class](b *binding) unsafe.Pointer {
	if len(b.floats) > 1 {
		if b.floats[1] {
			return bind2[A, float64, R](b)
		}
		return bind2[A, uint64, R](b)
	}
	h := b.h
	return pick(b, func(a A) R {
		r, err := h.callee.Invoke(word(unsafe.Pointer(&a)), 0, 0, 0)
		check(err)
		return *(*R)(unsafe.Pointer(&r))
	}, func(a A) (R, error) {
		r, err := h.callee.Invoke(word(unsafe.Pointer(&a)), 0, 0, 0)
		return *(*R)(unsafe.Pointer(&r)), err
	}, func(a A) error {
		_, err := h.callee.Invoke(word(unsafe.Pointer(&a)), 0, 0, 0)
		return err
	})
}

func bind2[A, B, R class](b *binding) unsafe.Pointer {
	if len(b.floats) > 2 {
		if b.floats[2] {
			return bind3[A, B, float64, R](b)
		}
		return bind3[A, B, uint64, R](b)
	}
	h := b.h
	return pick(b, func(a A, b B) R {
		r, err := h.callee.Invoke(word(unsafe.Pointer(&a)), word(unsafe.Pointer(&b)), 0, 0)
		check(err)
		return *(*R)(unsafe.Pointer(&r))
	}, func(a A, b B) (R, error) {
		r, err := h.callee.Invoke(word(unsafe.Pointer(&a)), word(unsafe.Pointer(&b)), 0, 0)
		return *(*R)(unsafe.Pointer(&r)), err
	}, func(a A, b B) error {
		_, err := h.callee.Invoke(word(unsafe.Pointer(&a)), word(unsafe.Pointer(&b)), 0, 0)
		return err
	})
}

func bind3[A, B, C, R class](b *binding) unsafe.Pointer {
	if len(b.floats) > 3 {
		if b.floats[3] {
			return bind4[A, B, C, float64, R](b)
		}
		return bind4[A, B, C, uint64, R](b)
	}
	h := b.h
	return pick(b, func(a A, b B, c C) R {
		r, err := h.callee.Invoke(word(unsafe.Pointer(&a)), word(unsafe.Pointer(&b)), word(unsafe.Pointer(&c)), 0)
		check(err)
		return *(*R)(unsafe.Pointer(&r))
	}, func(a A, b B, c C) (R, error) {
		r, err := h.callee.Invoke(word(unsafe.Pointer(&a)), word(unsafe.Pointer(&b)), word(unsafe.Pointer(&c)), 0)
		return *(*R)(unsafe.Pointer(&r)), err
	}, func(a A, b B, c C) error {
		_, err := h.callee.Invoke(word(unsafe.Pointer(&a)), word(unsafe.Pointer(&b)), word(unsafe.Pointer(&c)), 0)
		return err
	})
}

func bind4[A, B, C, D, R class](b *binding) unsafe.Pointer {
	h := b.h
	return pick(b, func(a A, b B, c C, d D) R {
		r, err := h.callee.Invoke(word(unsafe.Pointer(&a)), word(unsafe.Pointer(&b)), word(unsafe.Pointer(&c)), word(unsafe.Pointer(&d)))
		check(err)
		return *(*R)(unsafe.Pointer(&r))
	}, func(a A, b B, c C, d D) (R, error) {
		r, err := h.callee.Invoke(word(unsafe.Pointer(&a)), word(unsafe.Pointer(&b)), word(unsafe.Pointer(&c)), word(unsafe.Pointer(&d)))
		return *(*R)(unsafe.Pointer(&r)), err
	}, func(a A, b B, c C, d D) error {
		_, err := h.callee.Invoke(word(unsafe.Pointer(&a)), word(unsafe.Pointer(&b)), word(unsafe.Pointer(&c)), word(unsafe.Pointer(&d)))
		return err
	})
}
