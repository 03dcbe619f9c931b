package genext

import (
	"unsafe"

	"martlet/ir"
)

// Place is a position in the interpreted program: what greens stand for, in
// words of its author.
type Place struct {
	Func, File string
	Line       int
}

// placeOf asks where greens are, and gives the place as a position of the residual module.
func (sp *spec) placeOf(words []uint64, refs []unsafe.Pointer) ir.Pos {
	d := sp.d
	if d.opt.Where == nil {
		return ir.Pos{}
	}
	var p Place
	d.withGreens(words, refs, func(g unsafe.Pointer) { p = d.opt.Where(g) })
	return ir.Pos{File: sp.r.scope(sp.mod, p), Line: int32(max(p.Line, 1))}
}

// withGreens calls f with greens in their Go type.
func (d *door) withGreens(words []uint64, refs []unsafe.Pointer, f func(g unsafe.Pointer)) {
	writeWords(d.scratch, d.greens, words, refs)
	f(d.scratch)
	writeWords(d.scratch, d.greens, make([]uint64, len(words)), make([]unsafe.Pointer, len(refs)))
}

// scope numbers the function of a place, from 1.
func (r *region) scope(mod *ir.Module, p Place) uint16 {
	p.Line = 0
	for i, s := range r.scopes {
		if s == p {
			return uint16(i + 1)
		}
	}
	r.scopes = append(r.scopes, p)
	mod.Files = append(mod.Files, p.File)
	return uint16(len(r.scopes))
}

// place is the place of a position in residual code.
func (r *region) place(pos ir.Pos) Place {
	if pos.File == 0 || int(pos.File) > len(r.scopes) {
		return Place{}
	}
	p := r.scopes[pos.File-1]
	p.Line = int(pos.Line)
	return p
}

// arrive tells the state where it is when it passes a merge point with constant greens;
// false if code for them is not permitted.
func (sp *spec) arrive(s *state, greens []box) bool {
	d := sp.d
	if d.opt.Where == nil && d.opt.Permit == nil {
		return true
	}
	words, refs := wordsOf(greens)
	if d.opt.Permit != nil {
		if !d.permitted(&entry{words: words, refs: refs}) {
			return false
		}
	}
	s.place = sp.placeOf(words, refs)
	return true
}

// permitted asks whether an entry may be compiled.
func (d *door) permitted(e *entry) (ok bool) {
	if d.opt.Permit == nil {
		return true
	}
	d.withGreens(e.words, e.refs, func(g unsafe.Pointer) { ok = d.opt.Permit(g) })
	return ok
}

// bridgePlace is the place of an exit of a region, as a position in the module of its bridge.
func (sp *spec) bridgePlace(sn *snapshot) ir.Pos {
	if sp.d.opt.Where == nil {
		return ir.Pos{}
	}
	p := sn.in.place(sn.place)
	sp.r.at = p
	return ir.Pos{File: sp.r.scope(sp.mod, p), Line: int32(max(p.Line, 1))}
}

// valid asks the interpreter whether greens are possible.
func (d *door) valid(greens []box) (ok bool) {
	if d.opt.Valid == nil {
		return true
	}
	words, refs := wordsOf(greens)
	d.withGreens(words, refs, func(g unsafe.Pointer) { ok = d.opt.Valid(g) })
	return ok
}

// follows asks the interpreter whether execution comes to greens from the last ones only.
func (d *door) follows(last, greens []box) (ok bool) {
	if d.opt.Follows == nil {
		return false
	}
	lw, lr := wordsOf(last)
	gw, gr := wordsOf(greens)
	writeWords(d.before, d.greens, lw, lr)
	defer writeWords(d.before, d.greens, make([]uint64, len(lw)), make([]unsafe.Pointer, len(lr)))
	d.withGreens(gw, gr, func(g unsafe.Pointer) { ok = d.opt.Follows(d.before, g) })
	return ok
}

func wordsOf(consts []box) ([]uint64, []unsafe.Pointer) {
	words, refs := make([]uint64, len(consts)), make([]unsafe.Pointer, len(consts))
	for i, b := range consts {
		words[i], refs[i] = uint64(b.n), b.p
	}
	return words, refs
}
