"""Secure hashes and message digests, over the native digests."""

import _martlet_hash

_fixed = ('md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'sha3_224', 'sha3_256', 'sha3_384', 'sha3_512')
_shakes = {'shake_128': (128, 168), 'shake_256': (256, 136)}

algorithms_guaranteed = {*_fixed, *_shakes}
algorithms_available = set(algorithms_guaranteed)

__all__ = (*_fixed, *_shakes, 'new', 'algorithms_guaranteed', 'algorithms_available', 'pbkdf2_hmac', 'file_digest')


def _checked(data):
    if isinstance(data, str):
        raise TypeError("Strings must be encoded before hashing")
    if not isinstance(data, (bytes, bytearray, memoryview)):
        try:
            data = memoryview(data)
        except TypeError:
            raise TypeError("object supporting the buffer API required") from None
    return bytes(data)


class _Hash:
    """A hash of fixed size. The data is kept and hashed when a digest is asked for."""

    def __init__(self, name, data):
        self.name = name
        self.digest_size, self.block_size = _martlet_hash.sizes(name)
        self._data = bytearray(_checked(data))

    def update(self, obj, /):
        self._data += _checked(obj)

    def digest(self):
        return _martlet_hash.digest(self.name, self._data)

    def hexdigest(self):
        return self.digest().hex()

    def copy(self):
        return type(self)(self.name, self._data)


class _Shake(_Hash):
    def __init__(self, name, data):
        self.name = name
        self.digest_size = 0
        self._bits, self.block_size = _shakes[name]
        self._data = bytearray(_checked(data))

    def digest(self, length):
        return _martlet_hash.shake(self._bits, self._data, length)

    def hexdigest(self, length):
        return self.digest(length).hex()


def new(name, data=b'', *, usedforsecurity=True):
    plain = name.lower().replace('-', '_')
    if plain in _shakes:
        return _Shake(plain, data)
    if plain.startswith('sha_'):
        plain = 'sha' + plain[4:]
    if plain not in _fixed:
        raise ValueError(f'unsupported hash type {name}')
    return _Hash(plain, data)


def _constructor(name):
    def make(string=b'', *, usedforsecurity=True):
        return new(name, string)
    make.__name__ = make.__qualname__ = f'openssl_{name}'
    return make


for _name in (*_fixed, *_shakes):
    globals()[_name] = _constructor(_name)


def file_digest(fileobj, digest, /, *, _bufsize=262144):
    """A hash object of a binary file's content."""
    made = new(digest) if isinstance(digest, str) else digest()
    while piece := fileobj.read(_bufsize):
        made.update(piece)
    return made


def _hmac(name, key, message):
    block = _martlet_hash.sizes(name)[1]
    if len(key) > block:
        key = _martlet_hash.digest(name, key)
    key = key.ljust(block, b'\0')
    inner = _martlet_hash.digest(name, bytes(b ^ 0x36 for b in key) + message)
    return _martlet_hash.digest(name, bytes(b ^ 0x5c for b in key) + inner)


def pbkdf2_hmac(hash_name, password, salt, iterations, dklen=None):
    """Key derivation of PKCS #5 (RFC 8018)."""
    name = new(hash_name).name
    if iterations < 1:
        raise ValueError("iteration value must be greater than 0.")
    size = _martlet_hash.sizes(name)[0]
    if dklen is None:
        dklen = size
    if dklen < 1:
        raise ValueError("key length must be greater than 0.")
    password, out = bytes(password), b''
    for block in range(1, -(-dklen // size) + 1):
        u = _hmac(name, password, bytes(salt) + block.to_bytes(4))
        total = int.from_bytes(u)
        for _ in range(iterations - 1):
            u = _hmac(name, password, u)
            total ^= int.from_bytes(u)
        out += total.to_bytes(size)
    return out[:dklen]
