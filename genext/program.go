package genext

import (
	"reflect"
	"unsafe"

	"martlet/ir"
)

// Program is an interpreter as martlet-gen writes it into a Go file of the
// interpreter's own package: its flow graphs and all that connects them with
// the running process. It is constant data; NewMachine decodes it.
//
// The flow graphs are the functions of an ir module:
//
//   - Function names are Go's full names ("martlet/examples/tl.(*VM).run").
//   - Values are words as docs of internal/jitgen say; bool is i8.
//   - A hint is a call of a declared Go function whose name begins with "hint.":
//     the hint's name, then for generic hints "$" and a number for each list of
//     types. Parameters and results are the exploded words:
//     hint.MergePoint$0(greens…, reds…); hint.Promote$1(words…) -> words…;
//     hint.PromoteType$k, hint.Concrete$k likewise; hint.Known$k(words…) -> i8;
//     hint.Tick(ref) -> i8, hint.Call likewise. hint.AddOverflow and its siblings are the ops
//     saddov, ssubov, smulov.
//   - (*Driver).Enter is only reached behind a Tick, which is false in the graphs, so
//     the code behind may be left out; if kept it is an opaque call "hint.Enter$k".
//   - Opaque functions are declared go, and bound in Funcs. A load of a field
//     tagged immutable (or below a deep one) has the flag ir.Immutable.
//   - Loads and stores of fields of a struct that embeds hint.Frame and of the slice
//     words of a field tagged frame have alias classes of their own, described in Classes.
//   - Quasi.Get is a graph like any other; the machine knows it by its name.
//   - Package variables are declared globals bound in Globals.
//   - A panic is a trap block.
type Program struct {
	Name    string // import path of the interpreter's package
	IR      string // the module's text form (ir.Parse)
	Funcs   []Binding
	Types   []TypeBinding
	Globals []GlobalBinding
	Classes []Class
}

// Binding gives a declared Go function its code. Graph functions may be bound
// too: the binding is then the function as Go compiled it, used where the
// specialiser does not look inside.
type Binding struct {
	Name  string
	Fn    ir.GoFunc
	Flags FuncFlags
}

// FuncFlags are the directives of a function.
type FuncFlags uint8

// The flags.
const (
	Aside  FuncFlags = 1 << iota // //martlet:aside
	Forces                       // //martlet:forces
	Unroll                       // //martlet:unroll
	Inline                       // //martlet:inline
)

// TypeBinding gives an object type of the module its Go type.
type TypeBinding struct {
	Name string
	Type reflect.Type
}

// GlobalBinding gives a declared global its address: &variable.
type GlobalBinding struct {
	Name string
	Addr unsafe.Pointer
}

// Class says what the machine may assume about an alias class, by the class's
// name in the module. Classes that nothing special is known of are not listed.
type Class struct {
	Name  string
	Flags ClassFlags
	Watch int64 // QuasiValue: from the field's address to the variable's watch word; LinkNext: from it to the link back
	Peer  int   // LinkNext: from its class to that of the link back
}

// ClassFlags are properties of an alias class.
type ClassFlags uint8

// The flags.
const (
	FrameField ClassFlags = 1 << iota // a field of a struct that embeds hint.Frame
	FrameArray                        // the loaded ref points at elements that only the frame accesses (tag frame)
	NonNil                            // the field is never nil (tag nonnil)
	LinkNext                          // the link to the next of a chain of frames (tag next)
	Stable                            // opaque functions read the field, but do not change it (tag stable)
	LinkPrev                          // the link back (tag prev)
	QuasiValue                        // the value of a hint.Quasi (informative: the machine goes by the graph of Get)
)
