package object

import "syscall"

// memoryLimit is the size of an allocation that cannot succeed: what the machine has, or what the process may have. To try it would
// end the process, as Go's runtime does not give an error back.
func memoryLimit() int {
	limit := uint64(1 << 40)
	var info syscall.Sysinfo_t
	if syscall.Sysinfo(&info) == nil {
		limit = min(limit, (uint64(info.Totalram)+uint64(info.Totalswap))*uint64(info.Unit))
	}
	var space syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_AS, &space) == nil && space.Cur < limit {
		limit = space.Cur / 2 // a copy is made now and then
	}
	return int(limit)
}
