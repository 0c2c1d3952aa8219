// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// What passes ask about an accelerator beside the CPU.
#ifndef MX_IR_MXACCELERATOR_TD
#define MX_IR_MXACCELERATOR_TD

include "mlir/IR/AttrTypeBase.td"
include "mx/IR/MXDialect.td"
include "mx/IR/MXEnums.td"
include "mx/IR/MXScaleLayoutOps.td"

def MX_MMAAttr : AttrDef<MX_Dialect, "MMA"> {
  let mnemonic = "mma";
  let summary = "An operation of an accelerator on one tile";
  let description = [{
    A tile of `rows` x `columns` f32 in an accumulator gains the product of a tile
    of `rows` x `depth` elements and one of `columns` x `depth`, each with a scale
    for every `block` elements along the depth.

    - `elements`: what elements may be, on either side; i8 is MX INT8.
    - `container`: how codes of 4 and 6 bits lie in a tile's bytes, row by row:
      `dense` or one per `byte`.
    - `scale`: the type of scales, f8E8M0FNU or f8E4M3FN.
    - `order`: the place of the scale of row r and block c in a tile's scales. A
      dimension's last digit ends with the tile.
    - `cycles`: the time that it takes.

    Example: 512 products per cycle; scales of rows that are 4 apart lie together.

    ```mlir
    #mx.mma<rows = 16, columns = 16, depth = 32,
            elements = [f8E4M3FN, f8E5M2], container = byte,
            scale = f8E8M0FNU, block = 32,
            order = <(r, c) -> (r mod 4, r floordiv 4, c), pad = 127,
                     container = i8>,
            cycles = 16>
    ```
  }];
  let parameters = (ins
    "int64_t":$rows, "int64_t":$columns, "int64_t":$depth,
    ArrayRefParameter<"::mlir::Type">:$elements,
    EnumParameter<MX_Container>:$container,
    "::mlir::Type":$scale, "int64_t":$block,
    "::mlir::mx::ScaleLayoutAttr":$order, "int64_t":$cycles);
  let assemblyFormat = [{
    `<` `rows` `=` $rows `,` `columns` `=` $columns `,` `depth` `=` $depth `,`
        `elements` `=` `[` $elements `]` `,` `container` `=` $container `,`
        `scale` `=` $scale `,` `block` `=` $block `,` `order` `=` $order `,`
        `cycles` `=` $cycles `>`
  }];
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// The bytes of a tile of `count` rows or columns of `element`.
    int64_t getTileBytes(int64_t count, ::mlir::Type element) const;
    /// The bytes of its scales.
    int64_t getScaleBytes(int64_t count) const {
      return count * (getDepth() / getBlock());
    }
    /// The order of all scales of (batch, row, block): those of a tile of `count`
    /// rows or columns together, tiles row by row.
    ScaleLayoutAttr getTensorOrder(int64_t count) const;
  }];
}

def MX_AcceleratorAttr : AttrDef<MX_Dialect, "Accelerator"> {
  let mnemonic = "accelerator";
  let summary = "A description of an accelerator beside the CPU";
  let description = [{
    Stands on a module as `mx.accelerator`. mx-offload asks this description and
    nothing else. What an accelerator does is behind the functions of
    include/mx-c/Runtime.h: it copies from the host's memory to its own and from
    its accumulators back, and multiplies tiles, on two queues that run at the
    same time.

    - `memory`: bytes of its memory for operands, at addresses from 0 on.
    - `alignment`: what addresses there are multiples of, a power of two.
    - `accumulators`: how many tiles of results it holds, in f32.
    - `bandwidth`: bytes that it copies in a cycle.
    - `latency`: cycles from the start of a copy to its first byte.
    - `storage`: bytes of a second memory, in which constants stay; none if absent.
    - `quantize`: rules (of mx.quantize) by which it quantizes f32 to elements of
      its mmas with scales of f8E8M0FNU as it copies them; none if absent.
    - `host`: how many f32 the CPU quantizes in a cycle of the accelerator's. It
      decides who does it: f32 is four times as many bytes to copy.
    - `mmas`: what it does with tiles. Of those that can do a contraction, the one
      is taken that needs the least cycles, by bandwidth, latency and cycles; the
      first of equals.

    Example:

    ```mlir
    module attributes {mx.accelerator = #mx.accelerator<
        memory = 262144, alignment = 16, accumulators = 128,
        bandwidth = 16, latency = 200, mmas = [#mx.mma<...>]>} {}
    ```
  }];
  let parameters = (ins
    "int64_t":$memory, "int64_t":$alignment, "int64_t":$accumulators,
    "int64_t":$bandwidth, "int64_t":$latency,
    DefaultValuedParameter<"int64_t", "0">:$storage,
    OptionalArrayRefParameter<"::mlir::mx::ScaleRule">:$quantize,
    DefaultValuedParameter<"int64_t", "1">:$host,
    ArrayRefParameter<"::mlir::mx::MMAAttr">:$mmas);
  let assemblyFormat = [{
    `<` `memory` `=` $memory `,` `alignment` `=` $alignment `,`
        `accumulators` `=` $accumulators `,` `bandwidth` `=` $bandwidth `,`
        `latency` `=` $latency `,` (`storage` `=` $storage^ `,`)?
        (`quantize` `=` `[` $quantize^ `]` `,`)? (`host` `=` $host^ `,`)? `mmas` `=` `[` $mmas `]` `>`
  }];
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// The attribute's name on a module.
    static constexpr ::llvm::StringLiteral kName = "mx.accelerator";
    /// On a module: where the contractions that were given away are, as text.
    static constexpr ::llvm::StringLiteral kPlaces = "mx.accelerator_places";
  }];
}

#endif // MX_IR_MXACCELERATOR_TD
