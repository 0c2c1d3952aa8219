# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads assembly of x86-64, AArch64 or RISC-V on standard input, as LLVM prints it, and
fails if an innermost loop that multiplies and adds vectors also accesses the stack: then the
register tile is larger than the registers. Says how many such loops there are, for
none is a failure too."""

import re
import sys
from dataclasses import dataclass, field

MULTIPLY_ADD = re.compile(
    r"^(\{vex\}\s+)?v?(fn?m(add|sub)\d+p|pdp|dpbf16|pmaddwd|pmaddubsw)|^(fml[as]|sdot|smlal2?)\s|^vf?w?n?m(acc|add)\."
)
LABEL = re.compile(r"^(\.?\w+):")
JUMP = re.compile(r"^(?:j|b|cb|tb)[\w.]*\s+(?:.*,\s*)?(\.\w+)$")
# RISC-V stores whole vector registers nowhere else.
STACK = re.compile(r"\(%(?P<x86>rsp|rbp)[,)]|\[sp\b|\(sp\)|^v[ls]\d+re?\d*\.v")


@dataclass
class Function:
    name: str
    lines: list[str] = field(default_factory=list)

    def innermost_loops(self):
        """The lines from a label to the last jump back to it, where nothing
        between them is such a loop."""
        labels, last_jumps = {}, {}
        for number, line in enumerate(self.lines):
            if found := LABEL.match(line):
                labels[found[1]] = number
            elif (found := JUMP.match(line)) and found[1] in labels:
                last_jumps[labels[found[1]]] = number
        for first, last in last_jumps.items():
            if not any(first < other < last for other in last_jumps):
                yield self.lines[first : last + 1]

    def has_frame_pointer(self):
        """Otherwise rbp is a register like others."""
        return any(line.split() == ["movq", "%rsp,", "%rbp"] for line in self.lines)


def functions(text):
    function = Function("")
    for line in text.splitlines():
        line = re.split("#|//", line)[0].strip()
        found = LABEL.match(line)
        if found and not found[1].startswith("."):
            yield function
            function = Function(found[1])
        if line:
            function.lines.append(line)
    yield function


def main():
    loops, spills = 0, 0
    for function in functions(sys.stdin.read()):
        registers = {"rsp", "rbp"} if function.has_frame_pointer() else {"rsp"}
        for loop in function.innermost_loops():
            sums = sum(bool(MULTIPLY_ADD.match(line)) for line in loop)
            if not sums:
                continue
            loops += 1
            accesses = [line for line in loop if (found := STACK.search(line)) and (found["x86"] or "rsp") in registers]
            spills += bool(accesses)
            if accesses:
                print(f"{function.name}, {loop[0]} {sums} multiply-adds, {len(accesses)} accesses to the stack:")
                print(*(f"  {line}" for line in accesses), sep="\n")
    print(f"{loops} loops that multiply and add, {spills} with accesses to the stack")
    return int(spills != 0 or loops == 0)


if __name__ == "__main__":
    sys.exit(main())
