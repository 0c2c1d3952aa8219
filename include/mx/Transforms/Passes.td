// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MX_TRANSFORMS_PASSES_TD
#define MX_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"
include "mx/Transforms/ContractionPasses.td"
include "mx/Transforms/FormPasses.td"
include "mx/Transforms/KernelPasses.td"
include "mx/Transforms/LoopPasses.td"

def MXDecompose : Pass<"mx-decompose"> {
  let summary = "Replace mx ops by the ops that are their meaning";
  let description = [{
    Replaces every mx op on tensors by its decomposition (AggregatedOpInterface):
    linalg.generic ops, and loops over blocks where a scale varies along a
    contracted dimension. linalg.softmax, which has no other lowering, is
    decomposed too. Tiles of a contraction (`mx.register_tile`) stay; those that
    read what mx.unpack_elements gives of f4 read its bytes, where these hold
    vectors. A gather or slice of rows of what mx.unpack_elements gives unpacks
    these rows' bytes alone.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def MXFoldWeights : Pass<"mx-fold-weights", "::mlir::ModuleOp"> {
  let summary = "Quantize constants at compile time";
  let description = [{
    Replaces every mx.quantize whose input is a constant by constant elements
    and scales, computed by the numerics library in parallel: the bits are those
    of executing the op. The constant may be f32, f16 or bf16, dense, a splat or
    dense_resource, and lie behind transposes, broadcasts, slices, reshapes and
    casts. NVFP4's global scale has to follow from constants too; its amax and
    the arithmetic on it are evaluated.

    Elements of f4 and f6 become packed bytes and an mx.unpack_elements.
    Constants above 4 KiB become dense_resource. What only served the folded op
    is erased, and the data of a dense_resource that no op of the module refers
    to any more is freed. Another module of the same context must not refer to
    it.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::tensor::TensorDialect",
    "::mlir::mx::MXDialect"
  ];
  let statistics = [
    Statistic<"numFolded", "folded", "mx.quantize ops folded">,
    Statistic<"foldedBytes", "folded-bytes", "bytes of elements and scales">,
    Statistic<"freedBytes", "freed-bytes", "bytes of resources freed">
  ];
}

def MXPackSubbyte : Pass<"mx-pack-subbyte", "::mlir::ModuleOp"> {
  let summary = "Replace f4 and f6 tensors by tensors of bytes";
  let description = [{
    A memref of f4 or f6 means one byte per element to a scalar access and
    packed bits to a vector one. This pass therefore leaves no such tensor, and
    runs before memrefs exist:

    - mx.pack_elements and mx.unpack_elements are decomposed. A slice of what
      mx.unpack_elements gives unpacks that slice only.
    - A tensor of f4 or f6 becomes one of i8, one code per byte, in arguments
      and results of functions too. Bits above the code are ignored when read
      and zero when written.
    - A linalg op on such tensors becomes a linalg.generic on codes, which casts
      in its body: arith.trunci and arith.bitcast where it reads, arith.bitcast
      and arith.extui where it writes.
    - A tile of a contraction (`mx.register_tile`) gets `lhs_codes` or
      `rhs_codes`.

    Ops on f4 and f6 tensors other than those of tensor, linalg, scf, cf, func
    and bufferization, arith.constant and arith.select are an error, so other mx
    ops are to be decomposed before; so is a memref of f4 or f6.

    ```mlir
    func.func @f(%x: tensor<4xf4E2M1FN>) -> tensor<2xf4E2M1FN>
    // becomes
    func.func @f(%x: tensor<4xi8>) -> tensor<2xi8>
    ```
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"
  ];
  let statistics = [
    Statistic<"numUnpacked", "unpacked",
              "mx.pack_elements and mx.unpack_elements decomposed">,
    Statistic<"numConverted", "converted", "ops converted to codes">
  ];
}

def MXQuantizeMatmul : Pass<"mx-quantize-matmul", "::mlir::func::FuncOp"> {
  let summary = "Rewrite contractions into block-scaled ones";
  let description = [{
    Rewrites every contraction on tensors of f32, f16 or bf16 into mx.quantize of
    its operands and mx.contract: linalg.matmul and batch_matmul in all their
    forms, matvec, vecmat, dot, mmt4d, linalg.contract, every linalg.generic that
    is a contraction, a product (arith.mulf of tensors too) and its sum in two
    ops, and convolutions. Depthwise convolutions, integers, f64, bodies that
    compute anything else, sums of squares, and masked means (a product split
    from its sum of which a factor has the batch and is broadcast along the
    innermost dimension) are left alone.

    The weight is the operand that is constant, the right one if both or none
    are. Blocks run along the contracted dimension; of several, those adjacent
    in both operands count as one, and else blocks run along that of the largest
    static extent (of equal ones the innermost in the weight), along the channels
    in a convolution. Below 16 elements the op is left alone. Where rows of the
    weight share scales, they are counted along its innermost dimension that the
    result has and the other operand lacks. In mmt4d a block spans whole inner
    tiles, in K and in rows.

    A value is quantized once for all its users. What a broadcast or transpose
    does before the contraction goes into the maps, also behind tensor.cast and
    where tensor.collapse_shape merges what a broadcast made.

    Attributes on an op override the options: `mx.weights` and `mx.activations`,
    a `#mx.format`, which keeps its own rule, or "none". An op with a format is
    rewritten whatever its extent and the filters `functions`, `locations`,
    `which` and `min-size` say. `mx.skip` leaves the op alone.

    A remark says for every contraction what was done or why not, and one per
    function counts them.
  }];
  let options = [
    Option<"weights", "weights", "std::string", "\"mxfp8\"",
           "Format of weights">,
    Option<"activations", "activations", "std::string", "\"\"",
           "Format of the other operand, or none (default: that of weights)">,
    Option<"rule", "rule", "std::string", "\"\"",
           "Scale rule in place of the formats' own">,
    Option<"which", "which", "std::string", "\"all\"",
           "all: every contraction; weights: those with a constant operand">,
    Option<"functions", "functions", "std::string", "\"\"",
           "Only functions whose name matches this regular expression">,
    Option<"locations", "locations", "std::string", "\"\"",
           "Only ops whose printed location matches this regular expression">,
    Option<"minSize", "min-size", "int64_t", "0",
           "Only weights of at least this many elements, or of a dynamic shape">
  ];
  let statistics = [
    Statistic<"numRewritten", "rewritten", "Contractions rewritten">,
    Statistic<"numRefused", "refused", "Contractions left alone">
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::mx::MXDialect", "::mlir::tensor::TensorDialect"
  ];
}

def MXQuantizeEmbeddings
    : Pass<"mx-quantize-embeddings", "::mlir::func::FuncOp"> {
  let summary = "Read rows of large constants in block-scaled form";
  let description = [{
    A linalg.generic that gathers whole rows of a constant of f32, f16 or bf16,
    and a tensor.extract_slice of whole rows at a place, or as many, that only the
    running program knows, read rows of the quantized constant instead: elements
    and scales, and mx.dequantize of what was read. Blocks run along the rows;
    in `deepseek_fp8` each row has its own, as activations have.
    Rows are rounded once to the constant's type. mx-fold-weights then quantizes
    the constant, so that its values need no memory.

    ```mlir
    %rows = linalg.generic ... ins(%ids : tensor<?xi64>) ... {
      %i = arith.index_cast %id : i64 to index
      %j = linalg.index 1 : index
      %x = tensor.extract %table[%i, %j] : tensor<30522x384xf32>
      linalg.yield %x : f32
    } -> tensor<?x384xf32>
    // becomes
    %elements = linalg.generic ... -> tensor<?x384xf8E4M3FN>
    %scales = linalg.generic ... -> tensor<?x12xf8E8M0FNU>
    %rows = mx.dequantize ... ins(%elements scaled %scales : ...)
    ```

    A remark says for every such read of a large constant what was done.
  }];
  let options = [
    Option<"format", "format", "std::string", "\"mxfp8\"",
           "Format of the rows">,
    Option<"minSize", "min-size", "int64_t", "65536",
           "Only constants of at least this many elements">
  ];
  let statistics = [
    Statistic<"numRewritten", "rewritten", "Reads of rows rewritten">
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::mx::MXDialect", "::mlir::tensor::TensorDialect"
  ];
}

def MXExternalizeConstants
    : Pass<"mx-externalize-constants", "::mlir::ModuleOp"> {
  let summary = "Move large constants from globals to the module's table";
  let description = [{
    A constant memref.global of more than `threshold` bytes loses its initial
    value and so becomes the declaration of an external symbol. The value moves
    to the module's attribute `mx.constants`, a dictionary from symbol names to
    elements, from which a loader fills one aligned segment and binds the
    symbols. Weights thus never pass through LLVM's globals or text. Elements
    that memory pads, such as i24, and sparse values stay in the program.

    ```mlir
    memref.global "private" constant @w : memref<64x64xf32> = dense_resource<w>
    // becomes
    module attributes {mx.constants = {w = dense_resource<w> : tensor<64x64xf32>}} {
      memref.global constant @w : memref<64x64xf32>
    ```
  }];
  let options = [
    Option<"threshold", "threshold", "int64_t", "4096",
           "Constants of at most this many bytes stay in the program">];
  let statistics = [
    Statistic<"numMoved", "constants-moved", "Constants moved to the table">];
  let dependentDialects = ["::mlir::memref::MemRefDialect"];
}

def MXExpandNarrowFloats : Pass<"mx-expand-narrow-floats"> {
  let summary = "Expand casts of 4-, 6- and 8-bit floats to integer arithmetic";
  let description = [{
    Expands arith.extf, arith.truncf, arith.scaling_extf and arith.constant on
    f8E4M3FN, f8E5M2, f6E3M2FN, f6E2M3FN, f4E2M1FN and f8E8M0FNU, scalars and
    vectors, to integer and f32 arithmetic with the same bits on every target. Of
    the narrow types only storage and arith.bitcast remain. Where the target's
    description has f16 among its `extends`, elements become f32 by way of f16.

    arith.truncf rounds to nearest even from f32, f16 or bf16. Beyond the
    largest finite value f8E4M3FN becomes NaN and f8E5M2 Inf, as in APFloat; the
    formats without either saturate, and there NaN becomes zero. A NaN becomes
    0x7F or 0x7E with its sign. An f8E8M0FNU byte of 0 is 2^-127, 255 is NaN.

    Every other arith op on these types is an error that names it: f64 sources,
    which would round twice, and casts to f8E8M0FNU, whose rounding is a
    quantization rule's business.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::mx::MXDialect"];
}

def MXExpandMath : Pass<"mx-expand-math"> {
  let summary = "Expand math ops that have no instruction to arithmetic";
  let description = [{
    Expands math.exp, math.erf, math.tanh, math.rsqrt, fpowi and clampf to
    arithmetic without branches and calls, which loop vectorizers take and
    every target has. For all f32 the results are at most so many ulp off:

    | exp | erf | tanh | rsqrt |
    |---|---|---|---|
    | 1.04 | 1.82 | 2.6 | 1.5 |

    NaN, infinities, the sign of zero and subnormals are right; exp overflows
    and underflows where its exact value does. f16 and bf16 are computed in f32
    and rounded once. The arithmetic is that of IEEE f32 with math.fma, so that
    results have the same bits everywhere. exp, erf and tanh of f64 or of tensors
    stay what they are, and so do other functions.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect"];
}

def MXLowerMinMax : Pass<"mx-lower-min-max"> {
  let summary = "Turn arith.maximumf and arith.minimumf into LLVM's intrinsics";
  let description = [{
    The greatest of many floats is the same in any order, NaN and the sign of
    zero included, and LLVM makes vector code of a loop with its intrinsic. Of the
    comparison and the selections that arith-expand makes it does not: they form
    a chain.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // MX_TRANSFORMS_PASSES_TD
