package genext

import (
	"fmt"
	"io"
	"reflect"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
	"weak"

	"martlet/hint"
	"martlet/internal/opt"
	"martlet/ir"
)

// Options configure a driver. The zero value is the normal one.
type Options struct {
	Threshold int       // ticks before a merge point's greens are hot; default 40
	Profile   int       // iterations profiled before compiling; default 3
	Lazy      bool      // -promote=lazy: compile at once, stop at every promotion and go on when the value arrives
	Exact     bool      // guards of branches resume at the branch and evaluate it again: a guard may then be made to fail though it holds (the fuzzer does)
	Forced    bool      // every exit that is taken gets a bridge at once (tests)
	Limits    Limits    // budgets
	Level     opt.Level // of the optimiser
	Executor  Executor  // default: Graphs{}
	Retries   int       // compilations of one entry; default 12
	Log       io.Writer // what is compiled, where it stopped and why; residual IR
	// Progress returns how many units of work have been done so far, given the reds:
	// the same units in the plain interpreter and in compiled code. With it the driver
	// measures whether compiling pays, and gives up what does not; without
	// it everything hot is compiled. See worth.go.
	Progress func(reds unsafe.Pointer) int64
	// Forces: every opaque function may look at frames, as if it were marked //martlet:forces. The tag frame then says no more
	// than that the memory is apart from all other memory.
	Forces bool
	Eager  bool // compile whatever it costs; only what has run for a while has to prove its worth
	// Valid reports whether greens, given by their address, can belong together. Greens that were
	// promoted one after the other may be put together from several moments of the past; an interpreter whose
	// green operations are unsafe (it reads instructions without checking the position) must refuse such
	// greens here. Without it all are taken to be possible.
	Valid func(greens unsafe.Pointer) bool
	// Follows reports whether the interpreted program comes to the second greens from the first ones only: the next
	// instruction, if nothing jumps there. Paths are not merged at such places, which makes
	// specialising several times cheaper. Without it they are merged everywhere.
	Follows func(greens, next unsafe.Pointer) bool
	// Born is when the program began (default: at Bind), and Spent how long making
	// the machine took: what worth.go reckons with.
	Born  time.Time
	Spent time.Duration
	// Inject is called at the stages of every compilation, and at every step of the specialiser; a panic in it is a
	// compile failure (tests).
	Inject func(stage string)
	// Before is called with every region before it is first run (tests, inspection).
	Before func(fn *ir.Func)
	// Where says to which place of the interpreted program the greens belong.
	// With it, residual code, its line table and its exits carry these places
	// instead of positions in the interpreter's source.
	Where func(greens unsafe.Pointer) Place
	// Permit says whether code for the greens may be compiled or inlined.
	Permit func(greens unsafe.Pointer) bool
	// Observe is told what happens to regions. It must not call the driver.
	Observe func(e Event)
	// Background is where regions are optimised fully; nil: at once, and the program waits.
	Background *Workers
	Clock      bool // measure the time in compiled code
	// Within says whether a region goes on at a merge point. Without it a region takes in whatever its paths come to;
	// with it, it ends where that says no, and goes on in the code of that merge point by a jump (link.go). Counter is then needed too:
	// the counter that greens (given by their address) count with. With it, code that shares counters runs on one goroutine at a time.
	Within  func(p *Path) bool
	Counter func(greens unsafe.Pointer) *hint.Counter
}

// The levels of the optimiser: Quick is one linear pass.
const (
	Quick = opt.Quick
	Full  = opt.Full
)

// door is a driver without its types: one merge point at work.
type door struct {
	m        *Machine
	opt      Options
	portal   *graph
	merge    *ir.Value
	mergeBlk *ir.Block
	mergeIdx int
	greens   []word
	reds     []word
	results  []word
	names    []string // of the greens, for the log
	prof     *profile

	mu      sync.Mutex
	entries map[uint64][]weak.Pointer[entry] // by the hash of their greens
	sweepAt int                              // how many entries make the next sweep
	watches map[uintptr]weak.Pointer[watch]  // by the address of the variable
	causes  map[string]*int                  // exits taken, by cause
	stats   Stats
	scratch unsafe.Pointer // greens, for callbacks
	before  unsafe.Pointer // others

	greensType reflect.Type
	env        *nativeEnv // of the machine code, if there is any

	born       time.Time
	spent      time.Duration // processor time, while the program waited
	waited     time.Duration // … and how long it waited
	background time.Duration // while it ran
	running    atomic.Pointer[region]
	depth      int           // of compiled code on the stack, with Options.Clock
	since      time.Duration // when that changed
}

