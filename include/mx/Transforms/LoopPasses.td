// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Passes on the way to loops and buffers: checks, tiles, vectors, functions.
#ifndef MX_TRANSFORMS_LOOPPASSES_TD
#define MX_TRANSFORMS_LOOPPASSES_TD

include "mlir/Pass/PassBase.td"

def MXCheckBufferizable : Pass<"mx-check-bufferizable"> {
  let summary = "Report ops on tensors that bufferization does not know";
  let description = [{
    Emits an error that names the op for every op on tensors without
    BufferizableOpInterface. One-shot bufferization would say where one is, but
    not what.
  }];
}

def MXCheckExtents : Pass<"mx-check-extents"> {
  let summary = "Check extents and bounds when the program runs";
  let description = [{
    Adds a cf.assert for each extent that the operands of a linalg op, or of an
    elementwise op on tensors, must agree on, for the bounds of slices, the sizes
    of what is inserted, and the shapes that reshapes, concatenation and padding
    give; also for whatever other ops can verify when the program runs
    (RuntimeVerifiableOpInterface), such as extents of mx ops and indices. Its
    message names the op and its place. Canonicalization removes what is known to
    hold. See mx-check-sizes for the sizes of new tensors.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::cf::ControlFlowDialect", "::mlir::tensor::TensorDialect"];
}

def MXCheckSizes : Pass<"mx-check-sizes"> {
  let summary = "Check the sizes of new tensors when the program runs";
  let description = [{
    Adds a cf.assert that no size of a new tensor, such as that of a tensor.empty,
    is negative, and that all of its bytes have addresses of 48 bits, so that
    computing their number does not overflow. Those of a block that have the same
    sizes, as after CSE, share one, for the largest; its message names that op and
    its place.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::cf::ControlFlowDialect",
    "::mlir::tensor::TensorDialect"];
}

def MXRaiseExtracts : Pass<"mx-raise-extracts"> {
  let summary = "Make operands of tensors that a linalg.generic reads by index";
  let description = [{
    A tensor.extract in the body of a linalg.generic becomes an operand with an
    indexing map where its indices are loop indices that provably run over a whole
    dimension of the tensor, or constants in it. Importers write broadcasts of
    dynamic shapes like this, with `select(extent == 1, 0, index)` for an index.
    Fusion, tiles and vectors know operands only.
  }];
  let statistics = [Statistic<"numRaised", "raised", "Reads made operands">];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

def MXExpandBlocks : Pass<"mx-expand-blocks", "::mlir::func::FuncOp"> {
  let summary = "Give the blocks of mx.quantize dimensions of their own";
  let description = [{
    A dimension that the scale map of an mx.quantize divides becomes two, the blocks
    and the elements of one, by reshapes that move no data; a scale then varies
    along the first only. Loops over the second have no division and are vector
    code. A last block that is short, or may be, is quantized by an op of its own.

    ```mlir
    mx.quantize scale_map = affine_map<(m, k) -> (m, k floordiv 32)> ... tensor<4x64xf32>
    // becomes
    mx.quantize scale_map = affine_map<(m, b, k) -> (m, b)> ... tensor<4x2x32xf32>
    ```
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::tensor::TensorDialect"];
}

def MXFuseLoops : Pass<"mx-fuse-loops", "::mlir::func::FuncOp"> {
  let summary = "Run elementwise ops, reductions and mx.quantize in tiles";
  let description = [{
    Cuts linalg ops on tensors, and every mx.quantize whose scale map does not divide
    (see mx-expand-blocks), along their outer dimensions into tiles that stay in the
    first cache of the module's `mx.target`. Tiles are independent: their loop is an
    scf.forall. An op that only the ops of one such loop use, and of which a tile
    needs just a tile, as in a softmax or a normalisation, runs in that loop. An op
    alone that reads a transposed input has tiles of whole rows of that, or long pieces:
    as many as fill a cache line, so that no line is fetched for one element. Ops in a
    loop stay as they are, but in one over blocks of rows (see mx-tile).
  }];
  let statistics = [
    Statistic<"numLoops", "loops", "Loops over tiles made">,
    Statistic<"numFused", "fused", "Ops moved into the loop of another">
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def MXSplitSums : Pass<"mx-split-sums", "::mlir::func::FuncOp"> {
  let summary = "Sum rows in 16 parts";
  let description = [{
    Where a linalg.generic on tensors sums f32 along one dimension, the innermost of
    inputs one of which is as large as the iteration space, as in a normalisation or
    a softmax, one sum becomes 16, each of every 16th element, and their sum. Loops
    over the 16 are vector code: an f32 sum in order is not. Sums of fewer than 32
    elements stay in order, also where the program finds out; so do those that
    depend on indices.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def MXReduceRows : Pass<"mx-reduce-rows", "::mlir::func::FuncOp"> {
  let summary = "Reduce several rows of integers at once";
  let description = [{
    Where a linalg.generic on memrefs reduces rows of integers that are contiguous,
    such as the bits of the magnitudes of a block, each row becomes a vector of parts,
    and these are brought together by a tree of shuffles of two vectors, for as many
    rows as a vector has lanes: a row takes one operation where halving its own
    vector takes one for each power of two. The extent of rows has to be a number
    of at most 128. Sums of floats have an order and stay as they are.
  }];
  let statistics = [
    Statistic<"numReduced", "reduced", "Reductions made of vectors">];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect",
    "::mlir::mx::MXDialect", "::mlir::scf::SCFDialect",
    "::mlir::vector::VectorDialect"];
}

def MXTransposeOperands
    : Pass<"mx-transpose-operands", "::mlir::func::FuncOp"> {
  let summary = "Copy transposed operands of sums in f16 and bf16";
  let description = [{
    A sum in f16 or bf16 is rounded after every product, so its terms stay in
    order, and products along an operand's rows are no vector code. An operand
    that has the result's innermost dimension elsewhere than innermost becomes a
    linalg.transpose of it, if its elements are used more than once:
    mx-interchange-loops makes that dimension the innermost loop then. Results
    have the same bits.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def MXInterchangeLoops : Pass<"mx-interchange-loops"> {
  let summary = "Order the loops of reductions for vector units";
  let description = [{
    Moves the result's innermost dimension of a linalg.generic with a reduction
    into the innermost loop, if every operand is contiguous along it or does not
    have it. Loops over it then are vector code without a reduction.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

def MXOutlineLoops : Pass<"mx-outline-loops", "::mlir::ModuleOp"> {
  let summary = "Make one function of all loops that are the same";
  let description = [{
    Moves each linalg op on memrefs into a private function, one for all ops that
    differ only in their operands, and then each scf.forall. A model's layers repeat:
    their code is then generated once, and no function grows with the model. A linalg
    op's function says (memref.distinct_objects) that what it writes is nothing that it
    reads, but for elementwise ops that may work in place.
  }];
  let statistics = [
    Statistic<"numCalls", "calls", "Ops replaced by calls">,
    Statistic<"numFunctions", "functions", "Functions made">
  ];
  let dependentDialects = ["::mlir::func::FuncDialect",
                           "::mlir::memref::MemRefDialect"];
}

def MXLowerMemRefCopy : Pass<"mx-lower-memref-copy"> {
  let summary = "Turn strided memref.copy ops into linalg.generic ops";
  let description = [{
    A memref.copy between contiguous memrefs is a memcpy and stays. Any other
    one would become a call into MLIR's C runner utilities; as a linalg.generic
    it becomes a loop nest.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

def MXAnnotateLoops : Pass<"mx-annotate-loops"> {
  let summary = "Keep LLVM from unrolling loops that it can vectorize";
  let description = [{
    Disables unrolling (`llvm.loop_annotation`) of every scf.for with 8 to 128
    iterations, but not of the loop of vectors that it becomes. LLVM unrolls such loops
    before it looks for vectors, and may find none after. Shorter ones, such as those over the two elements of a pair, are left to
    it: what is around them is vectorized then.

    Loops with a multiple of 16 iterations that make codes of at most 8 bits of words
    get vectors of 16 elements.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def MXInlineAllocaScopes : Pass<"mx-inline-alloca-scopes"> {
  let summary = "Remove memref.alloca_scope ops that scope nothing";
  let description = [{
    convert-scf-to-openmp puts one into every loop body. Such an op takes one block,
    so that nothing in it could be lowered to branches; canonicalization keeps it
    where there is a call. It stays where something is allocated on the stack.
  }];
}

def MXLowerLoopAnnotations : Pass<"mx-lower-loop-annotations"> {
  let summary = "Make loop annotations those of llvm.br";
  let description = [{
    convert-scf-to-cf and convert-cf-to-llvm carry `llvm.loop_annotation` along as an
    attribute that llvm.br does not know. It becomes `loop_annotation`, which the
    translation to LLVM IR reads.
  }];
}

def MXWidenFloats : Pass<"mx-widen-floats"> {
  let summary = "Compute with 16-bit floats in f32";
  let description = [{
    Ops of arith and math, and those of vector that compute, on scalars and
    vectors of bf16 become those of f32: their operands are extended, and
    results rounded once each. Compilers would call their run-time libraries for
    this. Where `f16` is set, f16 is treated alike. Signs are changed as bits.
    So that arith.truncf of f64 to either rounds once too, it goes by way of the
    f32 next to it whose last bit is 1 unless it is exact.

    ```mlir
    %0 = arith.addf %x, %y : bf16
    // becomes
    %1 = arith.extf %x : bf16 to f32
    %2 = arith.extf %y : bf16 to f32
    %3 = arith.addf %1, %2 : f32
    %0 = arith.truncf %3 : f32 to bf16
    ```

    In a chain every result is rounded, for the casts may not be contracted.
    Casts between floats, arith.select, arith.bitcast and arith.constant stay.
  }];
  let options = [
    Option<"withF16", "f16", "bool", "false", "f16 too, and not bf16 alone">
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
    "::mlir::vector::VectorDialect"
  ];
}

def MXCheckAllocations : Pass<"mx-check-allocations", "::mlir::ModuleOp"> {
  let summary = "Fail where malloc has no memory";
  let description = [{
    Puts behind each call of malloc in the LLVM dialect a check, as cf.assert is one
    there, that it gives memory. The message names the place of the tensor.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def MXLowerBF16Accesses : Pass<"mx-lower-bf16-accesses"> {
  let summary = "Load and store bf16 as i16";
  let description = [{
    LLVM's x86 back end moves a bf16 that it takes out of a vector by way of an
    f32, and back by vcvtneps2bf16, which flushes subnormals, or by a call of
    __truncsfbf2, which not every machine has. Programs here compute on the bits
    of a bf16 alone, so llvm.load and llvm.store of bf16 become those of i16 and
    an llvm.bitcast, and no vector of bf16 arises.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def MXLowerDynamicExpandShape : Pass<"mx-lower-dynamic-expand-shape"> {
  let summary = "Lower memref.expand_shape with several dynamic dimensions";
  let description = [{
    Replaces a memref.expand_shape of a contiguous memref, where one dimension
    splits into several dynamic ones, by a memref.reinterpret_cast with the
    op's output shape. Upstream's expand-strided-metadata handles one dynamic
    dimension per group only.
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect"];
}

#endif // MX_TRANSFORMS_LOOPPASSES_TD
