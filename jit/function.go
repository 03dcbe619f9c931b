package jit

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"runtime/debug"
	"slices"
	"sync"
	"time"
	"unsafe"

	"martlet/internal/native"
	"martlet/internal/obj"
	"martlet/internal/opt"
	"martlet/internal/symbols"
	"martlet/ir"
	"martlet/ir/interp"
)

// Compiling one function.
//
// A function's IR is cloned into a module of its own, with the bodies of its module's other functions beside it where they may be inlined; the clone is
// optimised and compiled, so that the original is only ever read, by any number of goroutines. Installing resolves the names in the code
// against the function's module, which may ask generators, which may add modules: no lock is held meanwhile but the function's own. The
// result is published under Engine.mu by one store to the entry cell, if the function is still the symbol's definition.

// function is one definition of a function in IR.
type function struct {
	e   *Engine
	mod *version
	f   *ir.Func
	sym *symbol

	mu sync.Mutex // held while compiling: concurrent first calls wait

	// Under e.mu.
	code      *compiled
	dead      bool                   // removed or replaced: never compile again
	hot       bool                   // full compilation has been asked for
	inlinedIn map[*function]struct{} // functions whose code contains a copy of this one
	tokens    []*Token
	conts     []*continuation // of its loops; nil until it is first compiled quickly
	cont      *continuation   // what it continues, if it is one (then f is the whole function)
	orphan    bool            // a continuation whose function has ended
	epoch     uint64          // advances when the code is unlinked: a compilation begun before is not published
}

// compiled is the machine code of a function with what it holds.
type compiled struct {
	in      *native.Installed
	refs    *native.Refs // Go objects in the code
	syms    []*symbol    // whose cells' addresses are in the code
	uses    []use
	types   []any // Go types whose type words are in the code
	inlined []*function
	level   level
	age     int64  // Engine.clock when installed, or last called after being watched
	watched bool   // the cell leads to the stub, so that a call will be seen
	goID    uint32 // of the interpreting Go function, for code that is only a thunk
	thunk   bool
	gdb     *symbols.Entry
	counter *[8]byte // of quick code: an int32 counting down
}

// use is what code contains of a definition, which a new definition would not reach: the address of a global, the number of a Go function. The
// code keeps them alive, and is invalidated when they are not the symbol's definition any more.
type use struct {
	sym  *symbol
	data *datum
	gofn *goFunction
}

// errDead ends the compilation of a function that was removed or replaced meanwhile.
var errDead = errors.New("the function was removed while it was compiled")

// codeOwner is what a piece of code belongs to, until it is freed.
type codeOwner struct {
	fn *function
	c  *compiled
}

// firstLevel is the level of a function's first compilation.
func (e *Engine) firstLevel() level {
	if e.opts.Tiers == FullOnly {
		return full
	}
	return quick
}

// ensure compiles a function that has no code yet. ok is false if the function is no longer a definition.
func (e *Engine) ensure(fn *function) (ok bool, err error) {
	fn.mu.Lock()
	defer fn.mu.Unlock()
	for {
		e.mu.Lock()
		have, dead, epoch := fn.code != nil, fn.dead, fn.epoch
		if have && fn.code.watched {
			e.seen(fn)
		}
		e.mu.Unlock()
		if dead || have {
			return !dead, nil
		}
		c, err := e.compile(fn, e.firstLevel())
		if err != nil {
			e.mu.Lock()
			dead := fn.dead
			e.mu.Unlock()
			if dead { // what it needs may have gone with it: the caller looks at the symbol again
				return false, nil
			}
			return false, err
		}
		if e.publish(fn, c, epoch) {
			return true, nil
		}
	}
}

// upgrade compiles a function fully, in the background.
func (e *Engine) upgrade(fn *function) {
	fn.mu.Lock()
	defer fn.mu.Unlock()
	e.mu.Lock()
	skip := fn.dead || fn.code == nil && fn.cont == nil || fn.code != nil && (fn.code.level == full || fn.code.thunk)
	epoch := fn.epoch
	e.mu.Unlock()
	if skip {
		return
	}
	c, err := e.compile(fn, full)
	if errors.Is(err, errDead) || unlinked(err) {
		return // the call that comes to the missing symbol gets the error
	}
	if err != nil {
		e.counts.failed.Add(1)
		e.event(Event{Kind: CompileFailed, Func: fn.f.Name, Level: "full", Reason: err.Error()})
		return
	}
	e.publish(fn, c, epoch)
}

