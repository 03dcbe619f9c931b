package ir

// tidySpecialized cleans what Specialize leaves: parameters that always get the
// same value, unused pure instructions and parameters, jumps to blocks with no other predecessor.
func tidySpecialized(f *Func) {
	f.Blocks = ReversePostorder(f)
	for changed := true; changed; {
		f.ComputePreds()
		changed = sameParams(f)
		f.ComputePreds()
		changed = mergeJumps(f) || changed
		changed = dropUnused(f) || changed
	}
}

// sameParams replaces parameters whose arguments are all one value.
func sameParams(f *Func) bool {
	changed := false
	by := make([]*Value, f.NumValues())
	find := func(v *Value) *Value {
		for by[v.ID] != nil {
			v = by[v.ID]
		}
		return v
	}
	for _, b := range f.Blocks[1:] {
		for k := len(b.Params) - 1; k >= 0; k-- {
			if only := onlyArg(b, k, find); only != nil {
				by[b.Params[k].ID] = only
				removeParam(b, k)
				changed = true
			}
		}
	}
	if changed {
		rewriteUses(f, find)
	}
	return changed
}

// onlyArg returns the one value that parameter k ever gets, besides itself.
func onlyArg(b *Block, k int, find func(*Value) *Value) *Value {
	var only *Value
	for _, p := range b.Preds {
		for i := range p.End.Succs {
			if e := &p.End.Succs[i]; e.To == b {
				a := find(e.Args[k])
				if a == b.Params[k] || a == only {
					continue
				}
				if only != nil || isFree(a) {
					return nil
				}
				only = a
			}
		}
	}
	return only
}

func removeParam(b *Block, k int) {
	b.Params = append(b.Params[:k:k], b.Params[k+1:]...)
	for i, p := range b.Params {
		p.Imm = int64(i)
	}
	seen := map[*Block]bool{}
	for _, p := range b.Preds {
		if seen[p] {
			continue
		}
		seen[p] = true
		for i := range p.End.Succs {
			if e := &p.End.Succs[i]; e.To == b {
				e.Args = append(e.Args[:k:k], e.Args[k+1:]...)
			}
		}
	}
}

func rewriteUses(f *Func, find func(*Value) *Value) {
	fix := func(args []*Value) {
		for i, a := range args {
			args[i] = find(a)
		}
	}
	for _, b := range f.Blocks {
		for _, v := range b.Insts {
			fix(v.Args)
		}
		fix(b.End.Args)
		for i := range b.End.Succs {
			fix(b.End.Succs[i].Args)
		}
	}
}

// mergeJumps appends blocks to their only predecessor where that jumps to them.
func mergeJumps(f *Func) bool {
	by := make([]*Value, f.NumValues())
	gone := make([]bool, f.NumBlocks())
	changed := false
	for _, b := range f.Blocks {
		for !gone[b.ID] && b.End.Op == OpJump {
			to := b.End.Succs[0].To
			if to == b || to == f.Entry() || len(to.Preds) != 1 {
				break
			}
			for i, p := range to.Params {
				by[p.ID] = b.End.Succs[0].Args[i]
			}
			for _, v := range to.Insts {
				v.Block = b
			}
			b.Insts = append(b.Insts, to.Insts...)
			b.End = to.End
			gone[to.ID], changed = true, true
		}
	}
	if !changed {
		return false
	}
	kept := f.Blocks[:0:0]
	for _, b := range f.Blocks {
		if !gone[b.ID] {
			kept = append(kept, b)
		}
	}
	f.Blocks = kept
	rewriteUses(f, func(v *Value) *Value {
		for by[v.ID] != nil {
			v = by[v.ID]
		}
		return v
	})
	return true
}

func dropUnused(f *Func) bool {
	used := make([]bool, f.NumValues())
	mark := func(args []*Value) {
		for _, a := range args {
			used[a.ID] = true
		}
	}
	for _, b := range f.Blocks {
		for _, v := range b.Insts {
			mark(v.Args)
		}
		mark(b.End.Args)
		for i := range b.End.Succs {
			mark(b.End.Succs[i].Args)
		}
	}
	f.ComputePreds()
	changed := false
	for i, b := range f.Blocks {
		kept := b.Insts[:0]
		for _, v := range b.Insts {
			if v.Op.IsPure() && !used[v.ID] {
				changed = true
				continue
			}
			kept = append(kept, v)
		}
		b.Insts = kept
		for k := len(b.Params) - 1; k >= 0 && i > 0; k-- {
			if !used[b.Params[k].ID] {
				removeParam(b, k)
				changed = true
			}
		}
	}
	return changed
}
