package jit

import (
	"bytes"
	"crypto/sha256"
	"debug/elf"
	"encoding/gob"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"martlet/internal/native"
	"martlet/internal/obj"
	"martlet/ir"
)

// The object cache: compiled code in files, used at the next start.
//
// A file's name is the hash of everything that the code depends on: the text of the function with all that may be inlined into it, the
// level, the processor's features, the Go version and the build of the running program. Its content is a hash and the encoded obj.Code; a file of which
// anything does not fit is compiled anew and written again. Cached code is executable input: the directory must belong to the user and be
// writable by nobody else, or it is not used at all (event CacheIgnored). Files are written under a temporary name and renamed.
// Code that contains addresses of Go objects is not cached.

type cache struct {
	dir  string
	salt []byte
}

// cachedCode is what a file holds of an obj.Code.
type cachedCode struct {
	Name                string
	Sig                 obj.Sig
	Text, Pool          []byte
	Relocs              []obj.Reloc
	Syms                []string
	Types               []cachedType
	Cells               []obj.CellInit
	Exits, Sites        []obj.Exit
	Lines               []obj.Line
	FrameSize, RefSlots int32
	Frameless           bool
	Kind                string
}

type cachedType struct {
	Name string
	Size int
	Ptrs []int
}

const cacheMagic = "martlet object 1\n"

// buildID identifies the running program: the Go build id, or where there is none the executable's size and time.
var buildID = sync.OnceValue(func() string {
	f, err := elf.Open("/proc/self/exe")
	if err == nil {
		defer f.Close()
		if s := f.Section(".note.go.buildid"); s != nil {
			if b, err := s.Data(); err == nil {
				return string(b)
			}
		}
	}
	path, err := os.Executable()
	if err != nil {
		return "unknown"
	}
	st, err := os.Stat(path)
	if err != nil {
		return path
	}
	return fmt.Sprint(path, st.Size(), st.ModTime().UnixNano())
})

func (e *Engine) openCache() {
	dir := e.opts.CacheDir
	if err := os.MkdirAll(dir, 0o700); err != nil {
		e.event(Event{Kind: CacheIgnored, Reason: err.Error()})
		return
	}
	if err := trusted(dir); err != nil {
		e.event(Event{Kind: CacheIgnored, Reason: err.Error()})
		return
	}
	salt := fmt.Sprintf("%s%s %+v %q\n", cacheMagic, runtime.Version(), native.HostCPU(), buildID())
	e.cache = &cache{dir: dir, salt: []byte(salt)}
}

// path is the file for a function that is about to be compiled as it stands in its clone.
func (c *cache) path(f *ir.Func, l level, counter int32) string {
	h := sha256.New()
	h.Write(c.salt)
	fmt.Fprintf(h, "%s %d %s\n%s", l, counter, f.Name, f.Module)
	return filepath.Join(c.dir, hex.EncodeToString(h.Sum(nil))+".mo")
}

// load returns the code in a file, or nil.
func (c *cache) load(path string) *obj.Code {
	b, err := os.ReadFile(path)
	if err != nil || len(b) < sha256.Size {
		return nil
	}
	if sum := sha256.Sum256(b[sha256.Size:]); !bytes.Equal(sum[:], b[:sha256.Size]) {
		return nil
	}
	var x cachedCode
	if err := gob.NewDecoder(bytes.NewReader(b[sha256.Size:])).Decode(&x); err != nil {
		return nil
	}
	code := &obj.Code{Name: x.Name, Sig: x.Sig, Text: x.Text, Pool: x.Pool, Relocs: x.Relocs, Syms: x.Syms, Cells: x.Cells,
		Exits: x.Exits, Sites: x.Sites, Lines: x.Lines, FrameSize: x.FrameSize, RefSlots: x.RefSlots, Frameless: x.Frameless, Kind: x.Kind}
	for _, t := range x.Types {
		code.Types = append(code.Types, &ir.TypeDesc{Name: t.Name, Size: t.Size, Ptrs: t.Ptrs})
	}
	return code
}

// errUncacheable says that code refers to Go objects or types of this process.
var errUncacheable = errors.New("the code contains addresses of this process")

// store writes code to a file. Failing only costs the next start a compilation.
func (c *cache) store(path string, code *obj.Code) error {
	x := cachedCode{Name: code.Name, Sig: code.Sig, Text: code.Text, Pool: code.Pool, Relocs: code.Relocs, Syms: code.Syms, Cells: code.Cells,
		Exits: code.Exits, Sites: code.Sites, Lines: code.Lines, FrameSize: code.FrameSize, RefSlots: code.RefSlots, Frameless: code.Frameless, Kind: code.Kind}
	if len(code.RefConsts) > 0 {
		return errUncacheable
	}
	for _, t := range code.Types {
		if t.GoType != nil {
			return errUncacheable
		}
		x.Types = append(x.Types, cachedType{t.Name, t.Size, t.Ptrs})
	}
	var body bytes.Buffer
	if err := gob.NewEncoder(&body).Encode(&x); err != nil {
		return fmt.Errorf("encode %s: %w", code.Name, err)
	}
	sum := sha256.Sum256(body.Bytes())
	f, err := os.CreateTemp(c.dir, "new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(append(sum[:], body.Bytes()...))
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // the write's error is the one to report
	}
	return err
}
