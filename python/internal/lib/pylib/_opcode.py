"""What module dis asks about CPython's opcodes. The bytecode here is another one, so no opcode of CPython is known."""

ENABLE_SPECIALIZATION = False
ENABLE_SPECIALIZATION_FT = False


def _no(opcode):
    return False


is_valid = has_arg = has_const = has_name = has_jump = has_free = has_local = has_exc = _no


def stack_effect(opcode, oparg=None, /, *, jump=None):
    raise ValueError("invalid opcode or oparg")


def get_executor(*, code, offset):
    return None


def get_intrinsic1_descs():
    return []


def get_intrinsic2_descs():
    return []


def get_nb_ops():
    return []


def get_specialization_stats():
    return None
