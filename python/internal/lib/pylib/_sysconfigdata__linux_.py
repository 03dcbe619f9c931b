"""What module sysconfig tells of how the program was built: no C compiler, no shared library, no debug checks."""

build_time_vars = {
    'ABIFLAGS': '',
    'CFLAGS': '',
    'CONFIG_ARGS': '',
    'EXT_SUFFIX': '',
    'HAVE_DYNAMIC_LOADING': 0,
    'PY_CFLAGS': '',
    'PY_CORE_LDFLAGS': '',
    'Py_DEBUG': 0,
    'Py_ENABLE_SHARED': 0,
    'Py_GIL_DISABLED': 0,
    'Py_TRACE_REFS': 0,
    'SIZEOF_VOID_P': 8,
    'SOABI': 'martlet-313',
    'TZPATH': '/usr/share/zoneinfo:/usr/lib/zoneinfo:/usr/share/lib/zoneinfo:/etc/zoneinfo',
    'WITH_DOC_STRINGS': 1,
    'WITH_PYMALLOC': 0,
}
