// Package time is Python's module time.
package time

import (
	"math"
	"strings"
	"time"

	"martlet/python/object"
)

type (
	thread = object.Thread
	value  = object.Value
	exc    = object.Exception
)

var start = time.Now()

func seconds(ns int64) value { return object.Float(float64(ns) / 1e9) }

// clocks come in pairs: seconds as a float, nanoseconds as an int.
var clocks = []struct {
	name   string
	now    func() int64
	source string // the system's clock, for get_clock_info
}{
	{"time", func() int64 { return time.Now().UnixNano() }, "CLOCK_REALTIME"},
	{"monotonic", func() int64 { return time.Since(start).Nanoseconds() + 1e9 }, "CLOCK_MONOTONIC"},
	{"perf_counter", func() int64 { return time.Since(start).Nanoseconds() + 1e9 }, "CLOCK_MONOTONIC"},
	{"process_time", processTime, "CLOCK_PROCESS_CPUTIME_ID"},
	{"thread_time", processTime, "CLOCK_PROCESS_CPUTIME_ID"},
}

// Init fills the module.
func Init(t *thread, m *object.Module) *exc {
	for _, c := range clocks {
		m.Define(t, []object.Method{
			{Sig: c.name + "()", Fn: func(*thread, []value) (value, *exc) { return seconds(c.now()), nil }},
			{Sig: c.name + "_ns()", Fn: func(*thread, []value) (value, *exc) { return object.Int(c.now()), nil }},
		})
	}
	m.Define(t, []object.Method{
		{Sig: "get_clock_info(name, /)", Fn: clockInfo},
		{Sig: "sleep(seconds, /)", Fn: sleep},
		{Sig: "gmtime(seconds=None, /)", Fn: func(t *thread, a []value) (value, *exc) { return brokenDown(t, a[0], time.UTC) }},
		{Sig: "localtime(seconds=None, /)", Fn: func(t *thread, a []value) (value, *exc) { return brokenDown(t, a[0], time.Local) }},
		{Sig: "mktime(tuple, /)", Fn: mktime},
		{Sig: "strftime(format, tuple=<absent>, /)", Fn: strftime},
		{Sig: "asctime(tuple=<absent>, /)", Fn: asctime},
		{Sig: "ctime(seconds=None, /)", Fn: func(t *thread, a []value) (value, *exc) {
			w, e := moment(t, a[0], time.Local)
			return object.StrVal(w.Format("Mon Jan _2 15:04:05 2006")), e
		}},
	})
	name, off := time.Now().Zone()
	m.Set(t, "timezone", object.Int(int64(-off)))
	m.Set(t, "altzone", object.Int(int64(-off)))
	m.Set(t, "daylight", object.Int(0))
	m.Set(t, "tzname", object.TupleOf(object.StrVal(name), object.StrVal(name)))
	m.Set(t, "struct_time", structTime.Value())
	return nil
}

func clockInfo(t *thread, a []value) (value, *exc) {
	name, e := object.ToStr(t, a[0])
	if e != nil {
		return value{}, e
	}
	for _, c := range clocks {
		if c.name == name.S {
			wall := c.name == "time" // the only one that can be set
			return object.NewNamespace(t, []string{"implementation", "monotonic", "adjustable", "resolution"},
				[]value{object.StrVal("clock_gettime(" + c.source + ")"), object.Bool(!wall), object.Bool(wall), object.Float(1e-9)}), nil
		}
	}
	return value{}, object.ValueErrorf(t, "unknown clock")
}

func sleep(t *thread, a []value) (value, *exc) {
	x, e := object.ToFloat(t, a[0])
	if e != nil {
		return value{}, e
	}
	switch {
	case math.IsNaN(x):
		return value{}, object.ValueErrorf(t, "Invalid value NaN (not a number)")
	case x < 0:
		return value{}, object.ValueErrorf(t, "sleep length must be non-negative")
	case x > 1<<33:
		return value{}, object.OverflowErrorf(t, "timestamp too large to convert to C PyTime_t")
	}
	t.Unlocked(func() {
		timer := time.NewTimer(time.Duration(x * 1e9))
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-t.Interrupted():
		case <-t.Ctx.Done():
		}
	})
	return object.None, t.Poll()
}