// entry is a merge point with particular greens.
type entry struct {
	words   []uint64
	refs    []unsafe.Pointer
	count   int
	tries   int // compilations
	bridges int // … of its exits since then
	never   bool
	profile bool // has been profiled
	head    bool // compiled before it was run (Handle.Prepare): learns at its exits, and is not profiled before
	learnt  bool // the profile has got news since the last compilation
	life    *life
	r       *region
	cooled  int                        // how often its code was dropped because it was left too often
	linked  bool                       // other code has led to it
	poor    bool                       // its code would do little itself: see worth.go
	cell    uintptr                    // leads to its code, for links; 0: there are none
	settled atomic.Pointer[nativeCode] // its machine code, when entering that needs no bookkeeping: see enterSettled
}

// Bind makes a driver for the merge point in the program's function portal.
func Bind[G, R, V any](m *Machine, portal string, o Options) (*hint.Driver[G, R, V], *Handle, error) {
	d, err := m.newDoor(portal, o, reflect.TypeFor[G](), reflect.TypeFor[R](), reflect.TypeFor[V]())
	if err != nil {
		return nil, nil, err
	}
	enter := func(c *hint.Counter, g *G, r *R, v *V) bool {
		return d.enter(c, unsafe.Pointer(g), unsafe.Pointer(r), unsafe.Pointer(v))
	}
	return hint.NewDriver(enter), &Handle{d}, nil
}

func (m *Machine) newDoor(portal string, o Options, g, r, v reflect.Type) (*door, error) {
	f := m.mod.Func(portal)
	if f == nil || f.IsDecl() {
		return nil, fmt.Errorf("genext: %s has no function %s", m.prog.Name, portal)
	}
	d := &door{m: m, opt: o.withDefaults(), portal: m.graphs[f], prof: newProfile(o.Limits.withDefaults().Cases), entries: map[uint64][]weak.Pointer[entry]{},
		watches: map[uintptr]weak.Pointer[watch]{}, causes: map[string]*int{}, born: o.Born, scratch: reflect.New(g).UnsafePointer(), before: reflect.New(g).UnsafePointer(), greensType: g}
	if d.born.IsZero() {
		d.born = time.Now()
	}
	d.spent = o.Spent
	var err error
	for _, l := range []struct {
		ws *[]word
		t  reflect.Type
	}{{&d.greens, g}, {&d.reds, r}, {&d.results, v}} {
		if *l.ws, err = layoutOf(l.t); err != nil {
			return nil, err
		}
	}
	d.names = greenNames(g, d.greens)
	if _, ok := d.opt.Executor.(Native); ok {
		if m, err := openNative(); err == nil {
			d.env = newNativeEnv(m, d.m.goFunc)
		}
	}
	if len(d.portal.merges) != 1 {
		return nil, fmt.Errorf("genext: %s has %d merge points; a driver needs one", portal, len(d.portal.merges))
	}
	return d, d.locate()
}

// locate finds the merge point and checks its words against the types.
func (d *door) locate() error {
	v := d.portal.merges[0]
	d.merge, d.mergeBlk = v, v.Block
	for i, x := range v.Block.Insts {
		if x == v {
			d.mergeIdx = i
		}
	}
	if len(v.Args) != len(d.greens)+len(d.reds) {
		return fmt.Errorf("genext: the merge point of %s has %d words, greens and reds have %d and %d", d.portal.fn.Name, len(v.Args), len(d.greens), len(d.reds))
	}
	for i, w := range append(append([]word(nil), d.greens...), d.reds...) {
		if v.Args[i].Type != w.typ {
			return fmt.Errorf("genext: word %d of the merge point of %s is %v, its type has %v", i, d.portal.fn.Name, v.Args[i].Type, w.typ)
		}
	}
	named := map[ir.ID]bool{}
	for _, a := range v.Args {
		named[a.ID] = true
	}
	for _, id := range d.portal.liveness().at(d.mergeBlk, d.mergeIdx+1) {
		if !named[id] {
			return fmt.Errorf("genext: value %%%d of %s is live at the merge point but neither green nor red", id, d.portal.fn.Name)
		}
	}
	if len(d.portal.fn.Sig.Results) != len(d.results) {
		return fmt.Errorf("genext: %s returns %d words, the driver's result type has %d", d.portal.fn.Name, len(d.portal.fn.Sig.Results), len(d.results))
	}
	d.portal.sites[v.ID].greens = len(d.greens)
	return nil
}