// publish makes c the code of fn, unless fn was unlinked since epoch.
func (e *Engine) publish(fn *function, c *compiled, epoch uint64) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if fn.dead || fn.epoch != epoch || e.closed {
		e.discard(fn, c)
		return fn.dead || e.closed
	}
	for _, u := range c.uses {
		if u.sym.data != u.data || u.sym.gofn != u.gofn { // redefined since the code was linked
			fn.hot = false
			e.discard(fn, c)
			return false
		}
	}
	old := fn.code
	e.clock++
	c.age = e.clock
	fn.code = c
	if fn.cont != nil {
		fn.cont.reached = true
	}
	e.funcs[fn] = struct{}{}
	e.codeLen += int64(c.in.Size)
	for _, g := range c.inlined {
		if g.inlinedIn == nil {
			g.inlinedIn = map[*function]struct{}{}
		}
		g.inlinedIn[fn] = struct{}{}
	}
	for _, u := range c.uses {
		if u.sym.users == nil {
			u.sym.users = map[*function]struct{}{}
		}
		u.sym.users[fn] = struct{}{}
	}
	e.byCode[c.in] = codeOwner{fn, c}
	fn.sym.lead(c.in.Addr)
	if old != nil {
		e.codeLen -= int64(old.in.Size)
		e.discard(fn, old)
	}
	e.keepBudget(fn)
	return true
}

// discard gives up code that no cell leads to. Under e.mu.
func (e *Engine) discard(fn *function, c *compiled) {
	now := fn.code
	if now == nil || now == c {
		now = new(compiled)
	}
	for _, g := range c.inlined {
		if !slices.Contains(now.inlined, g) {
			delete(g.inlinedIn, fn)
		}
	}
	for _, u := range c.uses {
		if !slices.Contains(now.uses, u) {
			delete(u.sym.users, fn)
		}
	}
	name := fn.f.Name
	e.res.retire(c.in, func() {
		e.counts.freed.Add(1)
		if c.gdb != nil {
			symbols.Remove(c.gdb)
		}
		e.mu.Lock()
		delete(e.byCode, c.in)
		e.releaseAll(c)
		if c.thunk {
			e.env.RemoveGoFunc(c.goID)
		}
		c.refs = nil
		e.mu.Unlock()
		e.event(Event{Kind: Freed, Func: name})
	})
}

// releaseAll gives up what code that is gone, or was never installed, refers to. Under e.mu.
func (e *Engine) releaseAll(c *compiled) {
	e.release(c.syms)
	for _, u := range c.uses {
		if u.gofn != nil {
			e.unuseGo(u.gofn)
		}
	}
	c.syms, c.uses = nil, nil
}

// invalidate is unlink for code that is no longer right. Under e.mu.
func (e *Engine) invalidate(fn *function, why string) {
	if fn.code != nil {
		e.counts.invalidated.Add(1)
		e.mu.tell(Event{Kind: Invalidated, Func: fn.f.Name, Level: fn.code.level.String(), Bytes: int(fn.code.in.Size), Reason: why})
	}
	e.unlink(fn)
}

// invalidateUsers invalidates the code that contains something of the symbol's present definition. Under e.mu.
func (e *Engine) invalidateUsers(s *symbol) {
	if s.data != nil {
		e.dataEpoch.Add(1)
	}
	for fn := range s.users {
		e.invalidate(fn, "@"+s.name+" is redefined or removed")
	}
}

// unlink takes the code of fn, and of what inlined it, out of use; the next call compiles again. Under e.mu.
func (e *Engine) unlink(fn *function) {
	fn.epoch++
	for _, k := range fn.conts {
		e.unlink(k.fn)
	}
	for g := range fn.inlinedIn {
		delete(fn.inlinedIn, g)
		e.invalidate(g, "it inlined @"+fn.f.Name)
	}
	e.dropCode(fn)
}

// dropCode takes the code of fn out of use. Under e.mu.
func (e *Engine) dropCode(fn *function) {
	fn.hot = false
	c := fn.code
	if c == nil {
		return
	}
	if fn.sym.fn == fn {
		fn.sym.leadToStub()
	}
	fn.code = nil
	delete(e.funcs, fn)
	e.codeLen -= int64(c.in.Size)
	e.discard(fn, c)
}

// kill ends a definition. Under e.mu.
func (e *Engine) kill(fn *function, reason string) {
	if fn.dead {
		return
	}
	e.unlink(fn)
	fn.dead = true
	e.dropContinuations(fn)
	for _, t := range fn.tokens {
		delete(t.funcs, fn)
	}
	if fn.cont != nil {
		return // a part of a function
	}
	e.counts.redefined.Add(1)
	e.mu.tell(Event{Kind: Redefined, Func: fn.f.Name, Reason: reason})
}

