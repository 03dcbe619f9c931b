package posix

import (
	"os"
	"strings"
	"syscall"

	"martlet/python/internal/lib/io"
	"martlet/python/object"
)

// seq is a tuple with named fields, of which some are not elements.
type seq struct {
	object.Tuple
	extra []value
}

var statType, terminalType, unameType, dirEntryType, scanType object.Type

var statFields = []string{"st_mode", "st_ino", "st_dev", "st_nlink", "st_uid", "st_gid", "st_size"}
var statExtra = []string{"st_atime", "st_mtime", "st_ctime", "st_atime_ns", "st_mtime_ns", "st_ctime_ns", "st_blksize", "st_blocks", "st_rdev"}

func newSeq(tp *object.Type, items ...value) value {
	return object.Obj(&seq{Tuple: object.Tuple{Object: object.Object{Shape: &tp.Root}, Items: items}})
}

// seqOf makes an instance from a sequence that has the visible elements and perhaps some of the others.
func seqOf(t *thread, tp *object.Type, from value, visible, extra int) (value, *exc) {
	items, e := object.Collect(t, from)
	if e != nil {
		return value{}, e
	}
	bound, limit := "a", visible
	if extra > 0 && len(items) < visible {
		bound = "an at least"
	} else if extra > 0 {
		bound, limit = "an at most", visible+extra
	}
	if len(items) < visible || len(items) > visible+extra {
		return value{}, object.TypeErrorf(t, "%s() takes %s %d-sequence (%d-sequence given)", tp.FullName(), bound, limit, len(items))
	}
	v := newSeq(tp, items[:visible:visible]...)
	s := object.As[seq](v)
	for i := range extra {
		x := object.None
		if visible+i < len(items) {
			x = items[visible+i]
		}
		s.extra = append(s.extra, x)
	}
	return v, nil
}

// declareSeq declares such a type; visible elements beyond the named fields have no name.
func declareSeq(tp *object.Type, name, module string, visible int, fields, extra []string) {
	var get []object.GetSet
	for i, n := range fields {
		get = append(get, object.GetSet{Name: n, Get: func(t *thread, v value) (value, *exc) { return object.As[object.Tuple](v).Items[i], nil }})
	}
	for i, n := range extra {
		get = append(get, object.GetSet{Name: n, Get: func(t *thread, v value) (value, *exc) { return object.As[seq](v).extra[i], nil }})
	}
	object.Declare(tp, object.Decl{
		Name: module + "." + name, Base: &object.TupleType, Layout: object.LayoutOf[seq](), GetSets: get,
		Slots: object.Slots{New: object.NewSig(name+"(sequence, dict=None)", func(t *thread, tp *object.Type, a []value) (value, *exc) {
			return seqOf(t, tp, a[0], visible, len(extra))
		}), Repr: func(t *thread, v value) (value, *exc) {
			var parts []string
			for i, x := range object.As[object.Tuple](v).Items {
				r, e := object.Repr(t, x)
				if e != nil {
					return value{}, e
				}
				n := "st_xtime"
				if i < len(fields) {
					n = fields[i]
				} else if i-len(fields) < len(extra) {
					n = extra[i-len(fields)]
				}
				parts = append(parts, n+"="+r.S)
			}
			return object.StrVal(module + "." + name + "(" + strings.Join(parts, ", ") + ")"), nil
		}},
	})
}

// fileStat is what every platform tells of a file.
type fileStat struct {
	mode, nlink, uid, gid, size int64
	ino, dev, rdev              uint64
	times                       [3]syscall.Timespec // access, modification, change (Windows: creation)
	blksize, blocks             int64
}

func newStat(s *fileStat) value {
	n := func(x int64) value { return object.Int(x) }
	items := []value{n(s.mode), object.Uint(s.ino), object.Uint(s.dev), n(s.nlink), n(s.uid), n(s.gid), n(s.size)}
	var floats, ints []value
	for _, ts := range s.times {
		items = append(items, n(int64(ts.Sec)))
		floats = append(floats, object.Float(float64(ts.Sec)+float64(ts.Nsec)*1e-9))
		ints = append(ints, n(ts.Nano()))
	}
	v := newSeq(&statType, items...)
	object.As[seq](v).extra = append(append(floats, ints...), n(s.blksize), n(s.blocks), object.Uint(s.rdev))
	return v
}

