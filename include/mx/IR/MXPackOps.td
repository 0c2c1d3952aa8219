// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The bridge between tensors of f4 and f6 elements and bytes.
#ifndef MX_IR_MXPACKOPS_TD
#define MX_IR_MXPACKOPS_TD

include "mx/IR/MXBase.td"

def MX_SubByteTensor : RankedTensorOf<[F6E3M2FN, F6E2M3FN, F4E2M1FN]>;
def MX_ByteTensor : RankedTensorOf<[I8]>;

class MX_PackOp<string mnemonic> : Op<MX_Dialect, mnemonic, [
    Pure,
    DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface,
                              ["reifyResultShapes"]>,
    DeclareOpInterfaceMethods<AggregatedOpInterface, ["decomposeOperation"]>]> {
  let hasVerifier = 1;
  let hasFolder = 1;
}

def MX_PackElementsOp : MX_PackOp<"pack_elements"> {
  let summary = "Store f4 or f6 elements in bytes";
  let description = [{
    Writes the codes of the innermost dimension, of extent n, into bytes; the
    other dimensions stay. Containers:

    - `dense`: f4E2M1FN, two codes in a byte, element 2i in the low nibble, so
      ceildiv(n, 2) bytes; f6, four codes in three bytes, the first in the lowest
      bits, so 3 * ceildiv(n, 4) bytes. A last group that is not full is filled
      with zero bits.
    - `byte`: one code in the low bits of each byte, the others zero, n bytes.

    This op and `mx.unpack_elements` are the only bridge between f4 and f6
    tensors and bytes.

    Verifier rules:
    1. `elements` and `packed` have the same rank, at least 1.
    2. They agree in all extents but the innermost.
    3. The innermost extent of `packed` is the number of bytes given above.

    Example:

    ```mlir
    %p = mx.pack_elements container = dense %x
        : tensor<3x5xf4E2M1FN> -> tensor<3x3xi8>
    ```
  }];
  let arguments = (ins MX_SubByteTensor:$elements, MX_ContainerAttr:$container);
  let results = (outs MX_ByteTensor:$packed);
  let assemblyFormat = [{
    `container` `=` `` $container $elements attr-dict
    `:` type($elements) `->` type($packed)
  }];
}

def MX_UnpackElementsOp : MX_PackOp<"unpack_elements"> {
  let summary = "Read f4 or f6 elements from bytes";
  let description = [{
    The inverse of `mx.pack_elements`: the first n codes of each row of bytes,
    whatever the remaining bits are. n is the innermost extent of the result's
    type, or the operand `extent` where that is dynamic.

    A constant operand is folded only where the result is a splat: elements
    that are constants take more memory than their bytes.

    Verifier rules:
    1. `packed` and `elements` have the same rank, at least 1.
    2. They agree in all extents but the innermost.
    3. The innermost extent of `packed` is the number of bytes that
       `mx.pack_elements` gives for the innermost extent of `elements`.
    4. `extent` is present exactly if the innermost extent of `elements` is
       dynamic.

    Example:

    ```mlir
    %x = mx.unpack_elements container = dense %p
        : tensor<3x3xi8> -> tensor<3x5xf4E2M1FN>
    ```
  }];
  let arguments = (ins MX_ByteTensor:$packed, Optional<Index>:$extent,
                       MX_ContainerAttr:$container);
  let results = (outs MX_SubByteTensor:$elements);
  let assemblyFormat = [{
    `container` `=` `` $container $packed (`extent` $extent^)? attr-dict
    `:` type($packed) `->` type($elements)
  }];
}

#endif // MX_IR_MXPACKOPS_TD
