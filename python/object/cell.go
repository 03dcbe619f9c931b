package object

// CellType is the type of closure cells.
var CellType Type

// Cell is a variable shared between a function and its closures; V.Ref == nil is an empty cell.
type Cell struct {
	Object
	V Value
}

// NewCell makes a cell.
func NewCell(v Value) *Cell { return &Cell{Object{&CellType.Root}, v} }

// AsCell tells whether v is a cell.
func AsCell(v Value) (*Cell, bool) {
	if v.Type() != &CellType {
		return nil, false
	}
	return As[Cell](v), true
}

func init() {
	Declare(&CellType, Decl{Name: "cell", Flags: FFinal, Layout: LayoutOf[Cell](),
		Slots: Slots{
			New: NewSig("cell(contents=<absent>, /)", func(t *Thread, tp *Type, a []Value) (Value, *Exception) {
				return Obj(NewCell(a[0])), nil
			}),
			Repr: func(t *Thread, v Value) (Value, *Exception) {
				c := As[Cell](v)
				if c.V.Ref == nil {
					return StrVal("<cell at " + Addr(v) + ": empty>"), nil
				}
				return StrVal("<cell at " + Addr(v) + ": " + c.V.Type().Name + " object at " + Addr(c.V) + ">"), nil
			},
			Compare: func(t *Thread, a, b Value, op CmpOp) (Value, *Exception) {
				if b.Type() != &CellType {
					return NotImplemented, nil
				}
				x, y := As[Cell](a).V, As[Cell](b).V
				if x.Ref == nil || y.Ref == nil {
					i, j := 0, 0
					if x.Ref != nil {
						i = 1
					}
					if y.Ref != nil {
						j = 1
					}
					return Compare(t, Int(int64(i)), Int(int64(j)), op)
				}
				return Compare(t, x, y, op)
			}},
		GetSets: []GetSet{{Name: "cell_contents", Get: func(t *Thread, v Value) (Value, *Exception) {
			if c := As[Cell](v); c.V.Ref != nil {
				return c.V, nil
			}
			return Value{}, ValueErrorf(t, "Cell is empty")
		}, Set: func(t *Thread, v, val Value) *Exception { As[Cell](v).V = val; return nil }}}})
}
