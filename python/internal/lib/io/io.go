// Package io is Python's module _io: files, buffers and text streams.
//
//	base.go      _IOBase and the abstract classes below it, for native and Python subclasses
//	file.go      FileIO: an operating system file
//	buffered.go  BufferedReader, BufferedWriter, BufferedRandom, BytesIO
//	text.go      TextIOWrapper
//	stringio.go  StringIO
//	open.go      open()
//
// Everything works through Python method calls where the other side may be a class written in Python, and directly
// where it is native.
package io

import "martlet/python/object"

type (
	thread = object.Thread
	value  = object.Value
	exc    = object.Exception
)

// Unsupported is io.UnsupportedOperation.
var Unsupported object.Type

func unsupported(t *thread, what string) *exc {
	return object.NewException(t, &Unsupported, object.StrVal(what))
}

// Init fills module _io (io shows the same names).
func Init(t *thread, m *object.Module) *exc {
	m.DefineTypes(t, &Base, &RawBase, &BufferedBase, &TextBase, &FileType, &BytesIOType, &ReaderType, &WriterType,
		&RandomType, &TextType, &StringIOType, &Unsupported, &DecoderType)
	for name, tp := range map[string]*object.Type{"IOBase": &Base, "RawIOBase": &RawBase, "BufferedIOBase": &BufferedBase, "TextIOBase": &TextBase} {
		m.Set(t, name, tp.Value())
	}
	m.Set(t, "DEFAULT_BUFFER_SIZE", object.Int(bufferSize))
	m.Set(t, "BlockingIOError", object.BlockingIOErrorType.Value())
	for i, name := range []string{"SEEK_SET", "SEEK_CUR", "SEEK_END"} {
		m.Set(t, name, object.Int(int64(i)))
	}
	m.Define(t, []object.Method{
		{Sig: "open(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)", Fn: open},
		{Sig: "open_code(path)", Fn: func(t *thread, a []value) (value, *exc) {
			return Open(t, a[0], "rb", -1, object.None, object.None, object.None, true, object.None)
		}},
		{Sig: "text_encoding(encoding, stacklevel=2, /)", Fn: func(t *thread, a []value) (value, *exc) {
			if a[0].IsNone() {
				return object.StrVal("locale"), nil
			}
			return a[0], nil
		}},
	})
	return nil
}
