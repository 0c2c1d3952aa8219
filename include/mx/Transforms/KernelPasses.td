// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Passes that make kernels of a program's loops, for devices that run many
/// invocations at once.
#ifndef MX_TRANSFORMS_KERNELPASSES_TD
#define MX_TRANSFORMS_KERNELPASSES_TD

include "mlir/Pass/PassBase.td"

def MXKeepContractions : Pass<"mx-keep-contractions", "::mlir::func::FuncOp"> {
  let summary = "Keep matrix products whole for mx-form-kernels";
  let description = [{
    Marks each mx.contract that mx-form-kernels makes one kernel of: a matrix
    product, batched or not, with an init of f32 and scales whose blocks along the
    sum are multiples of 8 (OCP MX has 32, NVFP4 16). mx-decompose leaves it alone.
    The others become loops as any op does.
  }];
  let statistics = [Statistic<"numKept", "kept", "Contractions kept whole">];
}

def MXFormKernels : Pass<"mx-form-kernels", "::mlir::func::FuncOp"> {
  let summary = "Make a gpu.launch of each linalg op and contraction on buffers";
  let description = [{
    An op becomes invocations, one for each element of what it writes, in
    workgroups of 64; dimensions that it sums over are loops in an invocation.

    A contraction that mx-keep-contractions marks becomes workgroups that compute 16
    rows and 128 columns. In steps of a block they decode 16 rows of the factor that
    has no columns into workgroup memory; an invocation decodes each element of its
    two columns once for all 16 rows. The sum of a block is scaled as a whole: first by
    scales that are numbers, then by the sum of the exponents, in two steps, since
    2^254 is no f32. No scale makes it overflow or lose bits on the way.

    Where the module's spirv.target_env has dot products of i8 (DotProduct and
    DotProductInput4x8Bit), products of scaled INT8, E2M3 and E2M1 are added up as
    integers: the rows lie in workgroup memory as words of four, and a
    vector.reduction of four products is what becomes a dot product. The sum of a
    block is exact in both ways, so the result has the same bits.

    What has effects that a kernel cannot have, such as an assertion in its body, and
    functions whose special cases devices compute in their own way, such as
    math.powf, stay on the host, with a remark.
  }];
  let statistics = [
    Statistic<"numKernels", "kernels", "Ops that became a gpu.launch">,
    Statistic<"numLeft", "left", "Ops that stay on the host">];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::gpu::GPUDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"];
}

def MXFlattenKernels : Pass<"mx-flatten-kernels", "::mlir::func::FuncOp"> {
  let summary = "Give each gpu.launch one-dimensional buffers and i32 numbers";
  let description = [{
    What a gpu.launch uses from outside is then a buffer of one dimension without a
    layout, an i32 or an index, which kernels have 32 bits for: sizes, strides and
    offsets that are not known when compiling. The elements of buffers are integers,
    f32 or f64: narrow floats are i8, f16 and bf16 are i16, i1 is i8, index is i64.
    A number of 64 bits goes by way of two i32; a wider one is an error. Constants
    go inside.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect"];
}

def MXCallKernels : Pass<"mx-call-kernels", "::mlir::ModuleOp"> {
  let summary = "Make calls of a runtime's functions of each gpu.launch_func";
  let description = [{
    A launch becomes a call of

    ```mlir
    func.func private @mx_device_launch(
        i64 /* kernel */, i64 /* groups along x */, i64 /* y */, i64 /* z */,
        i64 /* address of addresses of buffers */, i64 /* address of numbers */)
    ```

    with the number of the kernel in the order of the module's kernels and its
    numbers as i64, which the function refuses where an i32 does not hold them; and
    before the host touches memory, and before a function returns, comes a call of
    `@mx_device_synchronize()`.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
                           "::mlir::memref::MemRefDialect"];
}

#endif // MX_TRANSFORMS_KERNELPASSES_TD