// Eviction. Calls of compiled code leave no trace, so what would be evicted next is watched: its cell leads to the stub, and a call, which finds the code
// there, makes it young again. This is the second chance of page replacement: the order is nearly that of the last use, at the cost of one exit
// now and then.

// keepBudget is called when fn has got new code. When three quarters of the budget are full, watching begins; when it is exceeded, an eighth is made free, so
// that the search for victims is not for each function anew. Under e.mu.
func (e *Engine) keepBudget(fn *function) {
	b, before := e.opts.CodeBudget, e.codeLen-int64(fn.code.in.Size)
	switch high := b - b/4; {
	case b == 0:
	case e.codeLen > b:
		e.evict(fn, b-b/8)
	case before <= high && e.codeLen > high:
		e.evict(fn, b)
	}
}

// evict drops the oldest code until no more than limit is left, but not that of keep, and watches the next. Under e.mu.
func (e *Engine) evict(keep *function, limit int64) {
	old := make([]*function, 0, len(e.funcs))
	for fn := range e.funcs {
		if fn != keep && !fn.f.Used {
			old = append(old, fn)
		}
	}
	slices.SortFunc(old, func(a, b *function) int { return cmp.Compare(a.code.age, b.code.age) })
	for len(old) > 0 && e.codeLen > limit {
		oldest := old[0]
		old = old[1:]
		e.counts.evicted.Add(1)
		e.mu.tell(Event{Kind: Evicted, Func: oldest.f.Name, Level: oldest.code.level.String(), Bytes: int(oldest.code.in.Size)})
		e.dropCode(oldest)
	}
	for room := e.opts.CodeBudget / 4; len(old) > 0 && room > 0; old = old[1:] {
		fn := old[0]
		room -= int64(fn.code.in.Size)
		if !fn.code.watched && fn.sym.fn == fn {
			fn.code.watched = true
			fn.sym.leadToStub()
		}
	}
}

// seen makes code young that was called while it was watched. Under e.mu.
func (e *Engine) seen(fn *function) {
	e.clock++
	fn.code.age, fn.code.watched = e.clock, false
	fn.sym.lead(fn.code.in.Addr)
}

// compile makes and installs code. If the function cannot be compiled, the code is a thunk that interprets it. The error is about symbols.
func (e *Engine) compile(fn *function, l level) (*compiled, error) {
	if err := fn.f.Load(); err != nil {
		return nil, err
	}
	if err := fn.mod.linkData(); err != nil {
		return nil, err
	}
	t0 := time.Now()
	c := &compiled{level: l}
	code, hit, err := e.generate(fn, l, c)
	if err == nil {
		code.Hot = l == full && e.opts.Placement == HotApart
		if err = e.install(fn, c, code); unlinked(err) {
			return nil, err
		}
	}
	if err != nil {
		if l == full && e.opts.Tiers != FullOnly || errors.Is(err, errDead) {
			return nil, err
		}
		e.counts.failed.Add(1)
		e.event(Event{Kind: CompileFailed, Func: fn.f.Name, Level: l.String(), Reason: err.Error()})
		return e.interpretThunk(fn)
	}
	d := time.Since(t0)
	e.debugCode(c)
	if hit {
		e.counts.hits.Add(1)
		e.event(Event{Kind: CacheHit, Func: fn.f.Name, Level: l.String(), Bytes: int(c.in.Size), Time: d})
		return c, nil
	}
	if l == full {
		e.counts.full.Add(1)
	} else {
		e.counts.quick.Add(1)
	}
	e.counts.nanos.Add(int64(d))
	e.counts.bytesMade.Add(int64(c.in.Size))
	e.event(Event{Kind: Compiled, Func: fn.f.Name, Level: l.String(), Bytes: int(c.in.Size), Time: d})
	return c, nil
}

// unlinked tells whether an error is about a symbol, not about compiling.
func unlinked(err error) bool {
	var missing *MissingError
	var sig *SignatureError
	return errors.As(err, &missing) || errors.As(err, &sig)
}

