// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Passes that turn what is left of a program into a target's dialect.
#ifndef MX_CONVERSION_PASSES_TD
#define MX_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertMXToEmitC : Pass<"convert-mx-to-emitc", "::mlir::ModuleOp"> {
  let summary = "Turn scalar code on planned memrefs into EmitC, for C99";
  let description = [{
    Takes a program whose buffers are planned (mx-plan-memory) and whose shapes are
    static, as arith, math, scf and func on scalars and memrefs. What comes out is
    C99 that needs no more than the headers of a freestanding compiler and math.h:
    mlir-translate --mlir-to-cpp prints it.

    - A memref is a pointer to its first element; its strides are constants of the
      code. Only what memref.view reads, the workspace, may have a dynamic size.
    - An integer is unsigned, of the next width that C has; index is ptrdiff_t; i1
      is bool. Signed operations cast. f16 and bf16 are uint16_t, and the narrow
      floats uint8_t, each with its code. Every conversion of C's is a cast.
    - A function that can fail (cf.assert) returns a text or a null pointer, public
      ones always do; a caller returns what it gets.
    - A public function gets the large constants (`mx.constants`) as its last
      argument, in the order and places of mx-bind-constants, and so do those that
      use them.
    - `NAME_workspace` of mx-plan-memory becomes an attribute of the function NAME,
      `mx.workspace_bytes`; `NAME_shapes` goes, for shapes are known.
    - Functions stand before their callers. Private ones are static, with names
      that are no words of C.

    The bits of results are those of mx-to-reference if the C compiler contracts no
    product and sum to fma, as with -std=c99 or -ffp-contract=off; but functions of
    math.h that are not exact are the library's, and a NaN in an array of constants
    is C's own.

    An op with no C is an error with its location.
  }];
  let dependentDialects = ["::mlir::emitc::EmitCDialect",
                           "::mlir::memref::MemRefDialect"];
}

def ConvertMXToSPIRV : Pass<"convert-mx-to-spirv", "::mlir::ModuleOp"> {
  let summary = "Turn kernels into SPIR-V, for Vulkan and OpenCL";
  let description = [{
    Takes gpu.modules as mx-flatten-kernels and mx-call-kernels leave them; each
    becomes a spirv.module, in the same order, for the module's spirv.target_env
    (default: Vulkan 1.1 with numbers of 8 to 64 bits).

    For Vulkan, buffers are storage buffers, bound in set 0 by their number, and
    numbers are push constants, 4 bytes each. For OpenCL (the capability Kernel)
    they are the kernel's arguments, in the same order.

    A vector.reduction of four products of i8 becomes a dot product where the target
    has DotProduct and DotProductInput4x8Bit, of SPIR-V 1.6. Modules are of the
    target's version if that is 1.4 or later, whose entry points list all variables.

    Floats keep their NaNs and infinities where the target has the capability
    SignedZeroInfNanPreserve, and no product is contracted with a sum.
  }];
  let dependentDialects = ["::mlir::spirv::SPIRVDialect"];
}

#endif // MX_CONVERSION_PASSES_TD
