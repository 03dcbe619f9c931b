package hint

// Never makes a counter that practically never ticks.
const never = 1<<31 - 1

// Counter counts the back-edges of one code object. The zero value is ready.
type Counter struct {
	left   int32
	credit int32 // ticks that no merge point has been charged with yet; -1: none any more
}

// Tick counts one back-edge and reports whether to call Driver.Enter. In plain
// Go it is a decrement and a test of the sign; the specialiser takes it as false.
func (c *Counter) Tick() bool {
	c.left--
	return c.left < 0
}

// Set makes the counter tick after n more back-edges; 0 is the next one.
func (c *Counter) Set(n int32) { c.left = n }

// Defer is for package genext: at its first call it makes the counter tick after n more
// back-edges and reports true; Credit later returns how many those were.
func (c *Counter) Defer(n int32) bool {
	if c.credit != 0 || n <= 0 {
		return false
	}
	c.credit, c.left = n, n-1
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
		c.left = never
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
