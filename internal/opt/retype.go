package opt

import "martlet/ir"

// retype makes floats of the parameters that carry the bits of floats: an
// interpreter of a dynamic language keeps numbers as words, so a loop on floats would take
// each from its float register and put it back at every turn.
//
// A parameter of type i64 becomes an f64 if something reads it as a float and
// an edge passes the bits of one. Whoever wants the bits gets them by a
// conversion at the block's start, and edges that pass other words convert those; simplify removes the pairs.
func retype(r *run) {
	r.collectConsts()
	read := r.readAsFloats()
	for _, b := range r.cfg().rpo[1:] {
		var heads []*ir.Value
		for i, p := range b.Params {
			if p.Type == ir.I64 && read[p.ID] && r.getsBits(b, i) && r.spend() {
				heads = append(heads, r.retypeParam(b, i))
			}
		}
		b.Insts = append(heads, b.Insts...)
	}
}

// readAsFloats marks the words that are read as floats, at once or by a parameter that gets them.
func (r *run) readAsFloats() []bool {
	read := make([]bool, r.f.NumValues())
	for _, b := range r.f.Blocks {
		for _, v := range b.Insts {
			if v.Op == ir.OpBitcast && v.Type == ir.F64 && v.Args[0].Type == ir.I64 {
				read[v.Args[0].ID] = true
			}
		}
	}
	for again := true; again; {
		again = false
		for _, b := range r.f.Blocks {
			for _, e := range b.End.Succs {
				for i, p := range e.To.Params {
					if a := e.Args[i]; read[p.ID] && !read[a.ID] && a.Op == ir.OpParam {
						read[a.ID], again = true, true
					}
				}
			}
		}
	}
	return read
}

// getsBits reports whether an edge passes the bits of a float for parameter i.
func (r *run) getsBits(b *ir.Block, i int) (ok bool) {
	edgesTo(b, func(_ *ir.Block, e *ir.Edge) { ok = ok || bitsOf(r.find(e.Args[i])) != nil })
	return ok
}

// bitsOf returns the float whose bits v is, or nil.
func bitsOf(v *ir.Value) *ir.Value {
	if v.Op == ir.OpBitcast && v.Type == ir.I64 && v.Args[0].Type == ir.F64 {
		return v.Args[0]
	}
	return nil
}

// retypeParam gives b a float for its parameter i, and returns the conversion that all uses of the old one get.
func (r *run) retypeParam(b *ir.Block, i int) *ir.Value {
	old := b.Params[i]
	p := r.f.NewValue(ir.OpParam, ir.F64)
	p.Block, p.Imm = b, old.Imm
	b.Params[i] = p
	bits := r.f.NewValue(ir.OpBitcast, ir.I64)
	bits.Block, bits.Args = b, []*ir.Value{p}
	r.replace(old, bits)
	edgesTo(b, func(from *ir.Block, e *ir.Edge) {
		a := r.find(e.Args[i])
		switch x := bitsOf(a); {
		case x != nil:
			e.Args[i] = x
		case a.Op == ir.OpConst:
			e.Args[i] = r.constant(ir.F64, a.Imm)
		default:
			c := r.f.NewValue(ir.OpBitcast, ir.F64)
			c.Block, c.Args = from, []*ir.Value{a}
			from.Insts = append(from.Insts, c)
			e.Args[i] = c
		}
	})
	return bits
}
