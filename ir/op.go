package ir

//go:generate go run ./internal/opgen -root ..

// Op is an operation of the flow-graph language. The table in
// ir/internal/optab declares them; docs/ir-ops.md gives their meaning.
type Op uint8

// Props is a set of properties of an op.
type Props uint32

// The properties; they have the values of ir/internal/optab's.
const (
	PropPure        Props = 1 << iota // depends on operands only; may be folded, shared, moved, removed
	PropCommutative                   // the first two operands may be exchanged
	PropTrap                          // may trap
	PropRead                          // reads memory
	PropWrite                         // writes memory
	PropCall                          // calls other code
	PropTerm                          // ends a block
	PropExit                          // may leave compiled code
)

// OpInfo is what the table says of an op. See optab.Op for the patterns in
// Args and Results.
type OpInfo struct {
	Name    string
	On      string
	Args    []string
	Results []string
	Props   Props
	Imm     string
	Aux     string
}

// Info returns the table's entry.
func (o Op) Info() *OpInfo { return &opInfos[o] }

func (o Op) String() string { return opInfos[o].Name }

// Has reports whether the op has all the given properties.
func (o Op) Has(p Props) bool { return opInfos[o].Props&p == p }

// IsPure reports whether the result depends on the operands only.
func (o Op) IsPure() bool { return opInfos[o].Props&PropPure != 0 }

// HasEffect reports whether the op must be kept although its result is unused.
func (o Op) HasEffect() bool {
	return opInfos[o].Props&(PropTrap|PropWrite|PropCall|PropTerm) != 0 || o == OpGuard || o == OpPoll
}

// IsCompare reports whether the op is a comparison.
func (o Op) IsCompare() bool { return o >= OpEq && o <= OpFge }

// IsOverflow reports whether the op's second result is an overflow or carry flag.
func (o Op) IsOverflow() bool { return o >= OpSaddov && o <= OpSubb }

// SuffixType returns the type that parametrises an instruction: its suffix in
// the text form. For comparisons, stores and the like, whose result is not of
// that type, it is an operand's.
func (v *Value) SuffixType() Type {
	info := v.Op.Info()
	if info.On == "" {
		return Void
	}
	if len(info.Results) > 0 && info.Results[0] == "T" {
		return v.Type
	}
	for i, a := range info.Args {
		if a == "T" && i < len(v.Args) {
			return v.Args[i].Type
		}
	}
	return v.Type
}
