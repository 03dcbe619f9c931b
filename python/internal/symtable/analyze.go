package symtable

import (
	"maps"
	"slices"

	"martlet/python/ast"
)

// The second pass. A block is analysed with the names bound by the functions around it (bound) and those declared global there; it
// reports the names that are free in it. A function turns its own locals among its children's free names into cells.

type set map[string]bool

func (s set) copy() set {
	c := make(set, len(s)+4)
	for k := range s {
		c[k] = true
	}
	return c
}

func (s set) addAll(t set) {
	for k := range t {
		s[k] = true
	}
}

func analyzeTop(top *Block) {
	a := analyzer{}
	a.block(top, nil, set{}, set{}, set{}, nil)
}

type analyzer struct{}

// block decides the scopes of b's names and adds the names free in it to free. bound is nil for the module.
func (a analyzer) block(b *Block, bound, free, global, typeParams set, class *Block) {
	local, newFree, newGlobal, newBound := set{}, set{}, set{}, set{}
	if b.Kind == Class {
		newGlobal.addAll(global)
		newBound.addAll(bound)
	}
	for _, s := range b.Order {
		a.name(b, s, bound, local, free, global, typeParams, class)
	}
	if b.Kind != Class {
		if b.Function() {
			newBound.addAll(local)
		}
		newBound.addAll(bound)
		newGlobal.addAll(global)
	} else {
		newBound["__class__"], newBound["__classdict__"] = true, true
	}
	for _, c := range b.Children {
		a.child(b, c, newBound, newFree, newGlobal, typeParams, class)
	}
	if b.Function() {
		cells(b, newFree)
	} else if b.Kind == Class {
		b.NeedsClassCell = drop(newFree, "__class__")
		b.NeedsClassDict = drop(newFree, "__classdict__")
	}
	update(b, bound, newFree)
	free.addAll(newFree)
}

// child analyses a child block c of b.
func (a analyzer) child(b, c *Block, bound, free, global, typeParams set, class *Block) {
	var childClass *Block
	if c.CanSeeClassScope {
		if b.Kind == Class {
			childClass = b
		} else {
			childClass = class
		}
	}
	childFree := set{}
	c.Inlined = c.Comprehension != NoComprehension && c.Comprehension != GeneratorExp && !b.CanSeeClassScope
	a.block(c, bound.copy(), childFree, global.copy(), typeParams.copy(), childClass)
	if c.Inlined {
		inline(b, c, childFree)
	}
	free.addAll(childFree)
	if c.hasFree || c.childFree {
		b.childFree = true
	}
}

// inline adapts the free names of comprehension c to its being compiled into b: what is local there need not be a cell.
func inline(b, c *Block, free set) {
	for _, s := range c.Order {
		if s.Scope != Free {
			continue
		}
		if b.Kind == Class {
			if s.Name == "__class__" || s.Name == "__classdict__" {
				s.Scope = GlobalImplicit
				delete(free, s.Name)
			}
			continue
		}
		if outer := b.Symbols[s.Name]; outer != nil && outer.Flags&Bound != 0 && !freeInChildren(c, s.Name) {
			delete(free, s.Name)
		}
	}
}

// freeInChildren reports whether name is free in code made inside b.
func freeInChildren(b *Block, name string) bool {
	for _, c := range b.Children {
		if s := c.Symbols[name]; s != nil && s.Scope == Free {
			if !c.Inlined || freeInChildren(c, name) {
				return true
			}
		}
	}
	return false
}

func drop(s set, name string) bool {
	had := s[name]
	delete(s, name)
	return had
}

// name decides one name's scope.
func (a analyzer) name(b *Block, s *Symbol, bound, local, free, global, typeParams set, class *Block) {
	switch f := s.Flags; {
	case f&DefGlobal != 0:
		if f&DefNonlocal != 0 {
			fail(b.directive(s.Name), "name '%s' is nonlocal and global", s.Name)
		}
		s.Scope = GlobalExplicit
		global[s.Name] = true
		delete(bound, s.Name)
		return
	case f&DefNonlocal != 0:
		if bound == nil {
			fail(b.directive(s.Name), "nonlocal declaration not allowed at module level")
		}
		if !bound[s.Name] {
			fail(b.directive(s.Name), "no binding for nonlocal '%s' found", s.Name)
		}
		if typeParams[s.Name] {
			fail(b.directive(s.Name), "nonlocal binding not allowed for type parameter '%s'", s.Name)
		}
		s.Scope = Free
		b.hasFree = true
		free[s.Name] = true
		return
	case f&Bound != 0:
		s.Scope = Local
		local[s.Name] = true
		delete(global, s.Name)
		if f&DefTypeParam != 0 {
			typeParams[s.Name] = true
		} else {
			delete(typeParams, s.Name)
		}
		return
	}
	if class != nil {
		if c := class.Symbols[s.Name]; c != nil {
			if c.Flags&DefGlobal != 0 {
				s.Scope = GlobalExplicit
				return
			}
			if c.Flags&Bound != 0 && c.Flags&DefNonlocal == 0 {
				s.Scope = GlobalImplicit
				return
			}
		}
	}
	if bound[s.Name] {
		s.Scope = Free
		b.hasFree = true
		free[s.Name] = true
		return
	}
	s.Scope = GlobalImplicit
}

// cells turns b's locals that are free in children into cells.
func cells(b *Block, free set) {
	for _, s := range b.Order {
		if s.Scope == Local && free[s.Name] {
			s.Scope = Cell
			delete(free, s.Name)
		}
	}
}

// update enters the names that only children use as free variables of b, too.
func update(b *Block, bound, free set) {
	for _, name := range slices.Sorted(maps.Keys(free)) {
		s := b.Symbols[name]
		if s != nil {
			if b.Kind == Class && s.Flags&(Bound|DefGlobal) != 0 {
				s.Flags |= DefFreeClass
			}
			continue
		}
		if bound != nil && !bound[name] {
			continue
		}
		s = &Symbol{Name: name, Scope: Free}
		b.Symbols[name] = s
		b.Order = append(b.Order, s)
	}
}

// directive returns the place of the global or nonlocal statement for name.
func (b *Block) directive(name string) ast.Pos {
	for _, d := range b.directives {
		if d.name == name {
			return d.pos
		}
	}
	return b.Pos
}
