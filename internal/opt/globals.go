package opt

import (
	"encoding/binary"

	"martlet/ir"
)

// Module optimises a whole module in place: inlining, then loads of constant
// globals, then every function, then the removal of what nobody can reach.
// What is external or marked used stays, with its name and meaning.
func Module(m *ir.Module, level Level, opts Options) {
	if level == Full {
		for _, f := range m.Funcs {
			Func(f, Quick, opts)
		}
		Inline(m, opts)
		markConstGlobals(m)
		for _, f := range m.Funcs {
			foldGlobals(f)
		}
	}
	for _, f := range m.Funcs {
		Func(f, level, opts)
	}
	if level == Full {
		RemoveDead(m)
	}
}

// RemoveDead drops internal and available-externally symbols that nothing
// reachable from an external or used one mentions.
func RemoveDead(m *ir.Module) {
	live := map[string]bool{}
	var work []string
	mark := func(name string) {
		if !live[name] {
			live[name] = true
			work = append(work, name)
		}
	}
	for _, f := range m.Funcs {
		if f.Used || f.Linkage == ir.External {
			mark(f.Name)
		}
	}
	for _, g := range m.Globals {
		if g.Used || g.Linkage == ir.External {
			mark(g.Name)
		}
	}
	for len(work) > 0 {
		name := work[len(work)-1]
		work = work[:len(work)-1]
		if f := m.Func(name); f != nil {
			eachSymbol(f, mark)
		}
		if g := m.Global(name); g != nil {
			for _, rel := range g.Relocs {
				mark(rel.Sym)
			}
		}
	}
	m.Filter(func(s ir.Symbol) bool { return live[s.SymbolName()] })
}

// eachSymbol calls f with the names of the symbols a function mentions.
func eachSymbol(fn *ir.Func, f func(string)) {
	for _, b := range fn.Blocks {
		for _, v := range b.Insts {
			switch {
			case v.Op == ir.OpSymaddr:
				f(v.Aux.(ir.Symbol).SymbolName())
			case v.Op == ir.OpCall:
				f(v.Call().Callee.Name)
			}
		}
		if b.End.Call != nil && b.End.Call.Callee != nil {
			f(b.End.Call.Callee.Name)
		}
	}
}

// markConstGlobals finds internal globals that are only ever loaded from, at
// their own address, and marks them constant.
func markConstGlobals(m *ir.Module) {
	written := map[string]bool{}
	for _, f := range m.Funcs {
		for _, b := range f.Blocks {
			for _, v := range b.Insts {
				for i, a := range v.Args {
					if !(v.Op == ir.OpLoad && i == 0) {
						markWritten(a, written)
					}
				}
			}
			for _, a := range b.End.Args {
				markWritten(a, written)
			}
			for i := range b.End.Succs {
				for _, a := range b.End.Succs[i].Args {
					markWritten(a, written)
				}
			}
		}
	}
	for _, g := range m.Globals {
		for _, rel := range g.Relocs {
			written[rel.Sym] = true
		}
	}
	for _, g := range m.Globals {
		if g.Linkage == ir.Internal && !g.Used && !written[g.Name] {
			g.Const = true
		}
	}
}

func markWritten(a *ir.Value, written map[string]bool) {
	if a.Op == ir.OpSymaddr {
		written[a.Aux.(ir.Symbol).SymbolName()] = true
	}
}

// foldGlobals replaces loads at fixed offsets of constant globals by their values.
func foldGlobals(f *ir.Func) {
	for _, b := range f.Blocks {
		for _, v := range b.Insts {
			if v.Op != ir.OpLoad || v.Args[0].Op != ir.OpSymaddr {
				continue
			}
			if bits, ok := constLoad(v); ok {
				v.Op, v.Imm, v.Mem = ir.OpConst, bits, ir.Mem{}
				v.SetArgs()
			}
		}
	}
}

func constLoad(v *ir.Value) (int64, bool) {
	g, ok := v.Args[0].Aux.(*ir.Global)
	size := int64(v.Type.Size())
	if !ok || !g.Const || v.Imm < 0 || v.Imm+size > int64(g.Size) || v.Type == ir.Ref || g.Linkage == ir.Declared {
		return 0, false
	}
	for _, rel := range g.Relocs {
		if int64(rel.Offset) < v.Imm+size && v.Imm < int64(rel.Offset)+8 {
			return 0, false
		}
	}
	var buf [8]byte
	if v.Imm < int64(len(g.Init)) {
		copy(buf[:size], g.Init[v.Imm:])
	}
	return normalise(v.Type, int64(binary.LittleEndian.Uint64(buf[:]))), true
}