func moment(t *thread, v value, loc *time.Location) (time.Time, *exc) {
	if v.Ref == nil || v.IsNone() {
		return time.Now().In(loc), nil
	}
	x, e := object.ToFloat(t, v)
	if e != nil {
		return time.Time{}, e
	}
	if math.IsNaN(x) {
		return time.Time{}, object.ValueErrorf(t, "Invalid value NaN (not a number)")
	}
	if math.Abs(x) > 67768036191676799 {
		return time.Time{}, object.OverflowErrorf(t, "timestamp out of range for platform time_t")
	}
	return time.Unix(int64(math.Floor(x)), 0).In(loc), nil
}

// structTimeObj is a struct_time: a tuple of nine with two more attributes.
type structTimeObj struct {
	object.Tuple
	zone   value
	offset value
}

var structTime object.Type

var fieldNames = [...]string{"tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec", "tm_wday", "tm_yday", "tm_isdst"}

func init() {
	var get []object.GetSet
	for i, n := range fieldNames {
		get = append(get, object.GetSet{Name: n, Get: func(t *thread, v value) (value, *exc) { return object.As[object.Tuple](v).Items[i], nil }})
	}
	get = append(get,
		object.GetSet{Name: "tm_zone", Get: func(t *thread, v value) (value, *exc) { return object.As[structTimeObj](v).zone, nil }},
		object.GetSet{Name: "tm_gmtoff", Get: func(t *thread, v value) (value, *exc) { return object.As[structTimeObj](v).offset, nil }})
	object.Declare(&structTime, object.Decl{
		Name: "time.struct_time", Base: &object.TupleType, Layout: object.LayoutOf[structTimeObj](), GetSets: get,
		Slots: object.Slots{
			Repr: func(t *thread, v value) (value, *exc) {
				var b strings.Builder
				b.WriteString("time.struct_time(")
				for i, x := range object.As[object.Tuple](v).Items {
					if i > 0 {
						b.WriteString(", ")
					}
					r, e := object.Repr(t, x)
					if e != nil {
						return value{}, e
					}
					b.WriteString(fieldNames[i] + "=" + r.S)
				}
				return object.StrVal(b.String() + ")"), nil
			},
			New: object.NewSig("struct_time(iterable, /)", func(t *thread, tp *object.Type, a []value) (value, *exc) {
				items, e := object.Collect(t, a[0])
				if e != nil {
					return value{}, e
				}
				if len(items) < 9 {
					return value{}, object.TypeErrorf(t, "time.struct_time() takes an at least 9-sequence (%d-sequence given)", len(items))
				}
				if len(items) > 11 {
					return value{}, object.TypeErrorf(t, "time.struct_time() takes an at most 11-sequence (%d-sequence given)", len(items))
				}
				return newStruct(items[:9], object.None, object.None), nil
			}),
		},
		Consts: map[string]value{"n_fields": object.Int(11), "n_sequence_fields": object.Int(9), "n_unnamed_fields": object.Int(0)},
	})
}

func newStruct(items []value, zone, offset value) value {
	return object.Obj(&structTimeObj{object.Tuple{Object: object.Object{Shape: &structTime.Root}, Items: items}, zone, offset})
}

func brokenDown(t *thread, v value, loc *time.Location) (value, *exc) {
	w, e := moment(t, v, loc)
	if e != nil {
		return value{}, e
	}
	dst := int64(0)
	if w.IsDST() {
		dst = 1
	}
	zone, off := w.Zone()
	nums := []int64{int64(w.Year()), int64(w.Month()), int64(w.Day()), int64(w.Hour()), int64(w.Minute()), int64(w.Second()),
		int64(w.Weekday()+6) % 7, int64(w.YearDay()), dst}
	items := make([]value, 9)
	for i, n := range nums {
		items[i] = object.Int(n)
	}
	return newStruct(items, object.StrVal(zone), object.Int(int64(off))), nil
}

