"""An operating system's scheduler with tasks, devices and packets: method calls and attributes."""
from benchmain import main

IDLE, WORKER, HANDLER_A, HANDLER_B, DEVICE_A, DEVICE_B = range(6)
K_DEV, K_WORK = 1000, 1001
SIZE = 4


class Packet:
    def __init__(self, link, ident, kind):
        self.link = link
        self.ident = ident
        self.kind = kind
        self.datum = 0
        self.data = [0] * SIZE

    def append_to(self, queue):
        self.link = None
        if queue is None:
            return self
        last = queue
        while last.link is not None:
            last = last.link
        last.link = self
        return queue


class Task:
    def __init__(self, sched, ident, priority, queue, waiting, pending):
        self.sched = sched
        self.ident = ident
        self.priority = priority
        self.queue = queue
        self.waiting = waiting
        self.pending = pending
        self.holding = False
        sched.add(self)

    def add_packet(self, packet, old):
        if self.queue is None:
            self.queue = packet
            self.pending = True
            if self.priority > old.priority:
                return self
        else:
            packet.append_to(self.queue)
        return old

    def runnable(self):
        return not self.holding and (self.pending or not self.waiting)

    def step(self):
        if self.pending and self.waiting:
            packet = self.queue
            self.queue = packet.link
            self.waiting = False
            self.pending = self.queue is not None
        else:
            packet = None
        return self.act(packet)

    def act(self, packet):
        raise NotImplementedError

    def wait(self):
        self.waiting = True
        return self


class Idle(Task):
    def __init__(self, sched, count):
        self.control = 1
        self.count = count
        super().__init__(sched, IDLE, 0, None, False, False)

    def act(self, packet):
        self.count -= 1
        if self.count == 0:
            return self.sched.hold_self()
        if self.control & 1 == 0:
            self.control //= 2
            return self.sched.release(DEVICE_A)
        self.control = self.control // 2 ^ 0xD008
        return self.sched.release(DEVICE_B)


class Worker(Task):
    def __init__(self, sched, queue):
        self.target = HANDLER_A
        self.counter = 0
        super().__init__(sched, WORKER, 1000, queue, True, True)

    def act(self, packet):
        if packet is None:
            return self.wait()
        self.target = HANDLER_B if self.target == HANDLER_A else HANDLER_A
        packet.ident = self.target
        packet.datum = 0
        for i in range(SIZE):
            self.counter = self.counter % 26 + 1
            packet.data[i] = 64 + self.counter
        return self.sched.send(packet)


class Handler(Task):
    def __init__(self, sched, ident, priority, queue):
        self.work = None
        self.devices = None
        super().__init__(sched, ident, priority, queue, True, True)

    def act(self, packet):
        if packet is not None:
            if packet.kind == K_WORK:
                self.work = packet.append_to(self.work)
            else:
                self.devices = packet.append_to(self.devices)
        if self.work is not None:
            work = self.work
            count = work.datum
            if count >= SIZE:
                self.work = work.link
                return self.sched.send(work)
            if self.devices is not None:
                dev = self.devices
                self.devices = dev.link
                dev.datum = work.data[count]
                work.datum = count + 1
                return self.sched.send(dev)
        return self.wait()


class Device(Task):
    def __init__(self, sched, ident, priority):
        self.held = None
        super().__init__(sched, ident, priority, None, True, False)

    def act(self, packet):
        if packet is None:
            packet = self.held
            if packet is None:
                return self.wait()
            self.held = None
            return self.sched.send(packet)
        self.held = packet
        return self.sched.hold_self()


class Scheduler:
    def __init__(self):
        self.tasks = [None] * 6
        self.order = []
        self.current = None
        self.holds = 0
        self.sends = 0

    def add(self, task):
        self.tasks[task.ident] = task
        self.order.insert(0, task)

    def hold_self(self):
        self.holds += 1
        self.current.holding = True
        return self.next_after(self.current)

    def next_after(self, task):
        i = self.order.index(task) + 1
        return self.order[i] if i < len(self.order) else None

    def release(self, ident):
        task = self.tasks[ident]
        task.holding = False
        return task if task.priority > self.current.priority else self.current

    def send(self, packet):
        task = self.tasks[packet.ident]
        self.sends += 1
        packet.link = None
        packet.ident = self.current.ident
        return task.add_packet(packet, self.current)

    def schedule(self):
        task = self.order[0]
        while task is not None:
            self.current = task
            if task.runnable():
                task = task.step()
            else:
                task = self.next_after(task)


def once():
    s = Scheduler()
    Idle(s, 1000)
    queue = Packet(None, 0, K_WORK)
    queue = Packet(queue, 0, K_WORK)
    Worker(s, queue)
    for ident, dev, priority in ((HANDLER_A, DEVICE_A, 2000), (HANDLER_B, DEVICE_B, 3000)):
        queue = None
        for _ in range(3):
            queue = Packet(queue, dev, K_DEV)
        Handler(s, ident, priority, queue)
    Device(s, DEVICE_A, 4000)
    Device(s, DEVICE_B, 5000)
    s.schedule()
    return s.holds, s.sends


def run(n):
    out = None
    for _ in range(n):
        out = once()
    return out


if __name__ == "__main__":
    main(run, 60)