func (o Options) withDefaults() Options {
	if o.Threshold == 0 {
		o.Threshold = 40
	}
	if o.Profile == 0 {
		o.Profile = 3
	}
	if o.Retries == 0 {
		o.Retries = 12
	}
	if o.Executor == nil {
		o.Executor = Graphs{}
	}
	return o
}

func readWords(p unsafe.Pointer, ws []word) ([]uint64, []unsafe.Pointer) {
	words, refs := make([]uint64, len(ws)), make([]unsafe.Pointer, len(ws))
	for i, w := range ws {
		q := unsafe.Add(p, w.off)
		if w.typ == ir.Ref {
			refs[i] = *(*unsafe.Pointer)(q)
		} else {
			words[i] = loadWord(q, w.typ)
		}
	}
	return words, refs
}

func writeWords(p unsafe.Pointer, ws []word, words []uint64, refs []unsafe.Pointer) {
	for i, w := range ws {
		q := unsafe.Add(p, w.off)
		if w.typ == ir.Ref {
			*(*unsafe.Pointer)(q) = refs[i]
		} else {
			storeWord(q, w.typ, words[i])
		}
	}
}

func (d *door) sameGreens(e *entry, words []uint64, refs []unsafe.Pointer) bool {
	for i, w := range d.greens {
		switch {
		case w.text:
			if words[i+1] != e.words[i+1] || unsafe.String((*byte)(refs[i]), words[i+1]) != unsafe.String((*byte)(e.refs[i]), words[i+1]) {
				return false
			}
		case words[i] != e.words[i] || refs[i] != e.refs[i]:
			return false
		}
	}
	return true
}

// enter is what the plain interpreter calls at a can-enter point.
func (d *door) enter(c *hint.Counter, g, r, v unsafe.Pointer) bool {
	done, came, entered := d.enterSettled(c, g, r, v)
	if done {
		return true
	}
	if d.opt.Progress == nil && c.Defer(int32(d.opt.Threshold*3/4)) {
		return false // most loops end before the second call
	}
	d.mu.Lock()
	locked := true
	defer func() {
		if locked {
			d.mu.Unlock()
		}
	}()
	// outside runs f, which may run the interpreted program, without the lock.
	outside := func(f func() bool) bool {
		d.mu.Unlock()
		locked = false
		done := f()
		d.mu.Lock()
		locked = true
		return done
	}
	d.stats.Enters++
	words, refs := readWords(g, d.greens)
	var e *entry
	if entered {
		e = d.find(words, refs)
	} else {
		l := d.lifeOf(c)
		e = d.lookup(l, words, refs)
		n := l.ticks()
		if t := l.trialOf(); t != nil && t.tick(l, r, e.runnable()) {
			e.count += n
			return false
		}
		if e.r == nil {
			if d.warm(e, n) {
				return false
			}
			if !d.affordable() || !d.permitted(e) {
				c.Set(patience)
				return false
			}
			if d.unprofiled(e) {
				return outside(func() bool { return d.profileRun(e, g, r, v) })
			}
			d.build(e)
		} else if e.head && e.learnt && !e.waiting() && e.tries < headTries {
			d.build(e)
		}
	}
	if !entered && e.r != nil && e.r.brief {
		c.Set(1 << 16)
		return false
	}
	for {
		if e.waiting() {
			d.finish(e)
		}
		if came && e != nil && e.r == nil && d.heat(e) {
			if d.unprofiled(e) {
				if outside(func() bool { return d.profileRun(e, g, r, v) }) {
					return true
				}
				words, refs = readWords(g, d.greens)
				e, came = d.find(words, refs), false
				continue
			}
			d.build(e)
		}
		if e == nil || !e.runnable() {
			return false
		}
		reg, code := e.r, e.r.code
		d.stats.Runs++
		if reg.runs++; reg.runs == upgradeRuns && e.head {
			if reg.unopt != nil && d.opt.Background != nil {
				d.upgradeSoon(reg)
			}
			e.relink()
		}
		e.life.last.Store(e)
		if outside(func() (done bool) {
			done, came = d.execute(reg, code, g, r, v)
			return done
		}) {
			return true
		}
		words, refs = readWords(g, d.greens)
		e = d.find(words, refs)
	}
}