// fromTuple reads a struct_time or a tuple of nine as local time.
func fromTuple(t *thread, v value) (time.Time, *exc) {
	if v.Ref == nil {
		return time.Now(), nil
	}
	if !object.IsTuple(v) {
		return time.Time{}, object.TypeErrorf(t, "Tuple or struct_time argument required")
	}
	items := object.As[object.Tuple](v).Items
	if len(items) != 9 {
		return time.Time{}, object.TypeErrorf(t, "function takes exactly 9 arguments (%d given)", len(items))
	}
	var n [9]int
	for i, x := range items {
		k, e := object.AsCInt(t, x)
		if e != nil {
			return time.Time{}, e
		}
		n[i] = k
	}
	return time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], 0, time.Local), nil
}

func mktime(t *thread, a []value) (value, *exc) {
	w, e := fromTuple(t, a[0])
	return object.Float(float64(w.Unix())), e
}

func asctime(t *thread, a []value) (value, *exc) {
	w, e := fromTuple(t, a[0])
	return object.StrVal(w.Format("Mon Jan _2 15:04:05 2006")), e
}

var layouts = map[byte]string{'a': "Mon", 'A': "Monday", 'b': "Jan", 'B': "January", 'h': "Jan", 'c': "Mon Jan _2 15:04:05 2006", 'd': "02",
	'e': "_2", 'H': "15", 'I': "03", 'j': "002", 'm': "01", 'M': "04", 'p': "PM", 'S': "05", 'y': "06", 'Y': "2006", 'z': "-0700",
	'Z': "MST", 'D': "01/02/06", 'F': "2006-01-02", 'R': "15:04", 'T': "15:04:05", 'x': "01/02/06", 'X': "15:04:05", 'r': "03:04:05 PM"}

func strftime(t *thread, a []value) (value, *exc) {
	if !object.IsStr(a[0]) {
		return value{}, object.TypeErrorf(t, "strftime() argument 1 must be str, not %s", object.ArgTypeName(a[0]))
	}
	w, e := fromTuple(t, a[1])
	if e != nil {
		return value{}, e
	}
	return object.StrVal(Format(w, object.StrText(a[0]))), nil
}

// Format is strftime.
func Format(w time.Time, f string) string {
	var b strings.Builder
	for i := 0; i < len(f); i++ {
		if f[i] != '%' || i+1 == len(f) {
			b.WriteByte(f[i])
			continue
		}
		i++
		switch c := f[i]; c {
		case '%':
			b.WriteByte('%')
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case 'w':
			b.WriteByte(byte('0' + w.Weekday()))
		case 'u':
			b.WriteByte(byte('0' + (w.Weekday()+6)%7 + 1))
		case 's':
			b.WriteString(object.IntString(object.Int(w.Unix())))
		case 'G', 'V', 'g':
			y, wk := w.ISOWeek()
			b.WriteString(map[byte]string{'G': pad(y, 4), 'V': pad(wk, 2), 'g': pad(y%100, 2)}[c])
		case 'C':
			b.WriteString(pad(w.Year()/100, 2))
		case 'U':
			b.WriteString(pad((w.YearDay()+6-int(w.Weekday()))/7, 2))
		case 'W':
			b.WriteString(pad((w.YearDay()+6-int(w.Weekday()+6)%7)/7, 2))
		default:
			if l, ok := layouts[c]; ok {
				b.WriteString(w.Format(l))
			} else {
				b.WriteString(f[i-1 : i+1])
			}
		}
	}
	return b.String()
}

func pad(n, width int) string {
	s := object.IntString(object.Int(int64(n)))
	return strings.Repeat("0", max(0, width-len(s))) + s
}
