package hint

// never is how often a counter asks a driver that is not there: seldom, but
// a driver that comes later is found.
const never = 1 << 12

// CallWeight is how many back-edges a call counts for.
const CallWeight = 10

// Counter counts how hot one code object is: a back-edge counts 1, a call CallWeight.
// The zero value is ready. Code objects should embed theirs: what package
// genext keeps for a code object hangs from its counter and dies with it.
type Counter struct {
	left, set int32 // until the driver is asked, and what it was set to
	before    int64 // counted before it was set
	kept      any
	credit    int32 // ticks that no merge point has been charged with yet; -1: none any more
}

// Tick counts one back-edge and reports whether to call Driver.Enter. In plain
// Go it is a decrement and a test of the sign; the specialiser takes it as false.
func (c *Counter) Tick() bool {
	c.left--
	return c.left < 0
}

// Call counts one call, and otherwise is like Tick: for a can-enter point at the head of a function.
func (c *Counter) Call() bool {
	c.left -= CallWeight
	return c.left < 0
}

// Count returns what has been counted so far. Compiled code does not count.
func (c *Counter) Count() int64 { return c.before + int64(uint32(c.set-c.left)) }

// Set makes the counter tick after n more back-edges; 0 is the next one.
func (c *Counter) Set(n int32) {
	c.before = c.Count()
	c.left, c.set = n, n
}

// Keep and Kept are for package genext: what it knows about the code of the counter.
func (c *Counter) Keep(x any) { c.kept = x }

// Kept returns what was given to Keep.
func (c *Counter) Kept() any { return c.kept }

// Defer is for package genext: at its first call it makes the counter tick after n more
// back-edges and reports true; Credit later returns how many those were.
func (c *Counter) Defer(n int32) bool {
	if c.credit != 0 || n <= 0 {
		return false
	}
	c.credit = n
	c.Set(n - 1)
	return true
}

// Credit is for package genext: the ticks that Defer has let pass, once.
func (c *Counter) Credit() int32 {
	n := max(c.credit, 0)
	c.credit = -1
	return n
}

// Driver is the door from an interpreter's loop into its compiled code, for one
// merge point: G and R are its greens and reds, V the results of the function
// that contains it (struct{} if none). Package genext makes drivers; a nil
// Driver never enters, so that the interpreter runs without a compiler too.
type Driver[G, R, V any] struct {
	enter func(c *Counter, g *G, r *R, v *V) bool
}

// NewDriver is for package genext.
func NewDriver[G, R, V any](enter func(c *Counter, g *G, r *R, v *V) bool) *Driver[G, R, V] {
	return &Driver[G, R, V]{enter: enter}
}

// Enter runs compiled code for the state at a merge point, or counts and later
// compiles some. If done, the interpreter's function has finished with result v;
// else the loop goes on at its merge point with the greens and reds returned.
func (d *Driver[G, R, V]) Enter(c *Counter, g G, r R) (g2 G, r2 R, v V, done bool) {
	if d == nil {
		c.Set(never)
		return g, r, v, false
	}
	state := struct {
		g G
		r R
		v V
	}{g: g, r: r}
	done = d.enter(c, &state.g, &state.r, &state.v)
	return state.g, state.r, state.v, done
}