func statOf(t *thread, target value, follow bool) (value, *exc) {
	var s *fileStat
	var err error
	if object.IsIntLike(target) {
		fd, e := object.AsCInt(t, target)
		if e != nil {
			return value{}, e
		}
		s, err = sysFstat(fd)
		target = value{}
	} else {
		p, e := io.FSPath(t, target)
		if e != nil {
			return value{}, e
		}
		if strings.IndexByte(p, 0) >= 0 {
			return value{}, object.ValueErrorf(t, "embedded null byte")
		}
		s, err = sysStat(p, follow)
	}
	if err != nil {
		return value{}, io.OSError(t, err, target)
	}
	return newStat(s), nil
}

// dirEntry is an os.DirEntry.
type dirEntry struct {
	object.Object
	name, path value
	full       string
	mode       os.FileMode
}

// scanner is the iterator of scandir.
type scanner struct {
	object.Object
	entries []os.DirEntry
	dir     string
	bytes   bool
	pos     int
}

// dirArg reads the directory argument of listdir and scandir; bytes tells that results are bytes.
func dirArg(t *thread, v value) (dir string, bytes bool, err *exc) {
	if v.IsNone() {
		return ".", false, nil
	}
	dir, err = io.FSPath(t, v)
	return dir, object.IsBytes(v), err
}

func nameOf(t *thread, s string, bytes bool) value {
	if bytes {
		return object.BytesVal([]byte(s))
	}
	return text(t, s)
}

func listdir(t *thread, a []value) (value, *exc) {
	dir, bytes, e := dirArg(t, a[0])
	if e != nil {
		return value{}, e
	}
	f, err := os.Open(dir)
	if err != nil {
		return value{}, io.OSError(t, err, a[0])
	}
	defer f.Close()
	names, err := f.Readdirnames(-1)
	if err != nil {
		return value{}, io.OSError(t, err, a[0])
	}
	out := make([]value, len(names))
	for i, n := range names {
		out[i] = nameOf(t, n, bytes)
	}
	return object.NewList(out), t.Charge(80 * len(out))
}

func scandir(t *thread, a []value) (value, *exc) {
	dir, bytes, e := dirArg(t, a[0])
	if e != nil {
		return value{}, e
	}
	f, err := os.Open(dir)
	if err != nil {
		return value{}, io.OSError(t, err, a[0])
	}
	defer f.Close()
	entries, err := f.ReadDir(-1)
	if err != nil {
		return value{}, io.OSError(t, err, a[0])
	}
	return object.Obj(&scanner{object.Object{Shape: &scanType.Root}, entries, dir, bytes, 0}), t.Charge(80 * len(entries))
}

func scanNext(t *thread, v value) (value, *exc) {
	s := object.As[scanner](v)
	if s.pos >= len(s.entries) {
		return value{}, nil
	}
	d := s.entries[s.pos]
	s.pos++
	full := s.dir + "/" + d.Name()
	if strings.HasSuffix(s.dir, "/") {
		full = s.dir + d.Name()
	}
	return object.Obj(&dirEntry{object.Object{Shape: &dirEntryType.Root}, nameOf(t, d.Name(), s.bytes), nameOf(t, full, s.bytes), full, d.Type()}), nil
}

// isKind makes is_dir and is_file.
func isKind(want func(m os.FileMode) bool) object.BuiltinFn {
	return func(t *thread, a []value) (value, *exc) {
		d := object.As[dirEntry](a[0])
		follow, e := object.Truth(t, a[1])
		if e != nil {
			return value{}, e
		}
		mode := d.mode
		if follow && mode&os.ModeSymlink != 0 {
			st, err := os.Stat(d.full)
			if err != nil {
				return object.False, nil
			}
			mode = st.Mode()
		}
		return object.Bool(want(mode)), nil
	}
}

