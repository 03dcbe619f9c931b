package object

// Define adds builtin functions to a module, named and bound by their signatures.
func (m *Module) Define(t *Thread, funcs []Method) {
	name := ""
	if n := m.Dict.GetStr(N.Name); n.Ref != nil && IsStr(n) {
		name = StrText(n)
	}
	for i := range funcs {
		f := &funcs[i]
		v := NewBuiltin(name, f.Sig, f.Fn, f.Doc)
		m.Set(t, As[Builtin](v).Name, v)
	}
}

// DefineTypes adds types to a module under their names.
func (m *Module) DefineTypes(t *Thread, types ...*Type) {
	for _, tp := range types {
		m.Set(t, tp.BareName(), tp.Value())
	}
}
