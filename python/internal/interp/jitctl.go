package interp

import (
	"fmt"
	"strings"
	"time"
	"unsafe"

	"martlet/genext"
	"martlet/python/object"
)

// Control of the compiler by scripts: the attributes of code objects and module _jit.

// ParseJITMode reads the name of a mode; "" is the default.
func ParseJITMode(name string) (JITMode, error) {
	switch name {
	case "", "never":
		return JITNever, nil
	case "whenhot":
		return JITWhenHot, nil
	case "always":
		return JITAlways, nil
	}
	return 0, fmt.Errorf("the JIT mode must be never, whenhot or always, not '%s'", name)
}

// set changes mode and threshold for code that is entered from now on. What was compiled under
// another driver is dropped.
func (j *JIT) set(m JITMode, threshold int) {
	if m == j.Mode && threshold == j.Threshold {
		return
	}
	j.Mode, j.Threshold = m, threshold
	j.reset()
}

// reset forgets all compiled code, profiles and counters.
func (j *JIT) reset() {
	if j.handle != nil {
		j.handle.Wait()
		past := j.handle.Stats()
		past.Regions, past.Bytes = 0, 0 // those are dropped
		if j.past == nil {
			j.past = &JITStats{}
		}
		j.past.add(past)
	}
	j.tried, j.driver, j.handle, j.waiting, j.err = false, nil, nil, nil, nil
}

// bound returns the handle of the driver, made now if there is none yet; in mode never too.
func (j *JIT) bound() (*genext.Handle, error) {
	if j.handle == nil && j.err == nil {
		if j.waiting != nil {
			j.waiting.wait()
		} else {
			m, err := genext.NewMachine(&martletProgram)
			j.bind(m, err, time.Now(), 0)
			j.tried = true
		}
	}
	return j.handle, j.err
}

// created is told of every new code object: mode always makes its IR.
func (j *JIT) created(k *Code) {
	if j.Mode != JITAlways {
		return
	}
	if h, err := j.bound(); err == nil {
		j.prepare(h, k, genext.LevelIR) // a failure stays with the code: it is interpreted
	}
}

// prepare brings the head of a code object to a level.
func (j *JIT) prepare(h *genext.Handle, k *Code, level genext.Level) (genext.Level, error) {
	g := greens{k, k.instrs, 0}
	return h.Prepare(&k.hot, unsafe.Pointer(&g), level)
}

// regions are the compiled parts of a code object.
func (j *JIT) regions(k *Code) (genext.CodeStats, []genext.Region) {
	if j.handle == nil {
		return genext.CodeStats{Level: genext.LevelNone}, nil
	}
	return j.handle.Of(&k.hot)
}

// residual is the IR of a code object's regions.
func (j *JIT) residual(k *Code) string {
	_, rs := j.regions(k)
	var b strings.Builder
	for _, r := range rs {
		b.WriteString(r.Text())
		b.WriteByte('\n')
	}
	return b.String()
}

// native is the machine code of a code object's regions, disassembled.
func (j *JIT) native(k *Code) string {
	_, rs := j.regions(k)
	var b strings.Builder
	for _, r := range rs {
		lines := r.Assembly()
		if len(lines) == 0 {
			continue
		}
		fmt.Fprintf(&b, "%s:\n", r.Name())
		for _, l := range lines {
			fmt.Fprintf(&b, "%6x  %s\n", l.Off, l.Text)
		}
	}
	return b.String()
}

// jitAttributes are the attributes of code objects that tell of their compilation.
func jitAttributes() []object.GetSet {
	get := func(name string, f func(j *JIT, c *Code) Value) object.GetSet {
		return object.GetSet{Name: name, Get: valGet(func(t *object.Thread, c *Code) Value { return f(&of(t).in.JIT, c) })}
	}
	use := get("co_use_jit", func(j *JIT, c *Code) Value { return object.Bool(!c.noJIT) })
	use.Set = setUseJIT
	return []object.GetSet{
		use,
		get("co_hotness", func(j *JIT, c *Code) Value { return object.Int(c.hot.Count()) }),
		get("co_optimization", func(j *JIT, c *Code) Value {
			st, _ := j.regions(c)
			return object.Int(int64(st.Level))
		}),
		get("co_invalidations", func(j *JIT, c *Code) Value {
			st, _ := j.regions(c)
			return object.Int(int64(st.Invalidations))
		}),
		get("co_ir", func(j *JIT, c *Code) Value { return object.StrVal(j.residual(c)) }),
		get("co_native", func(j *JIT, c *Code) Value { return object.StrVal(j.native(c)) }),
	}
}

func setUseJIT(t *object.Thread, self, v Value) *Exception {
	if v.Ref == nil {
		return object.TypeErrorf(t, "cannot delete co_use_jit")
	}
	if !v.IsBool() {
		return object.TypeErrorf(t, "co_use_jit must be a bool, not %s", v.Type().Name)
	}
	c := object.As[Code](self)
	c.noJIT = v.Bits == 0
	j := &of(t).in.JIT
	if j.handle != nil {
		j.handle.Drop(&c.hot)
	}
	if !c.noJIT {
		j.created(c)
	}
	return nil
}

