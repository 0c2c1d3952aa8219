# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The ops of a contraction of %x, %w and %z as text; the result is %0.

`operands` are the index maps of all three, lists of (dimension, factor) per
index, none for an index of 0; `kinds` are the operands' types.
"""

BODIES = {
    "generic": "%p = arith.mulf %a, %b : f32\n    %s = arith.addf %p, %c : f32",
    "fma": "%s = math.fma %a, %b, %c : f32",
}


def map_of(indices, sizes):
    results = ", ".join(i[0][0] if i else "0" for i in indices)
    return f"affine_map<({', '.join(sizes)}) -> ({results})>"


def generic(result, ins, out, types, maps, iterators, body):
    """A linalg.generic; `types` of the inputs and of the output."""
    scalars = [t[t.rindex("x") + 1 : -1] for t in types]
    arguments = ", ".join(f"%{n}: {t}" for n, t in zip("abc" if len(types) == 3 else "ac", scalars))
    quoted = ", ".join(f'"{i}"' for i in iterators)
    return (
        f"  {result} = linalg.generic {{indexing_maps = [{', '.join(maps)}], iterator_types = [{quoted}]}}\n"
        f"    ins({', '.join(ins)} : {', '.join(types[:-1])}) outs({out} : {types[-1]}) {{\n"
        f"  ^bb0({arguments}):\n    {body}\n    linalg.yield %s : {scalars[-1]}\n  }} -> {types[-1]}\n"
    )


def split(operands, sizes, kinds):
    """A product and its sum in two generics, the second extending f16."""
    narrow = "f16" if "f16" in kinds[0] else "f32"
    product = f"tensor<{''.join(f'{e}x' for e in sizes.values())}{narrow}>"
    every = map_of([[(d, 1)] for d in sizes], sizes)
    maps = [map_of(o, sizes) for o in operands]
    add = "%s = arith.addf %a, %c : f32"
    if narrow == "f16":
        add = "%d = arith.extf %a : f16 to f32\n    %s = arith.addf %d, %c : f32"
    parallel = ["parallel"] * len(sizes)
    multiply = f"%s = arith.mulf %a, %b : {narrow}"
    return (
        f"  %e = tensor.empty() : {product}\n"
        + generic("%q", ["%x", "%w"], "%e", [*kinds[:2], product], [*maps[:2], every], parallel, multiply)
        + generic("%0", ["%q"], "%z", [product, kinds[2]], [every, maps[2]], iterators(operands, sizes), add)
    )


def iterators(operands, sizes):
    free = {d for i in operands[2] for d, _ in i}
    return ["parallel" if d in free else "reduction" for d in sizes]


def reduce(kinds, axis):
    """A product of whole tensors, and its sum."""
    return (
        f"  %p = arith.mulf %x, %w : {kinds[0]}\n"
        f"  %0 = linalg.reduce {{ arith.addf }} ins(%p : {kinds[0]}) outs(%z : {kinds[2]}) dimensions = [{axis}]\n"
    )


def named(op, kinds, weight="%w", attributes=""):
    return (
        f"  %0 = linalg.{op}{attributes} ins(%x, {weight} : {kinds[0]}, {kinds[1]}) "
        f"outs(%z : {kinds[2]}) -> {kinds[2]}\n"
    )


def broadcast(sizes, kinds, to):
    """A batch_matmul with one weight for the batch, a copy unless looked through."""
    k, n, b = sizes["k"], sizes["n"], sizes["b"]
    outer = f"2x{b // 2}" if to == "collapse" else f"{b}"
    wide, batch = f"tensor<{outer}x{k}x{n}xf32>", kinds[0].split("x")[0][7:]
    rank3 = f"tensor<{batch}x{k}x{n}xf32>"
    view = (
        f"tensor.collapse_shape %c [[0, 1], [2], [3]] : {wide} into {rank3}"
        if to == "collapse"
        else f"tensor.cast %c : {wide} to {rank3}"
    )
    return (
        f"  %e = tensor.empty() : {wide}\n"
        f"  %c = linalg.broadcast ins(%w : {kinds[1]}) outs(%e : {wide}) "
        f"dimensions = [{'0, 1' if to == 'collapse' else '0'}]\n"
        f"  %v = {view}\n"
    ) + named("batch_matmul", [kinds[0], rank3, kinds[2]], "%v")


def reshape(sizes, kinds):
    """A matmul whose weight comes from a vector, by way of another shape."""
    k, n = sizes["k"], sizes["n"]
    return (
        f"  %s1 = arith.constant dense<{k * n}> : tensor<1xi64>\n"
        f"  %v = tensor.reshape %w(%s1) : ({kinds[1]}, tensor<1xi64>) -> tensor<{k * n}xf32>\n"
        f"  %s2 = arith.constant dense<[{k}, {n}]> : tensor<2xi32>\n"
        f"  %m = tensor.reshape %v(%s2) : (tensor<{k * n}xf32>, tensor<2xi32>) -> {kinds[1]}\n"
    ) + named("matmul", kinds, "%m")


def ops(op, operands, sizes, kinds):
    if op in BODIES:
        maps = [map_of(o, sizes) for o in operands]
        return generic("%0", ["%x", "%w"], "%z", kinds, maps, iterators(operands, sizes), BODIES[op])
    if op.startswith("split"):
        return split(operands, sizes, kinds)
    if op == "reduce":
        return reduce(kinds, iterators(operands, sizes).index("reduction"))
    if op in ("collapse", "cast"):
        return broadcast(sizes, kinds, op)
    if op == "reshape":
        return reshape(sizes, kinds)
    attributes = ""
    if op == "contract":
        attributes = f" indexing_maps = [{', '.join(map_of(o, sizes) for o in operands)}]"
    elif op.startswith("conv"):
        rank = op[5]
        attributes = f" {{dilations = dense<2> : vector<{rank}xi64>, strides = dense<1> : vector<{rank}xi64>}}"
    return named(op, kinds, attributes=attributes)
