# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python, devices
# RUN: %python %s %t vulkan
# RUN: %python %s %t opencl
"""Kernels of ops on f32, f16, bf16 and integers give NumPy's numbers: elementwise ops, which
round each result, sums along rows and columns, rows gathered by index with its check on
the host, and scalars from outside."""

import pathlib
import subprocess
import sys

import ml_dtypes
import numpy as np

FLOATS = {"f32": np.float32, "f16": np.float16, "bf16": ml_dtypes.bfloat16}
MODEL = """
#id = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>
#column = affine_map<(i, j) -> (j)>
func.func @main(%x: tensor<?x37xT>, %y: tensor<?x37xT>, %s: tensor<T>, %n: tensor<5xi64>, %u: tensor<i64>)
    -> (tensor<?x37xT>, tensor<?xT>, tensor<37xT>, tensor<5x37xT>, tensor<?x37xi1>, tensor<3xi64>) {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : T
  %scalar = tensor.extract %s[] : tensor<T>
  %m = tensor.dim %x, %c0 : tensor<?x37xT>
  %square = tensor.empty(%m) : tensor<?x37xT>
  %rows = tensor.empty(%m) : tensor<?xT>
  %columns = tensor.empty() : tensor<37xT>
  %taken = tensor.empty() : tensor<5x37xT>
  %flags = tensor.empty(%m) : tensor<?x37xi1>
  %a = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x, %y : tensor<?x37xT>, tensor<?x37xT>) outs(%square : tensor<?x37xT>) {
  ^bb0(%p: T, %q: T, %o: T):
    %0 = arith.mulf %p, %q : T
    %1 = arith.addf %0, %scalar : T
    %2 = arith.maximumf %1, %p : T
    %3 = arith.cmpf olt, %2, %zero : T
    %4 = arith.negf %2 : T
    %5 = arith.select %3, %4, %2 : T
    %6 = math.sqrt %5 : T
    linalg.yield %6 : T
  } -> tensor<?x37xT>
  %r0 = linalg.fill ins(%zero : T) outs(%rows : tensor<?xT>) -> tensor<?xT>
  %r = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%a : tensor<?x37xT>) outs(%r0 : tensor<?xT>) {
  ^bb0(%p: T, %o: T):
    %0 = arith.addf %o, %p : T
    linalg.yield %0 : T
  } -> tensor<?xT>
  %k0 = linalg.fill ins(%scalar : T) outs(%columns : tensor<37xT>) -> tensor<37xT>
  %k = linalg.generic {indexing_maps = [#id, #column], iterator_types = ["reduction", "parallel"]}
      ins(%x : tensor<?x37xT>) outs(%k0 : tensor<37xT>) {
  ^bb0(%p: T, %o: T):
    %0 = arith.maximumf %o, %p : T
    linalg.yield %0 : T
  } -> tensor<37xT>
  %t = linalg.generic {indexing_maps = [#row, #id], iterator_types = ["parallel", "parallel"]}
      ins(%n : tensor<5xi64>) outs(%taken : tensor<5x37xT>) {
  ^bb0(%p: i64, %o: T):
    %i = arith.index_cast %p : i64 to index
    %j = linalg.index 1 : index
    %0 = tensor.extract %x[%i, %j] : tensor<?x37xT>
    linalg.yield %0 : T
  } -> tensor<5x37xT>
  %f = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x, %y : tensor<?x37xT>, tensor<?x37xT>) outs(%flags : tensor<?x37xi1>) {
  ^bb0(%p: T, %q: T, %o: i1):
    %0 = arith.cmpf ule, %p, %q : T
    linalg.yield %0 : i1
  } -> tensor<?x37xi1>
  %wide = tensor.extract %u[] : tensor<i64>
  %numbers = tensor.empty() : tensor<3xi64>
  %g = linalg.fill ins(%wide : i64) outs(%numbers : tensor<3xi64>) -> tensor<3xi64>
  return %a, %r, %k, %t, %f, %g : tensor<?x37xT>, tensor<?xT>, tensor<37xT>, tensor<5x37xT>, tensor<?x37xi1>, tensor<3xi64>
}
"""


def compute(x, y, scalar, numbers, wide):
    a = np.maximum(x * y + scalar, x)
    a = np.sqrt(np.where(a < 0, -a, a))
    rows = np.zeros(len(x), x.dtype)
    for column in a.T:
        rows = rows + column
    return a, rows, np.maximum(x.max(axis=0), scalar), x[numbers], ~(x > y), np.full(3, wide)


def main():
    np.seterr(all="ignore")  # Inf and NaN are among the inputs.
    folder, target = pathlib.Path(sys.argv[1]), sys.argv[2]
    folder.mkdir(parents=True, exist_ok=True)
    rng, failures = np.random.default_rng(5), 0
    for name, dtype in FLOATS.items():
        model = folder / "m.mlir"
        text = MODEL
        if name == "bf16":  # LLVM has no code for one that a function is given.
            text = text.replace("tensor.extract %s[] : tensor<T>", "arith.constant 0.37 : T")
        model.write_text(text.replace("xT>", f"x{name}>").replace("<T>", f"<{name}>").replace(": T", f": {name}"))
        x, y = (rng.standard_normal((70, 37)) * 2.0 ** rng.integers(-6, 7, (70, 1)) for _ in "xy")
        x[3, 5], x[4, 6], y[7, 8], x[69, 36] = np.nan, np.inf, -np.inf, 0
        arrays = [x.astype(dtype), y.astype(dtype), np.array(0.37, dtype), np.array([69, 0, 3, 4, 3]), np.array(-(3**30))]
        inputs = [folder / f"x{i}.npy" for i in range(5)]
        for path, array in zip(inputs, arrays):
            np.save(path, array.view(np.uint16) if name == "bf16" and array.dtype == dtype else array)
        outputs = [folder / f"y{i}.npy" for i in range(6)]
        files = [*(f"--input={path}" for path in inputs), *(f"--output={path}" for path in outputs)]
        subprocess.run(["mx-run", model, f"--target={target}", *files], check=True)
        for number, (path, expected) in enumerate(zip(outputs, compute(*arrays))):
            found = np.load(path)
            found = found.view(dtype) if found.dtype == np.uint16 else found
            found, expected = (values.astype(np.float64) for values in (found, expected))
            if not np.array_equal(found, expected, equal_nan=True):
                failures += 1
                print(f"result {number} of {name}: {(found != expected).sum()} differ: {found}, {expected}")
    # The check of an index ends the program.
    np.save(inputs[3], np.array([1, 2, 70, 3, 4]))
    run = subprocess.run(["mx-run", model, f"--target={target}", *files[:5]], capture_output=True, text=True)
    if run.returncode == 0 or "m.mlir" not in run.stderr:
        failures += 1
        print(f"expected an error for an index past the end, found {run.stderr!r}")
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
