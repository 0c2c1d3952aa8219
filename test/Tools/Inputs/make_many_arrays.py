# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints a program that adds many arrays of any extents, and writes its inputs, and the
options that name them, to a folder."""

import pathlib
import sys

import numpy as np

COUNT = 18
folder = pathlib.Path(sys.argv[1])
np.save(folder / "many.npy", np.ones((2, 3, 4), np.float32))
(folder / "inputs").write_text(f"--input={folder / 'many.npy'}\n" * (COUNT + 1))
kind = "tensor<?x?x?xf32>"
arguments = ", ".join(f"%a{i}: {kind}" for i in range(COUNT))
maps = ", ".join(["affine_map<(i, j, k) -> (i, j, k)>"] * (COUNT + 1))
operands = ", ".join(f"%a{i}" for i in range(COUNT)) + " : " + ", ".join([kind] * COUNT)
elements = ", ".join(f"%x{i}: f32" for i in range(COUNT))
sums = "\n".join(f"    %s{i} = arith.addf %{f's{i - 1}' if i > 1 else 'x0'}, %x{i} : f32" for i in range(1, COUNT))
print(f"""func.func @main({arguments}, %init: {kind}) -> {kind} {{
  %r = linalg.generic {{indexing_maps = [{maps}], iterator_types = ["parallel", "parallel", "parallel"]}}
      ins({operands}) outs(%init : {kind}) {{
  ^bb0({elements}, %out: f32):
{sums}
    linalg.yield %s{COUNT - 1} : f32
  }} -> {kind}
  return %r : {kind}
}}""")
