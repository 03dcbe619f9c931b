package object

// TupleType is tuple.
var TupleType Type

// Tuple is a tuple.
type Tuple struct {
	Object
	Items []Value
	H     int64 // cached hash; 0: not computed
}

var emptyTuple = Tuple{Object: Object{&TupleType.Root}}

// EmptyTuple is ().
var EmptyTuple = Obj(&emptyTuple)

// NewTuple makes a tuple that keeps items.
func NewTuple(items []Value) Value {
	if len(items) == 0 {
		return EmptyTuple
	}
	return Obj(&Tuple{Object: Object{&TupleType.Root}, Items: items})
}
