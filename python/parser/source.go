package parser

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
)

// Decode turns the bytes of a source file into text: a byte order mark or a coding comment in the first two lines
// (PEP 263) names the encoding, UTF-8 is the default. name is the encoding's name, bom-less. file is shown in messages.
func Decode(b []byte, file string) (text, name string, err error) {
	s := string(b)
	bom := strings.HasPrefix(s, "\ufeff")
	s = strings.TrimPrefix(s, "\ufeff")
	if i := strings.IndexByte(s, 0); i >= 0 {
		return "", "", &SyntaxError{Kind: "SyntaxError", Msg: "source code string cannot contain null bytes", NoPlace: true, NoText: true}
	}
	cookie := codingCookie(s)
	if cookie == "utf8" && !bom { // with a byte order mark CPython accepts the spelling "utf-8" only
		cookie = "utf-8"
	}
	switch cookie {
	case "", "utf-8":
		if utf8.ValidString(s) {
			return s, "utf-8", nil
		}
		return "", "", badUTF8(s, file, cookie == "" && !bom)
	}
	if bom {
		return "", "", &SyntaxError{Kind: "SyntaxError", Msg: fmt.Sprintf("encoding problem: %s with BOM", cookie), NoPlace: true, NoText: true}
	}
	if cookie == "iso-8859-1" {
		r := make([]rune, len(s))
		for i := range len(s) {
			r[i] = rune(s[i])
		}
		return string(r), cookie, nil
	}
	if cookie == "ascii" || cookie == "us-ascii" {
		for i := range len(s) {
			if s[i] >= 0x80 {
				return "", "", &SyntaxError{Kind: "SyntaxError", Msg: fmt.Sprintf("'ascii' codec can't decode byte 0x%02x in position %d: ordinal not in range(128)", s[i], i), NoPlace: true, NoText: true}
			}
		}
		return s, cookie, nil
	}
	if cookie == "latin" || cookie == "l1" || cookie == "8859" || cookie == "cp819" {
		cookie = "latin-1"
	}
	enc, e := htmlindex.Get(strings.TrimPrefix(strings.ReplaceAll(cookie, "_", "-"), "x-"))
	if e != nil {
		return "", "", &SyntaxError{Kind: "SyntaxError", Msg: "encoding problem: " + cookie, NoPlace: true, NoText: true}
	}
	out, e := enc.NewDecoder().String(s)
	if e != nil {
		return "", "", &SyntaxError{Kind: "SyntaxError", Msg: "encoding problem: " + cookie, NoPlace: true, NoText: true}
	}
	return out, cookie, nil
}

// badUTF8 words the error of text that is not UTF-8.
func badUTF8(s, file string, undeclared bool) error {
	i, line := 0, 1
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		i += n
	}
	if file == "" {
		reason := "invalid start byte"
		if s[i] >= 0xC2 && s[i] < 0xF5 {
			reason = "invalid continuation byte"
		}
		return &SyntaxError{Kind: "SyntaxError", Msg: fmt.Sprintf("(unicode error) 'utf-8' codec can't decode byte 0x%02x in position %d: %s", s[i], i, reason), NoPlace: true, NoText: true}
	}
	msg := fmt.Sprintf("Non-UTF-8 code starting with '\\x%02x' on line %d, but no encoding declared; see https://peps.python.org/pep-0263/ for details", s[i], line)
	return &SyntaxError{Kind: "SyntaxError", Msg: msg, Line: line, NoText: true}
}

// codingCookie finds the encoding that a comment in the first two lines declares, normalised; "" if there is none.
func codingCookie(s string) string {
	for range 2 {
		line := lineAt(s, 0)
		s = s[len(line):]
		body := strings.TrimLeft(line, " \t\f")
		if body != "" && body[0] == '#' {
			if name := cookieIn(body); name != "" {
				return name
			}
		} else if strings.TrimRight(body, "\r\n") != "" {
			return ""
		}
	}
	return ""
}

// cookieIn matches coding[:=]\s*([-\w.]+) in a comment.
func cookieIn(s string) string {
	for {
		i := strings.Index(s, "coding")
		if i < 0 || i+7 > len(s) {
			return ""
		}
		s = s[i+6:]
		if s[0] != ':' && s[0] != '=' {
			continue
		}
		rest := strings.TrimLeft(s[1:], " \t")
		n := 0
		for n < len(rest) && (charClass[rest[n]] != classOther || rest[n] == '-' || rest[n] == '.') {
			n++
		}
		if n > 0 {
			return normalCoding(rest[:n])
		}
	}
}

func normalCoding(s string) string {
	n := strings.ToLower(strings.ReplaceAll(s, "_", "-"))
	switch {
	case n == "utf-8" || strings.HasPrefix(n, "utf-8-"):
		return "utf-8"
	case n == "latin-1" || n == "latin1" || n == "iso-8859-1" || n == "iso-latin-1" || strings.HasPrefix(n, "latin-1-") || strings.HasPrefix(n, "iso-8859-1-"):
		return "iso-8859-1"
	}
	return strings.ToLower(s)
}
