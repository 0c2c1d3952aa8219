# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One contraction: its operands, its program and its expected result."""

import numpy as np

from contract_forms import FORMS, gather, map_text, parse, scale_map
from contract_oracle import Expectation
from contract_operands import decode, encode, make


class Case:
    """A contraction of `formats` (lhs, rhs and the result's type) in `form`. `steps` are
    elements along a dimension whose products are scaled before they are added to others."""

    def __init__(self, rng, form, formats, size, dynamic, steps={}):
        *maps, special = FORMS[form]
        self.extents = dict(zip("mnk", size)) | special
        maps = [parse(text) for text in maps]
        used = {dim for map_ in maps for r in map_ for dim, _ in r.terms}
        self.extents = {d: e for d, e in self.extents.items() if d in used}
        self.dynamic = dynamic
        self.rng = rng
        self.result = formats[2]
        self.steps = dict(steps)
        self.arrays, self.types, self.maps, values = [], [], [], []
        for format_, map_ in zip(formats[:2], maps):
            values.append(self.add(map_, format_.element, False, format_.fraction_bits))
            for type_, blocks in format_.scales:
                scales = scale_map(map_, blocks, special.get("kq", 1))
                values.append(self.add(scales, type_, True, False))
                for r in scales:
                    for dim, _ in r.terms:
                        self.steps[dim] = min(self.steps.get(dim, r.block), r.block)
        shape = [r.extent(self.extents) for r in maps[2]]
        init = encode(rng.standard_normal(shape), self.result)
        self.arrays.append(init)
        self.types.append((shape, self.result))
        self.maps.append(maps[2])
        self.formats = formats
        terms = np.ones(list(self.extents.values()))
        for value in values:
            terms = terms * value
        dims = list(self.extents)
        parallel = [r.terms[0][0] for r in maps[2]]
        contracted = [d for d in dims if d not in parallel]
        terms = terms.transpose([dims.index(d) for d in [*parallel, *contracted]])
        steps = [self.steps.get(d, 0) for d in contracted]
        self.expected = Expectation(terms, decode(init, self.result), steps, self.result)

    def add(self, map_, type_, is_scale, fraction_bits):
        """A new operand; gives its values over the iteration domain."""
        shape = [r.extent(self.extents) for r in map_]
        axis = next((i for i, r in enumerate(map_) if r.terms[0][0] == "k"), None)
        array = make(self.rng, type_, shape, axis, is_scale)
        self.arrays.append(array)
        self.types.append((shape, type_))
        self.maps.append(map_)
        return gather(decode(array, type_, fraction_bits), map_, self.extents)

    def text(self):
        dims = list(self.extents)

        def tensor(shape, type_):
            extents = ["?" if self.dynamic else str(e) for e in shape]
            return f"tensor<{'x'.join([*extents, type_])}>"

        types = [tensor(*t) for t in self.types]
        arguments = ", ".join(f"%a{i}: {t}" for i, t in enumerate(types))
        sides, first = [], 0
        for name, format_ in zip(("lhs", "rhs"), self.formats):
            last = first + 1 + len(format_.scales)
            names = [f"%a{i}" for i in range(first, last)]
            scaled = f" scaled {', '.join(names[1:])}" if names[1:] else ""
            sides.append(f"{name}({names[0]}{scaled} : {', '.join(types[first:last])})")
            first = last
        bits = ", ".join(
            f"{side}_fraction_bits = 6 : i64"
            for side, format_ in zip(("lhs", "rhs"), self.formats)
            if format_.fraction_bits
        )
        maps = ",\n    ".join(map_text(dims, m) for m in self.maps)
        return f"""func.func @main({arguments}) -> {types[-1]} {{
  %r = mx.contract indexing_maps = [
    {maps}] {{{bits}}}
    {sides[0]} {sides[1]} outs(%a{first} : {types[-1]}) -> {types[-1]}
  return %r : {types[-1]}
}}
"""
