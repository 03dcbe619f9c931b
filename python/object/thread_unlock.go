package object

// Unlocked runs a blocking operation without the interpreter's lock, so that other Python threads go on.
func (t *Thread) Unlocked(f func()) {
	if t.Interp.Lock.TryLock() { // nobody held it: the interpreter has one thread that does not lock
		t.Interp.Lock.Unlock()
		f()
		return
	}
	t.Interp.Lock.Unlock()
	defer t.Interp.Lock.Lock()
	f()
}
