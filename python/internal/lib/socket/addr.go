//go:build unix

package socket

import (
	"context"
	"encoding/binary"
	"net"
	"net/netip"
	"os"

	"golang.org/x/sys/unix"

	"martlet/python/internal/lib/io"
	"martlet/python/object"
)

var constants = map[string]int{
	"AF_UNSPEC": unix.AF_UNSPEC, "AF_INET": unix.AF_INET, "AF_INET6": unix.AF_INET6, "AF_UNIX": unix.AF_UNIX,
	"SOCK_STREAM": unix.SOCK_STREAM, "SOCK_DGRAM": unix.SOCK_DGRAM, "SOCK_RAW": unix.SOCK_RAW,
	"SOL_SOCKET": unix.SOL_SOCKET, "SO_ERROR": unix.SO_ERROR, "SO_TYPE": unix.SO_TYPE, "SO_REUSEADDR": unix.SO_REUSEADDR,
	"SO_REUSEPORT": unix.SO_REUSEPORT, "SO_KEEPALIVE": unix.SO_KEEPALIVE, "SO_BROADCAST": unix.SO_BROADCAST, "SO_RCVBUF": unix.SO_RCVBUF,
	"SO_SNDBUF": unix.SO_SNDBUF, "SO_LINGER": unix.SO_LINGER, "SOMAXCONN": unix.SOMAXCONN,
	"IPPROTO_IP": unix.IPPROTO_IP, "IPPROTO_TCP": unix.IPPROTO_TCP, "IPPROTO_UDP": unix.IPPROTO_UDP, "IPPROTO_IPV6": unix.IPPROTO_IPV6,
	"IPV6_V6ONLY": unix.IPV6_V6ONLY, "TCP_NODELAY": unix.TCP_NODELAY,
	"SHUT_RD": unix.SHUT_RD, "SHUT_WR": unix.SHUT_WR, "SHUT_RDWR": unix.SHUT_RDWR,
	"MSG_PEEK": unix.MSG_PEEK, "MSG_OOB": unix.MSG_OOB, "MSG_WAITALL": unix.MSG_WAITALL, "MSG_DONTWAIT": unix.MSG_DONTWAIT,
	"AI_PASSIVE": 1, "AI_CANONNAME": 2, "AI_NUMERICHOST": 4, "AI_NUMERICSERV": 1024, "EAI_NONAME": -2, "NI_NUMERICHOST": 1, "NI_NUMERICSERV": 2,
}

func familyOf(a unix.Sockaddr) int {
	switch a.(type) {
	case *unix.SockaddrInet4:
		return unix.AF_INET
	case *unix.SockaddrInet6:
		return unix.AF_INET6
	}
	return unix.AF_UNIX
}

// addrValue is an address as Python has it: (host, port), (host, port, flow, scope) or a path.
func addrValue(a unix.Sockaddr) value {
	switch a := a.(type) {
	case *unix.SockaddrInet4:
		return object.TupleOf(object.StrVal(netip.AddrFrom4(a.Addr).String()), num(a.Port))
	case *unix.SockaddrInet6:
		return object.TupleOf(object.StrVal(netip.AddrFrom16(a.Addr).String()), num(a.Port), num(0), num(int(a.ZoneId)))
	case *unix.SockaddrUnix:
		return object.StrVal(a.Name)
	}
	return object.None
}

// hostIP resolves a host name; the empty name is any address.
func hostIP(t *thread, family int, host string) (netip.Addr, *exc) {
	any, network := netip.IPv4Unspecified(), "ip4"
	if family == unix.AF_INET6 {
		any, network = netip.IPv6Unspecified(), "ip6"
	}
	if host == "" {
		return any, nil
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip, nil
	}
	var ips []netip.Addr
	var err error
	t.Unlocked(func() { ips, err = net.DefaultResolver.LookupNetIP(context.Background(), network, host) })
	if err != nil || len(ips) == 0 {
		return any, object.NewException(t, &gaierror, num(-2), object.StrVal("Name or service not known"))
	}
	return ips[0].Unmap(), nil
}

