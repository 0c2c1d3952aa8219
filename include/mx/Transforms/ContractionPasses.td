// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Passes on the way from contractions to tiles of vectors.
#ifndef MX_TRANSFORMS_CONTRACTIONPASSES_TD
#define MX_TRANSFORMS_CONTRACTIONPASSES_TD

include "mlir/Pass/PassBase.td"

def MXDecodeOperands : Pass<"mx-decode-operands"> {
  let summary = "Decode the narrow operands of mx.contract before its loops";
  let description = [{
    For targets without arithmetic on narrow elements: an operand of mx.contract
    that is not f32, f16 or bf16 is decoded to f32 by a linalg.generic of its
    own, and the contraction keeps its scales. Decoding inside the contraction
    would be repeated for every row of the other operand.

    Where the operand has the result's innermost dimension, it is decoded with
    that dimension last, so that loops over it are contiguous. Tiles of a
    contraction (`mx.register_tile`) stay.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def MXOffload : Pass<"mx-offload", "::mlir::ModuleOp"> {
  let summary = "Give contractions to the accelerator that is described";
  let description = [{
    Without `mx.accelerator` on the module, does nothing. Else replaces each
    mx.contract that an mma of the description can do by calls of the functions of
    include/mx-c/Runtime.h:

    - operands become tiles, filled up with zeros, and their scales have the order
      of the description: at compile time where they are constants,
      and by mx.quantize where that makes them;
    - what a rule of the description makes is quantized by the accelerator as it is
      copied, if it is f32 whose innermost dimension is the sum;
    - constants go to the accelerator's storage, as long as there is room;
    - a function with a schedule copies, multiplies and stores blocks of tiles.
      While it multiplies one, the next is copied; its blocks are as large as
      the accelerator's memory and accumulators allow, and of all such those that
      take the least time by the description's bandwidth and cycles;
    - scales of a whole tensor, as NVFP4 has them, multiply the result.

    Any number of rows, columns and batch dimensions, static or not, is taken. A
    remark says for each contraction whether it was, and why not: then the
    CPU's code computes it.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::bufferization::BufferizationDialect",
    "::mlir::func::FuncDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect"];
  let statistics = [
    Statistic<"numOffloaded", "offloaded", "Contractions given away">];
}

def MXPackWeights : Pass<"mx-pack-weights", "::mlir::ModuleOp"> {
  let summary = "Lay constant weights out in the panels that mx-tile cuts";
  let description = [{
    A constant factor of an mx.contract with the result's innermost dimension is
    permuted: panels of as many columns as a register tile of the module's
    `mx.target` has, one after the other, each with its columns last. Elements and
    scales move, none is widened. The dimension becomes two, panels and the columns of
    one, and the result is reshaped, which moves nothing. The old constant is freed.

    Columns that are no multiple of the panel's, scales that are not constant and
    blocks of columns that would be cut are left alone, as are constants with
    several users.

    ```mlir
    mx.contract affine_map<(m, n, k) -> (n, k)> ... rhs(%w : tensor<48x64xf8E4M3FN>)
    // becomes
    mx.contract affine_map<(m, n, k, p) -> (p, k, n)> ... rhs(%v : tensor<3x64x16xf8E4M3FN>)
    ```
  }];
  let statistics = [Statistic<"numPacked", "packed", "Weights laid out anew">];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::mx::MXDialect", "::mlir::tensor::TensorDialect"
  ];
}

def MXMarkOrdinaryScales : Pass<"mx-mark-ordinary-scales"> {
  let summary = "Say of constant scales that they are ordinary";
  let description = [{
    Gives an mx.contract `lhs_ordinary_scales` (`rhs_ordinary_scales`) where all of
    the operand's f8E8M0FNU scales are constants from 2^-40 to 2^40, as weights have
    them, and takes it away where all are constants and one is not. That of a block
    of zeros, 2^-127, is not ordinary: its elements would have to be looked at, too.
    mx-tile makes no second form for other scales then, and the program does not
    read all of them to find out.
  }];
  let statistics = [
    Statistic<"numMarked", "marked", "Operands with ordinary constant scales">
  ];
}

def MXOutlineContractions
    : Pass<"mx-outline-contractions", "::mlir::ModuleOp"> {
  let summary = "Make one function of all mx.contract ops that are the same";
  let description = [{
    Moves each mx.contract on tensors, or the loops over blocks that it is in
    (`mx.row_blocks`), into a private function, one for all that differ only in their
    operands, along with the mx.unpack_elements that it reads from and the linalg.fill
    of its init with a constant. A model's layers repeat: their code is then generated
    once.
  }];
  let statistics = [
    Statistic<"numCalls", "calls", "Contractions replaced by calls">,
    Statistic<"numFunctions", "functions", "Functions made">
  ];
  let dependentDialects = ["::mlir::func::FuncDialect"];
}

def MXTile : Pass<"mx-tile", "::mlir::func::FuncOp"> {
  let summary = "Cut contractions into panels and register tiles";
  let description = [{
    Tiles every mx.contract that is a matrix product, possibly a batched one, with
    sizes from the module's `mx.target`. Both factors become f32 with their scales
    multiplied in: the one with the result's innermost dimension panel by panel,
    each of which is used for all rows, the other, rows first, as a whole, or in
    blocks of 8 MiB but at least 512 rows, in a loop with the attribute
    `mx.row_blocks`: mx-fuse-loops makes what is decoded in it. The innermost tile is
    an mx.contract of f32 with the attribute `mx.register_tile`, for mx-form-mma. It
    has at most 8 rows where the other factor's rows lie at a distance that only the
    program knows, for their addresses take registers. f32 that are read as they lie
    are copied to panels if more than two tiles use them and a panel's rows lie apart.
    If the result was filled, a tile fills its part, unless more is added to it later.

    f32 scales apply to the sums. Multiplying other scales into elements is exact, and
    cannot overflow, only for scales that are not extreme. The program checks its
    scales, but those that the op says are ordinary, and takes the original
    mx.contract for others, in parts of 64 rows and columns, which are left for
    mx-decompose.

    Where both sides are integers over a power of two (f4E2M1FN, f6E2M3FN, i8) with
    one such scale along the sum, factors become the integers of the target's dot
    product, in groups and blocks, or pairs of i16 if it has none, and their scales
    f32 operands of the tile: a block's products are added up as integers, and each
    scale multiplies once per block. A dot product that takes unsigned integers gets
    the rows' with a zero point, or the columns' if there are at most 64 rows: the
    other side's elements are added up for it. Where the number of rows is dynamic and
    columns have less than 8 bits, the program chooses. The compensation is i16 where
    sums of i16 hold a block's products, and `mx.short_sums` stands on the tile where
    they hold two groups'. Rows of integers that do not fit half of the last cache pass by several
    panels at a time, which a dimension of their own counts then, if whole panels have
    all columns and cut no block of scales.

    Where elements times their scales are bf16, and the target has a dot product of
    these, both factors become groups of bf16 for it. As such dot products may flush
    subnormals, the program also takes the original mx.contract where a block with the
    scale byte 0, which is 2^-127, holds other numbers than zeros: on all targets, so
    that results do not depend on them.

    Where one register tile holds all rows, a panel would be read once. Elements of
    at most 8 bits then stay codes, with their scale as an f32 operand of the tile,
    which decodes them itself. Where the sum is their innermost dimension, of whole
    vectors that lie in one block, tiles take up to 8 rows in this order; others are
    brought in that of panels, widened to 8 bits for that. Where the number of rows
    is dynamic, the program chooses.

    Scales are decoded once per block, and bytes brought into the panel's order
    before they are decoded (see mx-transpose-bytes). The factor with the rows is
    decoded as a whole while the contraction runs: large weights belong on the side
    of the columns.

    A result other than f32, several f8E8M0FNU scales of one operand or such ones
    beside f32 scales or on wide elements, f32 scales that vary along a sum, windows of
    convolutions and tiles that would cut a block are left alone.
  }];
  let statistics = [Statistic<"numTiled", "tiled", "Contractions tiled">];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::bufferization::BufferizationDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect", "::mlir::mx::MXDialect"
  ];
}

def MXPadPanels : Pass<"mx-pad-panels", "::mlir::func::FuncOp"> {
  let summary = "Make columns zero that a panel has beyond those in use";
  let description = [{
    Where a factor or scale of f32 of an mx.contract with the attribute
    `mx.register_tile` is the first columns of a memref.alloc that serves for nothing
    else, makes the others zero. mx-form-mma reads such a panel without masks and
    drops what becomes of those columns, but what memory holds there may be
    subnormal numbers, with which x86 multiplies a hundred times slower.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect"
  ];
}

def MXFormMMA : Pass<"mx-form-mma", "::mlir::func::FuncOp"> {
  let summary = "Turn register tiles of contractions into vector code";
  let description = [{
    Replaces every mx.contract on memrefs with the attribute `mx.register_tile`: its
    result is loaded into vectors of the width that the module's `mx.target` has, a
    loop over the sum adds an outer product in every step by fused multiply-adds,
    and the vectors are stored. A linalg.generic right before it that fills the result
    becomes what the vectors start from. Where the columns are codes, they are decoded
    in that loop, by the target's permutation of f32 if that has room for all values,
    or by its shuffle of bytes if that has room for the bytes of their bf16, or by way
    of f16 if the target extends that, and the loop stands in one over blocks: scales
    are read once per block, and of one row of f4 multiply a block's sums. One row
    has two sums, which get products in turn. A byte may hold two codes of 4 bits,
    whose columns may have another order till the sums are stored.

    Codes whose innermost dimension is the sum are multiplied in this order: for
    every row and each of some columns a loop adds products in a vector of 16 lanes,
    whose total, of pieces of 1024 products, is added to the result. The scale is
    read for 16 or 32 of them.

    Tiles of integers have two loops: over blocks, and in a block over groups, whose
    products the target's dot product adds up as i32, or as i16 that hold those of a
    block, or of two groups (`mx.short_sums`), which a dot product of pairs adds up.
    Without a dot product of bytes the groups are pairs, whose products have the form
    that LLVM has instructions for (x86 pmaddwd and vpdpwssd).

    Tiles of bf16 have one loop, over groups for the target's dot product. Sums of
    outer products are made in pieces of 128 products that start from zero, of each
    pair the second product first, as x86's dot product of bf16 does.

    Elements beyond the columns are masked. Where the number of rows is only known
    when the program runs, there is code for each, up to what the loop around the
    tile gives it.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::LLVM::LLVMDialect",
    "::mlir::math::MathDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
    "::mlir::vector::VectorDialect"
  ];
}

def MXTransposeBytes : Pass<"mx-transpose-bytes", "::mlir::func::FuncOp"> {
  let summary = "Transpose panels of bytes in vectors";
  let description = [{
    A linalg.generic on memrefs that copies elements of 8 bits so that another
    dimension becomes innermost, of 4 to 64 elements and a power of two, reads
    vectors of 16 along the input's innermost dimension and interleaves them:
    log2 rounds of shuffles of two vectors each, which are instructions nearly
    everywhere (punpckl and punpckh, zip1 and zip2). Where that dimension is
    dynamic and the part of a wider buffer, as the last panel is, the program
    chooses between this and plain loops.
  }];
  let statistics = [
    Statistic<"numTransposed", "transposed", "Copies made of vectors">];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"];
}

def MXTileDistantRows : Pass<"mx-tile-distant-rows", "::mlir::func::FuncOp"> {
  let summary = "Read cache lines of rows that lie apart whole";
  let description = [{
    A linalg.generic on memrefs that reads a few bytes of each of many rows before it
    reads the next ones, as a panel of columns is decoded from weights with the sum
    innermost, comes back to a cache line after all others. If these are more than its
    set of a first cache holds, as rows 2048 or 4096 bytes apart soon are, each visit
    fetches the line again. Such an op is tiled by 8 rows or as many as have room, with
    loops within a line inside.
  }];
  let statistics = [Statistic<"numTiled", "tiled", "Ops tiled">];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect"];
}

#endif // MX_TRANSFORMS_CONTRACTIONPASSES_TD