// unprofiled reports whether an entry that shall be compiled is to be profiled before; it counts as profiled then.
func (d *door) unprofiled(e *entry) bool {
	if d.opt.Lazy || e.profile {
		return false
	}
	e.profile = true
	d.stats.ProfileRuns++
	return true
}

// heat counts the arrival over a link at an entry that has no code; it reports whether to compile it.
func (d *door) heat(e *entry) bool {
	e.linked = true
	if e.poor {
		e.never = false
	}
	e.count += hint.CallWeight
	return !e.never && e.count >= d.opt.Threshold && d.affordable() && d.permitted(e)
}

// waiting reports whether the entry was prepared and has not been run yet.
func (e *entry) waiting() bool {
	return e != nil && e.head && e.r != nil && e.r.level == LevelIR && e.tries == 1
}

// runnable reports whether there is code to run.
func (e *entry) runnable() bool { return e.r != nil && e.r.code != nil }

// warm counts n ticks of an entry that has no code; it reports whether to stay in the plain interpreter.
// So that code that stays cold hardly pays, the counter comes back after some more ticks, which count for the entry that it met.
func (d *door) warm(e *entry, n int) bool {
	if e.never {
		e.life.counter.Set(1 << 16)
		return true
	}
	stride := min(max(1, d.opt.Threshold/4), maxStride)
	if e.count += max(n, stride+int(e.life.counter.Credit())); e.count < d.opt.Threshold {
		e.life.counter.Set(int32(stride - 1))
		return true
	}
	return false
}

// maxStride is how many ticks of a cold counter pass at once.
const maxStride = 16

// build compiles an entry.
func (d *door) build(e *entry) {
	defer d.compiling()()
	if d.prepare(e) == nil {
		d.finish(e)
	}
}

// finish gives a specialised entry code to run.
func (d *door) finish(e *entry) {
	start, r := d.now(), e.r
	if err := d.make(r); err != nil {
		d.failed(e, err)
		return
	}
	d.logf("compiled %s in %v, %d ops, %d exits\n%s\n", d.portal.fn.Name, d.now()-start, r.ops, len(r.exits), d.listing(r))
}

// prepare specialises for an entry: its region has then residual code, but nothing to run yet.
func (d *door) prepare(e *entry) error {
	e.tries++
	e.bridges, e.learnt = 0, false
	r, err := d.residual(e)
	if err != nil {
		d.failed(e, err)
		return err
	}
	r.try = e.tries
	if e.r != nil {
		d.tell(Replaced, e.r)
	}
	d.stats.Compiles++
	e.life.compiles++
	d.connect(r)
	e.r = r
	e.relink()
	return nil
}

// connect counts new code and connects it with the variables that it relies on.
func (d *door) connect(r *region) {
	d.stats.Ops += r.ops
	d.stats.Guards += len(r.exits)
	d.stats.Switches += r.switches
	for _, w := range r.watched {
		d.watch(r, w)
	}
}

// failed notes that an entry cannot be compiled.
func (d *door) failed(e *entry, err error) {
	d.stats.Failures++
	e.r, e.never = nil, true
	e.relink()
	d.logf("compile failed: %v\n", err)
}

func (d *door) logf(format string, args ...any) {
	if d.opt.Log != nil {
		fmt.Fprintf(d.opt.Log, format, args...)
	}
}

// portalThread makes a thread at the merge point with the state of the plain interpreter.
func (d *door) portalThread(g, r unsafe.Pointer) *thread {
	t := &thread{prof: d.prof, merges: true}
	f := t.push(d.portal)
	gw, gr := readWords(g, d.greens)
	rw, rr := readWords(r, d.reds)
	words, refs := append(gw, rw...), append(gr, rr...)
	for i, a := range d.merge.Args {
		if !isConstant(a) {
			f.words[a.ID], f.refs[a.ID] = words[i], refs[i]
		}
	}
	f.blk, f.idx = d.mergeBlk, d.mergeIdx
	return t
}

