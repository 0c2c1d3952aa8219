// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The bridge between scales in logical order and a target's physical order.
#ifndef MX_IR_MXSCALELAYOUTOPS_TD
#define MX_IR_MXSCALELAYOUTOPS_TD

include "mlir/IR/AttrTypeBase.td"
include "mx/IR/MXBase.td"

def MX_ScaleLayoutAttr : AttrDef<MX_Dialect, "ScaleLayout"> {
  let mnemonic = "scale_layout";
  let summary = "A target's physical order of scales";
  let description = [{
    `map` takes an index of the scales, which may be padded, to one of the packed
    tensor. Its results are sums of digits of the index, `d`, `d mod e`,
    `d floordiv c` and `(d floordiv c) mod e`, with strides. The map is a
    bijection from the padded box onto the packed tensor, which holds if

    1. the digits of each dimension form a mixed radix system: one has the divisor
       1, each next one begins where the last one ends, the last is unbounded;
    2. so do the strides of each result.

    A dimension is padded to a multiple of the divisor of its last digit or,
    where given, of its entry in `multiples`, which is a multiple of that
    divisor. Padding has the byte `pad`.

    The container is i8, one scale in each, or i32, four in each, the first in the
    lowest byte. With i32 the last result of `map`, of extent 4, is the position
    of the byte and no dimension of the packed tensor.

    Example, cuBLAS's and tcgen05's order: tiles of 128 rows and 4 scales along
    the contracted dimension.

    ```mlir
    #mx.scale_layout<(r, c) -> (r floordiv 128, c floordiv 4, r mod 32,
                                (r floordiv 32) mod 4, c mod 4),
                     pad = 0, container = i8>
    ```
  }];
  let parameters = (ins
    "::mlir::AffineMap":$map,
    "int64_t":$pad,
    "::mlir::IntegerType":$container,
    OptionalArrayRefParameter<"int64_t">:$multiples);
  let assemblyFormat = [{
    `<` $map `,` `pad` `=` $pad `,` `container` `=` $container
    (`,` `multiples` `=` `[` $multiples^ `]`)? `>`
  }];
  let genVerifyDecl = 1;
}

def MX_PackableScaleTensor : RankedTensorOf<[F8E8M0FNU, F8E4M3FN]>;
def MX_PackedScaleTensor : RankedTensorOf<[I8, I32]>;

class MX_ScaleLayoutOp<string mnemonic> : Op<MX_Dialect, mnemonic, [
    Pure,
    DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface,
                              ["reifyResultShapes"]>,
    DeclareOpInterfaceMethods<AggregatedOpInterface, ["decomposeOperation"]>]> {
  let hasVerifier = 1;
  let hasFolder = 1;
}

def MX_PackScalesOp : MX_ScaleLayoutOp<"pack_scales"> {
  let summary = "Bring scales into a target's physical order";
  let description = [{
    Writes the byte of each scale to the place that `layout` gives for its index,
    and the pad byte to all others. Packed scales are told from linear ones by
    this op and its attribute, never by a shape, and mx ops never take them.

    Verifier rules:
    1. The layout's map has one dimension per dimension of `scales`.
    2. `packed` has the layout's container as its element type.
    3. `packed` has the rank and the extents that the layout gives for those of
       `scales`.

    Example:

    ```mlir
    %p = mx.pack_scales
        layout = <(r, c) -> (r floordiv 128, c floordiv 4, r mod 32, (r floordiv 32) mod 4, c mod 4), pad = 0, container = i8>
        %s : tensor<200x10xf8E8M0FNU> -> tensor<2x3x32x4x4xi8>
    ```
  }];
  let arguments = (ins MX_PackableScaleTensor:$scales,
                       MX_ScaleLayoutAttr:$layout);
  let results = (outs MX_PackedScaleTensor:$packed);
  let assemblyFormat = [{
    `layout` `=` $layout $scales attr-dict `:` type($scales) `->` type($packed)
  }];
}

def MX_UnpackScalesOp : MX_ScaleLayoutOp<"unpack_scales"> {
  let summary = "Bring scales from a target's physical into logical order";
  let description = [{
    The inverse of `mx.pack_scales`: the scales at the places that `layout` gives
    for the indices of the result; padding is dropped. `sizes` are the result's
    dynamic extents.

    Verifier rules:
    1. The layout's map has one dimension per dimension of `scales`.
    2. `packed` has the layout's container as its element type.
    3. `packed` has the rank and the extents that the layout gives for those of
       `scales`.
    4. There is one size per dynamic dimension of `scales`.

    Example:

    ```mlir
    %s = mx.unpack_scales
        layout = <(r, c) -> (r floordiv 128, c floordiv 4, r mod 32, (r floordiv 32) mod 4, c mod 4), pad = 0, container = i8>
        %p sizes(%rows) : tensor<?x3x32x4x4xi8> -> tensor<?x10xf8E8M0FNU>
    ```
  }];
  let arguments = (ins MX_PackedScaleTensor:$packed, Variadic<Index>:$sizes,
                       MX_ScaleLayoutAttr:$layout);
  let results = (outs MX_PackableScaleTensor:$scales);
  let assemblyFormat = [{
    `layout` `=` $layout $packed (`sizes` `(` $sizes^ `)`)? attr-dict
    `:` type($packed) `->` type($scales)
  }];
}

#endif // MX_IR_MXSCALELAYOUTOPS_TD
