package hint

// Watch connects a quasi-immutable variable with the compiled code that relies
// on it. Package genext installs the notification.
type Watch struct{ notify func() }

// NewWatch is for package genext.
func NewWatch(notify func()) *Watch { return &Watch{notify: notify} }

// Changed drops all code that relies on the variable.
//
//martlet:opaque
func (w *Watch) Changed() { w.notify() }

// Quasi is a variable that changes rarely: a global of the interpreted
// program, a method table. Code that was compiled with its value known is
// dropped at the next Set. Reads and writes must hold the interpreter's lock.
type Quasi[T any] struct {
	watch *Watch // first, so that genext finds it from the address
	value T
}

// Get returns the value; in compiled code it is a constant if the variable's address is.
func (q *Quasi[T]) Get() T { return q.value }

// Set changes the value and drops the code that relied on the old one.
func (q *Quasi[T]) Set(v T) {
	q.value = v
	if q.watch != nil {
		q.watch.Changed()
	}
}