// handBack gives the state of a thread at the merge point to the plain interpreter.
func (d *door) handBack(t *thread, g, r unsafe.Pointer) {
	var f frameResults
	f.collect(&t.frames[0], d.merge.Args)
	n := len(d.greens)
	writeWords(g, d.greens, f.words[:n], f.refs[:n])
	writeWords(r, d.reds, f.words[n:], f.refs[n:])
}

// passMerge goes over the merge point at which a thread stands.
func (d *door) passMerge(t *thread) {
	f := &t.frames[0]
	if t.prof != nil {
		for k, a := range d.merge.Args[:len(d.greens)] {
			t.prof.value(valueKey(f.ctx, d.merge, k), f.words[a.ID], f.refs[a.ID])
		}
	}
	f.ctx = t.mergeContext(f, d.merge, d.portal.sites[d.merge.ID])
	f.idx++
}

// maxProfiled bounds the merge points passed in one profiling run.
const maxProfiled = 5000

// maxLearned is how many merge points code that was compiled without a profile passes in
// the interpreter when it learns after an exit, and headTries how often it does.
const (
	maxLearned = 200
	headTries  = 4
)

// longProfile is when a profiling run stops if compiling has to pay.
const longProfile = 2 * time.Millisecond

// representative is what counts in a profile run, against what is met after an exit: there compiled code has been through
// the rest of the loop often without counting.
const representative = 64

// profiledStep is about what the way from one merge point to the next takes in execute mode.
const profiledStep = 10 * time.Microsecond

// profileRun executes some iterations on the live state, recording.
func (d *door) profileRun(e *entry, g, r, v unsafe.Pointer) bool {
	t := d.portalThread(g, r)
	defer t.release()
	d.prof.weight = representative
	left, start := d.opt.Profile, d.now()
	passed := 0
	defer func() {
		d.prof.weight = 1
		d.mu.Lock()
		defer d.mu.Unlock()
		// A call in it may have run the program for long: that is not the compiler's time.
		t := min(d.now()-start, time.Duration(passed+1)*profiledStep)
		d.spent += t
		d.waitedFor(t)
	}()
	for n := 0; ; n++ {
		words, refs := d.threadGreens(t)
		if d.sameGreens(e, words, refs) {
			left--
		}
		if left < 0 || n > maxProfiled || d.opt.Progress != nil && n&31 == 31 && d.now()-start > longProfile {
			d.handBack(t, g, r)
			return false
		}
		d.passMerge(t)
		passed++
		if t.run() == stopReturned {
			writeWords(v, d.results, t.results.words, t.results.refs)
			return true
		}
	}
}

func (d *door) threadGreens(t *thread) ([]uint64, []unsafe.Pointer) {
	var f frameResults
	f.collect(&t.frames[0], d.merge.Args[:len(d.greens)])
	return f.words, f.refs
}

// execute runs compiled code, what it goes on in, and the bridges of exits. After an exit
// without one it runs the interpreter up to the next merge point. It reports whether the portal has returned, and if not, whether the state
// came over a link to an entry.
func (d *door) execute(reg *region, code Code, g, r, v unsafe.Pointer) (done, came bool) {
	rw, rr := readWords(r, d.reds)
	if d.opt.Within != nil {
		rw, rr = append(rw, 0), append(rr, nil)
	}
	cur, exit, words, refs := d.timed(reg, code, rw, rr)
	return d.left(cur, exit, words, refs, g, r, v)
}

// left goes on where compiled code has been left.
func (d *door) left(cur *region, exit int64, words []uint64, refs []unsafe.Pointer, g, r, v unsafe.Pointer) (done, came bool) {
	for exit >= 0 && cur.exits[exit].leads() {
		sn := cur.exits[exit]
		d.crossed(cur.entry, cur.base(), sn)
		b := sn.bridge.Load()
		cur, exit, words, refs = d.run(b, b.code, words, refs)
	}
	switch exit {
	case linked:
		d.enters(g, r, words, refs)
		return false, true
	case -1:
		writeWords(v, d.results, words, refs)
		return true, false
	}
	sn := cur.exits[exit]
	switch {
	case sn.panicked():
		sn.goOn(words, refs)
	case sn.home:
		d.arrive(sn, g, r, words, refs)
		return false, false
	}
	return d.interpret(cur.entry, cur.base(), sn, g, r, v, words, refs), false
}

