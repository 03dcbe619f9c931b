"""A JSON encoder and decoder written in Python, and the library's."""
import json

from benchmain import main


def encode(value):
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        return "[" + ", ".join([encode(v) for v in value]) + "]"
    return "{" + ", ".join([encode(k) + ": " + encode(v) for k, v in value.items()]) + "}"


class Decoder:
    def __init__(self, text):
        self.text = text
        self.pos = 0

    def space(self):
        text = self.text
        while text[self.pos] in " \n\t":
            self.pos += 1

    def value(self):
        self.space()
        c = self.text[self.pos]
        if c == "{":
            return self.object()
        if c == "[":
            return self.array()
        if c == '"':
            return self.string()
        for word, value in (("null", None), ("true", True), ("false", False)):
            if self.text.startswith(word, self.pos):
                self.pos += len(word)
                return value
        start = self.pos
        while self.text[self.pos] in "+-.0123456789eE":
            self.pos += 1
        number = self.text[start:self.pos]
        return float(number) if "." in number or "e" in number else int(number)

    def string(self):
        self.pos += 1
        out = []
        while True:
            c = self.text[self.pos]
            self.pos += 1
            if c == '"':
                return "".join(out)
            if c == "\\":
                c = self.text[self.pos]
                self.pos += 1
            out.append(c)

    def array(self):
        self.pos += 1
        out = []
        self.space()
        if self.text[self.pos] == "]":
            self.pos += 1
            return out
        while True:
            out.append(self.value())
            self.space()
            c = self.text[self.pos]
            self.pos += 1
            if c == "]":
                return out

    def object(self):
        self.pos += 1
        out = {}
        self.space()
        if self.text[self.pos] == "}":
            self.pos += 1
            return out
        while True:
            self.space()
            key = self.string()
            self.space()
            self.pos += 1
            out[key] = self.value()
            self.space()
            c = self.text[self.pos]
            self.pos += 1
            if c == "}":
                return out


def document(n):
    return [{"id": i, "name": "item %d" % i, "price": i * 1.25, "tags": ["a", "b\"c", str(i % 5)],
             "ok": i % 2 == 0, "next": None if i % 3 else i + 1} for i in range(n)]


def run(n):
    doc = document(n)
    text = encode(doc)
    back = Decoder(text + " ").value()
    library = json.dumps(doc)
    return len(text), back == doc, library == text, json.loads(text) == doc


if __name__ == "__main__":
    main(run, 6000)
