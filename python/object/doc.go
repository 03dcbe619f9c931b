// Package object is the object model of martlet's Python: values, types, shapes, exceptions, and the generic
// operations (get an attribute, call, add, iterate ...) that everything else is written with.
//
// The parts:
//
//	value.go      Value (two words), Object (header), the tags of unboxed values, identity
//	shape.go      Shape (hidden class): which attribute lives in which slot of an instance
//	type.go       Type, its slots, MRO, lookup with version tags
//	declare.go    how a builtin type is declared: Decl tables, run at init
//	slots.go      dunder methods <-> slots, in both directions
//	attr.go       attribute protocol: GetAttr, SetAttr, generic lookup, instance dictionaries
//	descr.go      method descriptors, slot wrappers, getset, member, property, classmethod, staticmethod
//	call.go       Call and friends; builtin functions and the text-signature binder
//	ops.go        Repr, Str, Hash, Equal, Compare, Truth, Len, items, iteration, binary and unary operations
//	exception.go  the exception hierarchy and constructors such as TypeErrorf
//	thread.go     Interp, Thread, limits, accounting
//	class.go      type(), class creation, object
//	int.go, float.go, str.go ... one file per builtin data type
//
// A Python exception in flight is a *Exception result; nil means no error. A Value whose Ref is nil is "no
// value"; it never reaches Python code. Nothing here knows bytecode: package interp does.
package object