// leads reports whether an exit has a bridge that still holds.
func (sn *snapshot) leads() bool {
	b := sn.bridge.Load()
	return b != nil && b.invalid == 0
}

// interpret goes on from an exit as the interpreter would, up to the next merge
// point, or, if a bridge is to be made, for a turn of the loop, for the profile.
func (d *door) interpret(e *entry, reg *region, sn *snapshot, g, r, v unsafe.Pointer, words []uint64, refs []unsafe.Pointer) bool {
	bridge := d.wantsBridge(e, reg, sn)
	t := &thread{prof: d.prof, merges: true}
	defer t.release()
	start, turns := d.now(), 1
	news := d.prof.news
	var w uint64
	var p unsafe.Pointer
	if sn.key != 0 && sn.seen.kind == boxValue {
		res := &resumption{sn: sn, words: words, refs: refs}
		w, p = res.value(sn.seen)
		d.prof.value(sn.key, w, p)
	}
	if w := sn.way; w != nil {
		d.prof.direction(w.ctx, w.blk, w.k, len(w.blk.End.Succs))
	}
	sn.resume(t, words, refs)
	// Standing at a merge point means the exit was taken there: go over it at least once.
	if d.atMerge(t) {
		d.passMerge(t)
	}
	returned := t.run() == stopReturned
	for n := 0; !returned && (bridge && n < maxTurn && !d.isHome(e, t) || n < maxLearned && d.learns(e, t, news)); n++ {
		d.passMerge(t)
		returned = t.run() == stopReturned
		turns++
	}
	cost := min(d.now()-start, time.Duration(turns)*profiledStep)
	if returned {
		writeWords(v, d.results, t.results.words, t.results.refs)
	} else {
		d.handBack(t, g, r)
	}
	d.afterExit(e, reg, sn, d.prof.news != news, func() {
		d.spent += cost
		if bridge {
			d.buildBridge(e, sn, w, p)
		}
	})
	return returned
}

// learns reports whether code that was compiled before it was run goes on in the interpreter, to learn: not into
// code that is about to be run for the first time.
func (d *door) learns(e *entry, t *thread, news int) bool {
	return e.head && e.tries < headTries && d.prof.news != news && !d.find(d.threadGreens(t)).waiting()
}

// maxTurn bounds the merge points passed for the profile of a bridge.
const maxTurn = 300

// isHome reports whether a thread stands at the entry's merge point.
func (d *door) isHome(e *entry, t *thread) bool {
	words, refs := d.threadGreens(t)
	return d.sameGreens(e, words, refs)
}

// arrive does the deferred stores at the end of a bridge, and gives the state there to the region.
func (d *door) arrive(sn *snapshot, g, r unsafe.Pointer, words []uint64, refs []unsafe.Pointer) {
	t := &thread{}
	defer t.release()
	sn.resume(t, words, refs)
	d.handBack(t, g, r)
}

func (d *door) atMerge(t *thread) bool {
	f := &t.frames[0]
	return len(t.frames) == 1 && f.blk == d.mergeBlk && f.idx == d.mergeIdx
}

// afterExit makes a bridge, or compiles the region again with what has been learnt.
func (d *door) afterExit(e *entry, reg *region, sn *snapshot, news bool, bridge func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stats.Exits++
	*sn.count++
	e.learnt = e.learnt || news
	if e.r != reg {
		return
	}
	bridge()
	if reg.left++; d.economical() && reg.left >= fewExits && !d.affordable() {
		d.cool(reg)
		return
	}
	if e.tries >= d.opt.Retries || !e.learnt || sn.bridge.Load() != nil || !d.affordable() {
		return
	}
	if e.head && e.tries < headTries {
		return // it is compiled again when it is called again
	}
	if d.opt.Lazy || sn.fails >= 2<<min(e.tries, 10) {
		d.logf("again, after %d exits: %s\n", sn.fails, sn.why)
		d.build(e)
	}
}