// generate optimises and compiles a clone of the function, or finds what that would give in the object cache.
func (e *Engine) generate(fn *function, l level, c *compiled) (code *obj.Code, hit bool, err error) {
	pass := "clone"
	defer func() {
		if r := recover(); r != nil {
			err = &CompileError{Func: fn.f.Name, Pass: pass, Cause: fmt.Errorf("%v\n%s", r, debug.Stack())}
		}
	}()
	f := e.clone(fn, l, c)
	if e.opts.NoSignals {
		addNilChecks(f.Module)
	}
	if fn.cont != nil {
		fn.cont.enterAt(f)
	} else if err := e.prepareParts(fn, f, l, c); err != nil {
		return nil, false, err
	}
	path := ""
	if e.cache != nil {
		pass, path = "cache", e.cache.path(f, l, e.counter(l))
		if code := e.cache.load(path); code != nil {
			return code, true, nil
		}
	}
	pass = "opt"
	if l == full {
		opt.InlineInto(f, opt.Options{})
		opt.Func(f, opt.Full, opt.Options{})
	} else {
		opt.Func(f, opt.Quick, opt.Options{})
	}
	pass = "codegen"
	code, err = generateCode(f, l)
	if err != nil {
		return nil, false, &CompileError{Func: fn.f.Name, Pass: pass, Cause: err}
	}
	if e.cache != nil {
		if err := e.cache.store(path, code); err != nil && err != errUncacheable {
			e.event(Event{Kind: CacheIgnored, Func: fn.f.Name, Reason: err.Error()})
		}
	}
	return code, false, nil
}

// counter is how many calls and iterations quick code counts before it asks for better code; 0: none.
func (e *Engine) counter(l level) int32 {
	if l == quick && e.opts.Tiers == Tiered {
		return e.opts.HotCount
	}
	return 0
}

// inlineLimit bounds how many functions are cloned beside the one that is compiled.
const inlineLimit = 32

// clone copies fn into a module of its own. For full compilation the module's functions that it reaches come along for inlining.
func (e *Engine) clone(fn *function, l level, c *compiled) *ir.Func {
	tmp := ir.NewModule(fn.mod.name)
	src := []*ir.Func{fn.f}
	if l == full {
		src = reach(fn.f)
	}
	dst := make([]*ir.Func, len(src))
	for i, f := range src {
		link := ir.Internal
		if i == 0 {
			link = ir.External
		}
		dst[i] = tmp.AddFunc(f.Name, f.Sig, link)
		dst[i].Elidable, dst[i].Cold, dst[i].Pos = f.Elidable, f.Cold, f.Pos
	}
	for i, f := range src {
		dst[i].CopyBody(f)
	}
	e.mu.Lock()
	for _, f := range src[1:] {
		if g := fn.mod.funcs[f.Name]; g != nil {
			c.inlined = append(c.inlined, g)
		}
	}
	e.mu.Unlock()
	return dst[0]
}

// reach lists f and the functions with bodies that it calls, directly or not, nearest first.
func reach(f *ir.Func) []*ir.Func {
	seen := map[*ir.Func]bool{f: true}
	list := []*ir.Func{f}
	for i := 0; i < len(list) && len(list) < inlineLimit; i++ {
		for _, b := range list[i].Blocks {
			for _, v := range b.Insts {
				if v.Op != ir.OpCall {
					continue
				}
				g := v.Call().Callee
				if g != nil && !g.IsDecl() && !seen[g] && len(list) < inlineLimit && g.Load() == nil {
					seen[g] = true
					list = append(list, g)
				}
			}
		}
	}
	return list
}

// install places code, with its names resolved in the function's module.
func (e *Engine) install(fn *function, c *compiled, code *obj.Code) error {
	r := &resolver{fn: fn, c: c}
	in, refs, err := e.m.Install(code, r)
	if err != nil {
		e.mu.Lock()
		e.releaseAll(c)
		e.mu.Unlock()
		return err
	}
	c.in, c.refs = in, refs
	e.res.add(in)
	return nil
}

// resolver supplies the addresses in a function's code and records what the code holds.
type resolver struct {
	fn *function
	c  *compiled
}

func (r *resolver) symbol(name string) (*symbol, error) {
	e := r.fn.e
	if name == hotName {
		s, err := e.hotSymbol()
		if err == nil {
			r.c.syms = append(r.c.syms, s)
		}
		return s, err
	}
	e.mu.Lock()
	for _, k := range r.fn.conts {
		if k.name == name {
			k.fn.sym.hold()
			r.c.syms = append(r.c.syms, k.fn.sym)
			e.mu.Unlock()
			return k.fn.sym, nil
		}
	}
	e.mu.Unlock()
	s, err := r.fn.mod.lookup(name)
	if err == nil {
		r.c.syms = append(r.c.syms, s)
	}
	return s, err
}

