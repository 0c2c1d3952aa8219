// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MX_IR_MXOPS_TD
#define MX_IR_MXOPS_TD

include "mx/IR/MXAccelerator.td"
include "mx/IR/MXBase.td"
include "mx/IR/MXPackOps.td"
include "mx/IR/MXScaleLayoutOps.td"
include "mx/IR/MXTarget.td"

def MX_QuantizeOp : MX_StructuredOp<"quantize"> {
  let summary = "Quantize a tensor to narrow elements and one scale per block";
  let description = [{
    Cuts `input` into blocks and gives each block one scale: the block shape is
    read off `scale_map`, whose domain are the dimensions of `input` and whose
    results are the dimensions of `scales`. A result is `d` (one scale per
    index), `d floordiv c` (one per block of `c`, the last one may be short) or
    `0`; a dimension that no result uses lies in one block as a whole.

    With an f8E8M0FNU scale, `rule` says how the scale byte follows from the
    block's largest magnitude (OCP MX v1.0 section 6.3 is `floor`) and `special`
    what happens to zeros, NaN and Inf. With an f8E4M3FN scale the format is
    NVFP4: `global` is the tensor's f32 scale, amax / (448 * 6), and `rule` is
    absent. Elements are rounded to nearest even and saturate.

    The iteration domain counts blocks, so that tiling cannot cut one. The op
    returns one scale tensor per level that it computes; NVFP4's outer level is
    the operand `global`.

    Quantizing again what was quantized and dequantized in f32, in the same way,
    gives the same bits under the rule `floor` and is folded; other rules may
    choose another scale for the rounded values.

    Verifier rules:
    1. `scale_map` has one dimension per dimension of `input` and no symbols.
    2. Its results are `0`, `d` or `d floordiv c`, each `d` at most once, c > 0.
    3. `elements` has the shape of `input`.
    4. `scales` has one dimension per result, of extent 1 for `0`, that of `d`
       for `d` and ceildiv(extent, c) for `d floordiv c`.
    5. `rule` is present exactly if the scale type is f8E8M0FNU, and is defined
       for the element type; so is `special`.
    6. `global` is present exactly if the scale type is f8E4M3FN, and the
       element type is then f4E2M1FN.
    7. `fraction_bits` is 6 and present exactly if the element type is i8.
    8. On tensors there is one result per destination, of its type; on memrefs
       there is none.

    Example:

    ```mlir
    %q, %s = mx.quantize scale_map = affine_map<(m, k) -> (m, k floordiv 32)>
        rule = floor
        ins(%x : tensor<64x256xf32>)
        outs(%q0, %s0 : tensor<64x256xf8E4M3FN>, tensor<64x8xf8E8M0FNU>)
        -> tensor<64x256xf8E4M3FN>, tensor<64x8xf8E8M0FNU>
    ```
  }];
  let arguments = (ins
    MX_Shaped<MX_WideFloat>:$input,
    Optional<MX_Shaped<F32>>:$global_scale,
    MX_Shaped<MX_Element>:$elements,
    MX_Shaped<MX_Scale>:$scales,
    AffineMapAttr:$scale_map,
    OptionalAttr<MX_ScaleRuleAttr>:$rule,
    DefaultValuedAttr<MX_SpecialPolicyAttr, "SpecialPolicy::Default">:$special,
    OptionalAttr<I64Attr>:$fraction_bits);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    `scale_map` `=` $scale_map (`rule` `=` `` $rule^)? (`special` `=` `` $special^)?
    (`fraction_bits` `=` $fraction_bits^)? attr-dict
    `ins` `(` $input (`global` $global_scale^)? `:`
              type($input) (`,` type($global_scale)^)? `)`
    `outs` `(` $elements `,` $scales `:` type($elements) `,` type($scales) `)`
    (`->` type($results)^)?
  }];
  let extraClassDeclaration = [{
    /// The destinations are the elements and, after them, the scales.
    ::mlir::MutableOperandRange getDpsInitsMutable() {
      return ::mlir::MutableOperandRange(*this, getNumOperands() - 2, 2);
    }
    /// The block's extent along each dimension of `input`: 1, c, or kDynamic
    /// where the block spans a dimension of dynamic extent.
    ::llvm::SmallVector<int64_t> getBlockShape();
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
}

def MX_DequantizeOp : MX_StructuredOp<"dequantize"> {
  let summary = "Multiply narrow elements by their scales";
  let description = [{
    output = elements * scale, for every scale in listed order, in f32: the
    exponents of f8E8M0FNU scales are added as integers and applied once, other
    scales multiply with each other first, each product rounded to f32. A scale
    byte of 255 gives NaN. The result is rounded once to the output's type.

    Each scale has a map as in `mx.quantize`.

    Verifier rules:
    1. There is one map per scale, with one dimension per dimension of
       `elements` and no symbols.
    2. A map's results are `0`, `d` or `d floordiv c`, each `d` at most once,
       c > 0.
    3. `output` has the shape of `elements`.
    4. A scale has one dimension per result of its map, of extent 1 for `0`,
       that of `d` for `d` and ceildiv(extent, c) for `d floordiv c`.
    5. `fraction_bits` is 6 and is present only if the element type is i8;
       without it an i8 is a plain integer.
    6. On tensors the result has the type of `output`; on memrefs there is none.

    Example:

    ```mlir
    %y = mx.dequantize
        scale_maps = [affine_map<(m, k) -> (m, k floordiv 32)>]
        ins(%q scaled %s : tensor<64x256xf8E4M3FN>, tensor<64x8xf8E8M0FNU>)
        outs(%y0 : tensor<64x256xf32>) -> tensor<64x256xf32>
    ```
  }];
  let arguments = (ins
    MX_Shaped<MX_Element>:$elements,
    Variadic<MX_Shaped<MX_Scale>>:$scales,
    MX_Shaped<MX_WideFloat>:$output,
    AffineMapArrayAttr:$scale_maps,
    OptionalAttr<I64Attr>:$fraction_bits);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    `scale_maps` `=` $scale_maps (`fraction_bits` `=` $fraction_bits^)?
    attr-dict
    `ins` `(` $elements (`scaled` $scales^)? `:`
              type($elements) (`,` type($scales)^)? `)`
    `outs` `(` $output `:` type($output) `)` (`->` type($results)^)?
  }];
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() {
      return getOutputMutable();
    }
    ::llvm::SmallVector<::mlir::AffineMap> getScaleMapsArray();
  }];
  let hasVerifier = 1;
}