func statFuncs() []object.Method {
	return []object.Method{
		{Sig: "stat(path, *, dir_fd=None, follow_symlinks=True)", Fn: func(t *thread, a []value) (value, *exc) {
			follow, e := object.Truth(t, a[2])
			if e != nil {
				return value{}, e
			}
			return statOf(t, a[0], follow)
		}},
		{Sig: "lstat(path, *, dir_fd=None)", Fn: func(t *thread, a []value) (value, *exc) { return statOf(t, a[0], false) }},
		{Sig: "fstat(fd)", Fn: func(t *thread, a []value) (value, *exc) { return statOf(t, a[0], true) }},
		{Sig: "listdir(path=None)", Fn: listdir}, {Sig: "scandir(path=None)", Fn: scandir},
	}
}

func init() {
	declareSeq(&statType, "stat_result", "os", 10, statFields, statExtra)
	declareSeq(&terminalType, "terminal_size", "os", 2, []string{"columns", "lines"}, nil)
	declareSeq(&unameType, "uname_result", "posix", 5, []string{"sysname", "nodename", "release", "version", "machine"}, nil)
	self := func(t *thread, v value) (value, *exc) { return v, nil }
	object.Declare(&scanType, object.Decl{Name: "posix.ScandirIterator", Flags: object.FNoNew, Slots: object.Slots{Iter: self, Next: scanNext},
		Methods: []object.Method{
			{Sig: "close(self, /)", Fn: func(t *thread, a []value) (value, *exc) {
				object.As[scanner](a[0]).entries = nil
				return object.None, nil
			}},
			{Sig: "__enter__(self, /)", Fn: func(t *thread, a []value) (value, *exc) { return a[0], nil }},
			{Sig: "__exit__(self, /, *args)", Fn: func(t *thread, a []value) (value, *exc) {
				object.As[scanner](a[0]).entries = nil
				return object.None, nil
			}},
		}})
	object.Declare(&dirEntryType, object.Decl{
		Name: "posix.DirEntry", Flags: object.FNoNew, Layout: object.LayoutOf[dirEntry](),
		Slots: object.Slots{Repr: func(t *thread, v value) (value, *exc) {
			r, e := object.Repr(t, object.As[dirEntry](v).name)
			if e != nil {
				return value{}, e
			}
			return object.StrVal("<DirEntry " + r.S + ">"), nil
		}},
		GetSets: []object.GetSet{
			{Name: "name", Get: func(t *thread, v value) (value, *exc) { return object.As[dirEntry](v).name, nil }},
			{Name: "path", Get: func(t *thread, v value) (value, *exc) { return object.As[dirEntry](v).path, nil }},
		},
		Methods: []object.Method{
			{Sig: "is_dir(self, /, *, follow_symlinks=True)", Fn: isKind(os.FileMode.IsDir)},
			{Sig: "is_file(self, /, *, follow_symlinks=True)", Fn: isKind(os.FileMode.IsRegular)},
			{Sig: "is_symlink(self, /)", Fn: func(t *thread, a []value) (value, *exc) {
				return object.Bool(object.As[dirEntry](a[0]).mode&os.ModeSymlink != 0), nil
			}},
			{Sig: "stat(self, /, *, follow_symlinks=True)", Fn: func(t *thread, a []value) (value, *exc) {
				follow, e := object.Truth(t, a[1])
				if e != nil {
					return value{}, e
				}
				return statOf(t, object.As[dirEntry](a[0]).path, follow)
			}},
			{Sig: "inode(self, /)", Fn: func(t *thread, a []value) (value, *exc) {
				v, e := statOf(t, object.As[dirEntry](a[0]).path, false)
				if e != nil {
					return value{}, e
				}
				return object.As[object.Tuple](v).Items[1], nil
			}},
			{Sig: "__fspath__(self, /)", Fn: func(t *thread, a []value) (value, *exc) { return object.As[dirEntry](a[0]).path, nil }},
		},
	})
}
