# tags: numeric
"""A small ray tracer: vector objects with operators, methods and floats."""
from benchmain import main


class Vec:
    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z

    def __add__(self, o):
        return Vec(self.x + o.x, self.y + o.y, self.z + o.z)

    def __sub__(self, o):
        return Vec(self.x - o.x, self.y - o.y, self.z - o.z)

    def __mul__(self, k):
        return Vec(self.x * k, self.y * k, self.z * k)

    def dot(self, o):
        return self.x * o.x + self.y * o.y + self.z * o.z

    def unit(self):
        return self * (1.0 / self.dot(self) ** 0.5)


class Ray:
    def __init__(self, origin, direction):
        self.origin = origin
        self.direction = direction.unit()

    def at(self, t):
        return self.origin + self.direction * t


class Sphere:
    def __init__(self, centre, radius, shade):
        self.centre = centre
        self.radius = radius
        self.shade = shade

    def hit(self, ray):
        cp = self.centre - ray.origin
        v = cp.dot(ray.direction)
        disc = self.radius * self.radius - (cp.dot(cp) - v * v)
        if disc < 0:
            return None
        t = v - disc ** 0.5
        return t if t > 1e-6 else None

    def normal(self, p):
        return (p - self.centre).unit()


class Plane:
    def __init__(self, point, normal, shade):
        self.point = point
        self.norm = normal.unit()
        self.shade = shade

    def hit(self, ray):
        v = ray.direction.dot(self.norm)
        if abs(v) < 1e-9:
            return None
        t = (self.point - ray.origin).dot(self.norm) / v
        return t if t > 1e-6 else None

    def normal(self, p):
        return self.norm


def nearest(scene, ray):
    best = None
    for thing in scene:
        t = thing.hit(ray)
        if t is not None and (best is None or t < best[0]):
            best = (t, thing)
    return best


def colour(scene, light, ray, depth):
    found = nearest(scene, ray)
    if found is None:
        return 0.1
    t, thing = found
    p = ray.at(t)
    n = thing.normal(p)
    to_light = Ray(p, light - p)
    lit = 0.0
    if nearest(scene, to_light) is None:
        lit = max(0.0, to_light.direction.dot(n))
    out = thing.shade * (0.2 + 0.8 * lit)
    if depth:
        d = ray.direction
        mirrored = Ray(p, d - n * (2.0 * d.dot(n)))
        out = 0.8 * out + 0.2 * colour(scene, light, mirrored, depth - 1)
    return out


def run(n):
    scene = [Sphere(Vec(1.0, 1.0, 10.0), 2.0, 0.9), Sphere(Vec(-2.0, 0.5, 8.0), 1.0, 0.7),
             Sphere(Vec(0.0, -1.0, 6.0), 0.5, 0.5), Plane(Vec(0.0, -2.0, 0.0), Vec(0.0, 1.0, 0.0), 0.6)]
    light = Vec(10.0, 10.0, -5.0)
    total = 0.0
    for row in range(n):
        for col in range(n):
            ray = Ray(Vec(0.0, 0.0, 0.0), Vec(2.0 * col / n - 1.0, 1.0 - 2.0 * row / n, 2.0))
            total += colour(scene, light, ray, 2)
    return "%.6f" % total


if __name__ == "__main__":
    main(run, 140)