func parseAddr(t *thread, family int, v value) (unix.Sockaddr, *exc) {
	if family == unix.AF_UNIX {
		p, e := io.FSPath(t, v)
		return &unix.SockaddrUnix{Name: p}, e
	}
	if !object.IsTuple(v) || len(object.As[object.Tuple](v).Items) < 2 {
		return nil, object.TypeErrorf(t, "AF_INET address must be tuple, not %s", v.Type().Name)
	}
	items := object.As[object.Tuple](v).Items
	if !object.IsStr(items[0]) {
		return nil, object.TypeErrorf(t, "str, bytes or bytearray expected, not %s", items[0].Type().Name)
	}
	port, e := object.AsCInt(t, items[1])
	if e != nil {
		return nil, e
	}
	if port < 0 || port > 65535 {
		return nil, object.Errorf(t, &object.OverflowErrorType, "port must be 0-65535.")
	}
	ip, e := hostIP(t, family, object.StrText(items[0]))
	if e != nil {
		return nil, e
	}
	if family == unix.AF_INET6 {
		return &unix.SockaddrInet6{Port: port, Addr: ip.As16()}, nil
	}
	if !ip.Is4() {
		return nil, object.NewException(t, &gaierror, num(-9), object.StrVal("Address family for hostname not supported"))
	}
	return &unix.SockaddrInet4{Port: port, Addr: ip.As4()}, nil
}

func socketPair(t *thread, a []value) (value, *exc) {
	n := [3]int{unix.AF_UNIX, unix.SOCK_STREAM, 0}
	for i := range n {
		if a[i].IsNone() {
			continue
		}
		var e *exc
		if n[i], e = object.AsCInt(t, a[i]); e != nil {
			return value{}, e
		}
	}
	fds, err := unix.Socketpair(n[0], n[1], n[2])
	if err != nil {
		return fail(t, err)
	}
	var out [2]value
	for i, fd := range fds {
		unix.CloseOnExec(fd)
		s := &sock{Object: object.Object{Shape: &socketType.Root}}
		setup(s, fd, n[0], n[1], n[2])
		out[i] = object.Obj(s)
	}
	return object.NewTuple(out[:]), nil
}

// service gives a port by number or name.
func service(t *thread, v value) (int, *exc) {
	switch {
	case v.IsNone():
		return 0, nil
	case object.IsIntLike(v):
		return object.AsCInt(t, v)
	case !object.IsStr(v):
		return 0, object.TypeErrorf(t, "Int or String expected")
	}
	port, err := net.LookupPort("tcp", object.StrText(v))
	if err != nil {
		return 0, object.NewException(t, &gaierror, num(-8), object.StrVal("Servname not supported for ai_socktype"))
	}
	return port, nil
}

// getAddrInfo lists the addresses of a host, one entry for each socket type asked for.
func getAddrInfo(t *thread, a []value) (value, *exc) {
	var n [4]int // family, type, proto, flags
	for i := range n {
		var e *exc
		if n[i], e = object.AsCInt(t, a[2+i]); e != nil {
			return value{}, e
		}
	}
	port, e := service(t, a[1])
	if e != nil {
		return value{}, e
	}
	host := "localhost"
	if n[3]&constants["AI_PASSIVE"] != 0 {
		host = ""
	}
	if object.IsStr(a[0]) {
		host = object.StrText(a[0])
	}
	var out []value
	var failure *exc
	for _, family := range []int{unix.AF_INET, unix.AF_INET6} {
		if n[0] != 0 && n[0] != family {
			continue
		}
		ip, e := hostIP(t, family, host)
		if e != nil || ip.Is4() != (family == unix.AF_INET) {
			failure = e
			continue
		}
		addr := addrValue(&unix.SockaddrInet6{Port: port, Addr: ip.As16()})
		if family == unix.AF_INET {
			addr = addrValue(&unix.SockaddrInet4{Port: port, Addr: ip.As4()})
		}
		for _, k := range [...][2]int{{unix.SOCK_STREAM, unix.IPPROTO_TCP}, {unix.SOCK_DGRAM, unix.IPPROTO_UDP}} {
			if (n[1] == 0 || n[1] == k[0]) && (n[2] == 0 || n[2] == k[1]) {
				out = append(out, object.TupleOf(num(family), num(k[0]), num(k[1]), object.StrVal(""), addr))
			}
		}
	}
	if out == nil && failure == nil {
		failure = object.NewException(t, &gaierror, num(-2), object.StrVal("Name or service not known"))
	}
	if out == nil {
		return value{}, failure
	}
	return object.NewList(out), nil
}