// EntryCell implements native.Resolver.
func (r *resolver) EntryCell(name string) (uintptr, error) {
	s, err := r.symbol(name)
	if err != nil {
		return 0, err
	}
	if d := r.fn.mod.ir.Func(name); d != nil && !(s.isFunc && s.sig.Equal(d.Sig)) {
		return 0, &SignatureError{Symbol: name, Want: d.Sig.String(), Has: describe(s.sig, s.isFunc)}
	}
	return s.cell, nil
}

// Data implements native.Resolver.
func (r *resolver) Data(name string) (uintptr, error) {
	if name == counterName && r.c.counter != nil {
		return uintptr(unsafe.Pointer(r.c.counter)), nil
	}
	var addr uintptr
	err := r.definition(name, func(s *symbol) error {
		if s.isFunc {
			return &SignatureError{Symbol: name, Want: "data", Has: describe(s.sig, s.isFunc)}
		}
		addr = uintptr(s.data.addr)
		r.c.uses = append(r.c.uses, use{sym: s, data: s.data})
		return nil
	})
	return addr, err
}

// GoFunc implements native.Resolver.
func (r *resolver) GoFunc(name string) (uint32, error) {
	if id, ok := r.fn.e.intrinsic(name); ok {
		return id, nil
	}
	var id uint32
	err := r.definition(name, func(s *symbol) error {
		d := r.fn.mod.ir.Func(name)
		if s.gofn == nil || d != nil && !s.sig.Equal(d.Sig) {
			return &SignatureError{Symbol: name, Want: "go " + d.Sig.String(), Has: describe(s.sig, s.isFunc)}
		}
		id = s.gofn.id
		s.gofn.uses++
		r.c.uses = append(r.c.uses, use{sym: s, gofn: s.gofn})
		return nil
	})
	return id, err
}

// definition gives take what defines a name, under e.mu. Between finding and taking it may be removed; then the name is looked up again.
func (r *resolver) definition(name string, take func(s *symbol) error) error {
	e := r.fn.e
	for range 100 {
		s, err := r.symbol(name)
		if err != nil {
			return err
		}
		e.mu.Lock()
		s = s.definition()
		defined := s.defined()
		if defined {
			err = take(s)
		}
		e.mu.Unlock()
		if defined {
			return err
		}
	}
	return fmt.Errorf("@%s is redefined faster than code can be linked to it", name)
}

// Type implements native.Resolver.
func (r *resolver) Type(t *ir.TypeDesc) (uintptr, error) {
	typ := r.fn.e.types.of(t)
	r.c.types = append(r.c.types, typ)
	return uintptr((*[2]unsafe.Pointer)(unsafe.Pointer(&typ))[1]), nil
}

// typeTable keeps the Go types made for type descriptors.
type typeTable struct {
	mu sync.Mutex
	m  map[string]reflect.Type
}

func (t *typeTable) of(d *ir.TypeDesc) reflect.Type {
	if d.GoType != nil {
		return interp.GoType(d)
	}
	key := fmt.Sprint(d.Size, d.Ptrs)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.m == nil {
		t.m = map[string]reflect.Type{}
	}
	if t.m[key] == nil {
		t.m[key] = interp.GoType(d)
	}
	return t.m[key]
}

// Token is an assumption that code may depend on.
type Token struct {
	Name  string
	e     *Engine
	funcs map[*function]struct{}
	gone  bool
}

// NewToken makes an assumption, which holds until it is invalidated.
func (e *Engine) NewToken(name string) *Token {
	return &Token{Name: name, e: e, funcs: map[*function]struct{}{}}
}

// Depend makes a function of the module depend on a token.
func (mod *Module) Depend(name string, t *Token) error {
	e := mod.e
	e.mu.Lock()
	defer e.mu.Unlock()
	fn := mod.v.funcs[name]
	if fn == nil {
		return &MissingError{Symbol: name, Library: mod.lib.name, Module: mod.v.name}
	}
	if t.gone {
		return fmt.Errorf("assumption %q does not hold any more", t.Name)
	}
	t.funcs[fn] = struct{}{}
	fn.tokens = append(fn.tokens, t)
	return nil
}

// Invalidate ends the assumption: the code of every function that depends on it, and of every function that inlined one of those, is
// unlinked. Calls from now on compile anew; frames inside run on. Only the first call does anything; it returns the number of functions that depended.
func (t *Token) Invalidate() int {
	e := t.e
	e.mu.Lock()
	defer e.mu.Unlock()
	if t.gone {
		return 0
	}
	t.gone = true
	n := len(t.funcs)
	for fn := range t.funcs {
		e.invalidate(fn, "assumption "+t.Name)
	}
	t.funcs = nil
	return n
}