// jitModule is module _jit.
func jitModule(t *object.Thread) (*object.Module, *Exception) {
	m := makeModule(t, "_jit", "Control of the just-in-time compiler.", []nativeFn{
		{"get_mode()", jitFn(func(t *object.Thread, j *JIT, a []Value) (Value, *Exception) {
			return object.StrVal(j.Mode.String()), nil
		})},
		{"set_mode(mode, /)", jitFn(jitSetMode)},
		{"get_threshold()", jitFn(func(t *object.Thread, j *JIT, a []Value) (Value, *Exception) {
			return object.Int(int64(j.threshold())), nil
		})},
		{"set_threshold(threshold, /)", jitFn(jitSetThreshold)},
		{"compile(code, level=2, /)", jitFn(jitCompile)},
		{"stats()", jitFn(func(t *object.Thread, j *JIT, a []Value) (Value, *Exception) { return j.statsDict(t) })},
		{"ir(code, /)", jitFn(func(t *object.Thread, j *JIT, a []Value) (Value, *Exception) {
			c, e := codeArg(t, a[0])
			if e != nil {
				return Value{}, e
			}
			return object.StrVal(j.residual(c)), nil
		})},
		{"native(code, /)", jitFn(func(t *object.Thread, j *JIT, a []Value) (Value, *Exception) {
			c, e := codeArg(t, a[0])
			if e != nil {
				return Value{}, e
			}
			return object.StrVal(j.native(c)), nil
		})},
		{"wait()", jitFn(func(t *object.Thread, j *JIT, a []Value) (Value, *Exception) {
			if j.handle != nil {
				j.handle.Wait()
			}
			return object.None, nil
		})},
		{"reset()", jitFn(func(t *object.Thread, j *JIT, a []Value) (Value, *Exception) {
			j.reset()
			return object.None, nil
		})},
	})
	return m, nil
}

func jitFn(f func(t *object.Thread, j *JIT, a []Value) (Value, *Exception)) object.BuiltinFn {
	return func(t *object.Thread, a []Value) (Value, *Exception) { return f(t, &of(t).in.JIT, a) }
}

func jitSetMode(t *object.Thread, j *JIT, a []Value) (Value, *Exception) {
	if a[0].Type().Flags&object.FStr == 0 {
		return Value{}, object.TypeErrorf(t, "the JIT mode must be a str, not %s", a[0].Type().Name)
	}
	m, err := ParseJITMode(object.As[Str](a[0]).S)
	if err != nil || object.As[Str](a[0]).S == "" {
		return Value{}, object.ValueErrorf(t, "the JIT mode must be never, whenhot or always, not '%s'", object.As[Str](a[0]).S)
	}
	j.set(m, j.Threshold)
	return object.None, nil
}

func jitSetThreshold(t *object.Thread, j *JIT, a []Value) (Value, *Exception) {
	n, e := object.ToInt(t, a[0])
	if e != nil {
		return Value{}, e
	}
	if n < 1 || n > 1<<30 {
		return Value{}, object.ValueErrorf(t, "the JIT threshold must be from 1 to %d, not %d", 1<<30, n)
	}
	j.set(j.Mode, n)
	return object.None, nil
}

func jitCompile(t *object.Thread, j *JIT, a []Value) (Value, *Exception) {
	c, e := codeArg(t, a[0])
	if e != nil {
		return Value{}, e
	}
	level, e := object.ToInt(t, a[1])
	if e != nil {
		return Value{}, e
	}
	if level < int(genext.LevelIR) || level > int(genext.LevelLearned) {
		return Value{}, object.ValueErrorf(t, "the level must be from 0 to 3, not %d", level)
	}
	if c.noJIT {
		return Value{}, object.RuntimeErrorf(t, "co_use_jit of %s is false", c.C.Name)
	}
	h, err := j.bound()
	if err != nil {
		return Value{}, object.RuntimeErrorf(t, "no compiler: %s", err.Error())
	}
	got, err := j.prepare(h, c, genext.Level(level))
	if err != nil {
		return Value{}, object.RuntimeErrorf(t, "%s cannot be compiled: %s", c.C.Name, err.Error())
	}
	return object.Int(int64(got)), nil
}

// codeArg is the code object of a function, method, generator or of itself.
func codeArg(t *object.Thread, v Value) (*Code, *Exception) {
	switch v.Type() {
	case &CodeType:
		return object.As[Code](v), nil
	case &FunctionType:
		return object.As[Function](v).code, nil
	case &object.MethodType:
		return codeArg(t, object.As[object.BoundMethod](v).Fn)
	}
	return nil, object.TypeErrorf(t, "a code object or Python function is required, not %s", v.Type().Name)
}