// swap makes htons and its like: between the network's byte order and the machine's.
func swap(name string, width int) object.Method {
	return object.Method{Sig: name + "(integer, /)", Fn: func(t *thread, a []value) (value, *exc) {
		n, e := object.ToInt64(t, a[0])
		if e != nil {
			return value{}, e
		}
		if n < 0 || n >= 1<<width {
			return value{}, object.Errorf(t, &object.OverflowErrorType, "%s: Python int too large to convert to C %d-bit unsigned integer", name, width)
		}
		var b [4]byte
		if width == 16 {
			binary.BigEndian.PutUint16(b[:], uint16(n))
			return object.Int(int64(binary.NativeEndian.Uint16(b[:]))), nil
		}
		binary.BigEndian.PutUint32(b[:], uint32(n))
		return object.Int(int64(binary.NativeEndian.Uint32(b[:]))), nil
	}}
}

func inetPton(t *thread, a []value) (value, *exc) {
	family, e := object.AsCInt(t, a[0])
	if e != nil {
		return value{}, e
	}
	s, e := object.ToStr(t, a[1])
	if e != nil {
		return value{}, e
	}
	ip, err := netip.ParseAddr(s.S)
	if err != nil || ip.Is4() != (family == unix.AF_INET) {
		return value{}, object.Errorf(t, &object.OSErrorType, "illegal IP address string passed to inet_pton")
	}
	return object.BytesVal(ip.AsSlice()), nil
}

func inetNtop(t *thread, a []value) (value, *exc) {
	b, e := object.BufferBytes(t, a[1])
	if e != nil {
		return value{}, e
	}
	ip, ok := netip.AddrFromSlice(b)
	if !ok {
		return value{}, object.ValueErrorf(t, "invalid length of packed IP address string")
	}
	return object.StrVal(ip.String()), nil
}

// Init fills the module.
func Init(t *thread, m *object.Module) *exc {
	for n, v := range constants {
		m.Set(t, n, num(v))
	}
	m.Set(t, "has_ipv6", object.True)
	m.Set(t, "error", object.OSErrorType.Value())
	m.Set(t, "timeout", object.TimeoutErrorType.Value())
	m.DefineTypes(t, &socketType, &gaierror, &herror)
	m.Set(t, "SocketType", socketType.Value())
	m.Define(t, []object.Method{
		swap("htons", 16), swap("ntohs", 16), swap("htonl", 32), swap("ntohl", 32),
		{Sig: "socketpair(family=None, type=None, proto=None, /)", Fn: socketPair},
		{Sig: "getaddrinfo(host, port, family=0, type=0, proto=0, flags=0)", Fn: getAddrInfo},
		{Sig: "inet_pton(address_family, ip_string, /)", Fn: inetPton}, {Sig: "inet_ntop(address_family, packed_ip, /)", Fn: inetNtop},
		{Sig: "gethostname()", Fn: func(t *thread, a []value) (value, *exc) {
			h, err := os.Hostname()
			if err != nil {
				return fail(t, err)
			}
			return object.StrVal(h), nil
		}},
		{Sig: "getdefaulttimeout()", Fn: func(t *thread, a []value) (value, *exc) { return object.None, nil }},
		{Sig: "close(fd, /)", Fn: func(t *thread, a []value) (value, *exc) {
			fd, e := object.AsCInt(t, a[0])
			if e != nil {
				return value{}, e
			}
			return none(t, unix.Close(fd))
		}},
	})
	return nil
}
