package object

// ListType is list.
var ListType Type

// List is a list.
type List struct {
	Object
	Items []Value
}

// NewList makes a list that keeps items.
func NewList(items []Value) Value { return Obj(&List{Object{&ListType.Root}, items}) }