def MX_ContractOp : MX_StructuredOp<"contract", [
    AttrSizedOperandSegments, IndexingMapOpInterface]> {
  let summary = "Contract two operands, each with any number of scales";
  let description = [{
    init += sum over the contracted dimensions of (lhs * its scales) *
    (rhs * its scales). The indexing maps stand in the order of the operands:
    lhs, its scales, rhs, its scales, compensation, init. Dimensions in the init's map are
    parallel, all others are contracted. An operand without scales is taken as
    it is (weight-only quantization); any number of scales is allowed.

    Meaning: products of elements are summed in f32; a block's sum is
    multiplied by the product of its scales and accumulated in f32. f8E8M0FNU
    exponents are added as integers over both sides, and a byte of 255 in any of
    them gives NaN; an operand's other scales multiply in listed order, each
    product rounded to f32. f16 and bf16 inits are extended before and rounded
    once after. The order of a sum is free, and so is moving a scale over a sum
    on which it is constant.

    Tiles hold whole blocks or divide one. Contracted dimensions can only be tiled
    with an f32 init: f16 and bf16 would be rounded once per tile.

    Element maps hold dimensions and, for convolutions, sums of dimensions with
    positive strides, `2 * y + i`. A packed operand has its inner tile as inner
    dimensions, `(m, ko, ki)`, where a block of scales spans whole inner tiles.

    Verifier rules:
    1. There is one map per operand; all have the same dimensions, no symbols.
    2. lhs and rhs maps hold dimensions and sums of `stride * d` (but see rule
       9), each dimension once; the init's map holds each dimension at most once
       and nothing else; every dimension occurs alone in the map of lhs, rhs or
       init.
    3. A scale map's results are `0`, `d floordiv c` with c > 0, or a result of
       its operand's element map; its dimensions are used by that map.
    4. Every operand's extents agree with the extents of the dimensions: equal
       for `d`, ceildiv(extent, c) for `d floordiv c`, 1 for `0`, and at least
       sum(stride * (extent - 1)) + 1 for a window.
    5. Along a contracted dimension, the block sizes of all scales divide each
       other.
    6. A scale that is blocked along a parallel dimension and has one value per
       index of a contracted one is blocked along another contracted one of its
       operand, or constant along it (an inner tile): otherwise it was made
       along another axis than the contraction.
    7. `lhs_fraction_bits` (`rhs_fraction_bits`) divides elements by two to its
       power. It is 6 if the operand is i8, which without it is a plain integer,
       as an i16 is, and from 1 to 15 if it is a float of at most 8 bits or the
       code of one; it is present for no others.
    8. `lhs_zero_point` (`rhs_zero_point`) is from 1 to 255 and present only if
       the operand is i8 without fraction bits: its elements are the codes as
       unsigned integers, less the zero point. `compensation` is present only if
       one operand has a zero point, and its map holds dimensions of the other
       one: minus the zero point times the sums of that one's elements over its
       other dimensions. It follows from the operands; with it, tiles of them can
       multiply codes. If it is of i16, that has to hold it and the sums of every
       other pair of products of codes over these dimensions, which nothing checks.
    9. `lhs_codes` (`rhs_codes`) is a float of less than 8 bits and present only
       if the operand is i8 without a zero point: its elements are the low bits
       of a byte. Of an f4E2M1FN of a tile (`mx.register_tile`) the last result
       of the map may be `d floordiv 2`: a byte holds two then, that of an even
       index of d in its low half.
    10. `lhs_ordinary_scales` (`rhs_ordinary_scales`) is present only if the operand
        has f8E8M0FNU scales: all are from 2^-40 to 2^40, which nothing checks, so
        that no program has to find out whether they can be multiplied into
        elements. See mx-mark-ordinary-scales.
    11. On tensors the result has the type of `init`; on memrefs there is none.

    Example:

    ```mlir
    %d = mx.contract indexing_maps = [
          affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (m, k floordiv 32)>,
          affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (n, k floordiv 32)>,
          affine_map<(m, n, k) -> (m, n)>]
        lhs(%a scaled %as : tensor<64x256xf8E4M3FN>, tensor<64x8xf8E8M0FNU>)
        rhs(%b scaled %bs : tensor<128x256xf8E4M3FN>, tensor<128x8xf8E8M0FNU>)
        outs(%c : tensor<64x128xf32>) -> tensor<64x128xf32>
    ```
  }];
  let arguments = (ins
    MX_Shaped<MX_Factor>:$lhs,
    Variadic<MX_Shaped<MX_Scale>>:$lhs_scales,
    MX_Shaped<MX_Factor>:$rhs,
    Variadic<MX_Shaped<MX_Scale>>:$rhs_scales,
    Optional<MX_Shaped<AnyTypeOf<[I16, I32]>>>:$compensation,
    MX_Shaped<MX_WideFloat>:$init,
    AffineMapArrayAttr:$indexing_maps,
    OptionalAttr<I64Attr>:$lhs_fraction_bits,
    OptionalAttr<I64Attr>:$rhs_fraction_bits,
    OptionalAttr<I64Attr>:$lhs_zero_point,
    OptionalAttr<I64Attr>:$rhs_zero_point,
    OptionalAttr<TypeAttr>:$lhs_codes,
    OptionalAttr<TypeAttr>:$rhs_codes,
    UnitAttr:$lhs_ordinary_scales,
    UnitAttr:$rhs_ordinary_scales);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    `indexing_maps` `=` $indexing_maps attr-dict
    `lhs` `(` $lhs (`scaled` $lhs_scales^)? `:`
              type($lhs) (`,` type($lhs_scales)^)? `)`
    `rhs` `(` $rhs (`scaled` $rhs_scales^)? `:`
              type($rhs) (`,` type($rhs_scales)^)? `)`
    (`compensated` `(` $compensation^ `:` type($compensation) `)`)?
    `outs` `(` $init `:` type($init) `)` (`->` type($results)^)?
  }];
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() {
      return getInitMutable();
    }
    ::llvm::SmallVector<::mlir::utils::IteratorType> getIteratorTypes();
    ::mlir::AffineMap getLhsMap();
    ::mlir::AffineMap getRhsMap();
    ::mlir::AffineMap getInitMap();
    ::llvm::SmallVector<::mlir::AffineMap> getLhsScaleMaps();
    ::llvm::SmallVector<::mlir::AffineMap> getRhsScaleMaps();
    /// Of the compensation, which there must be.
    ::mlir::AffineMap getCompensationMap();
    /// What the elements of lhs or rhs stand for.
    ElementMeaning getElementMeaning(bool isLhs);
    /// As getTiledImplementation, but also for a part of a contracted dimension
    /// with an init that is not f32: the caller owes one rounding at the end.
    ::mlir::FailureOr<::mlir::TilingResult>
    getTile(::mlir::OpBuilder &b, ::llvm::ArrayRef<::mlir::OpFoldResult> offsets,
            ::llvm::ArrayRef<::mlir::OpFoldResult> sizes);
    /// The default methods of IndexingMapOpInterface call this.
    ::llvm::ArrayRef<int64_t> getShape(::mlir::OpOperand *operand) {
      return ::llvm::cast<::mlir::ShapedType>(operand->get().getType())
          .getShape();
    }
  }];
  let hasVerifier = 1;
}

#endif // MX_IR_MXOPS_TD
