// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// What passes ask about the machine that a program is compiled for.
#ifndef MX_IR_MXTARGET_TD
#define MX_IR_MXTARGET_TD

include "mlir/IR/AttrTypeBase.td"
include "mx/IR/MXDialect.td"

def MX_DotAttr : AttrDef<MX_Dialect, "Dot"> {
  let mnemonic = "dot";
  let summary = "An instruction that adds up products of narrow elements";
  let description = [{
    Each lane of the sum gains the products of `length` elements of `lhs` and of
    `rhs`, which fill it. Floats are bf16: of a pair the second product is added
    first, each with one rounding, and subnormals may be flushed. Sums of i32 do
    not saturate; those of i16 may, and programs see to it that they do not.
    `intrinsic` names LLVM's intrinsic, whose arguments are vectors of the sum, of
    lhs and of rhs, each as wide as the target's. Of a pair of integers it takes
    lhs and rhs alone, and gives the sum of their products.

    Example: x86's vpdpbusd, and what is in its place with AVX2, pmaddubsw and
    pmaddwd.

    ```mlir
    #mx.dot<lhs = ui8, rhs = i8, sum = i32, length = 4,
            intrinsic = "llvm.x86.avx512.vpdpbusd.512">
    #mx.dot<lhs = ui8, rhs = i8, sum = i16, length = 2,
            intrinsic = "llvm.x86.avx2.pmadd.ub.sw">
    #mx.dot<lhs = i16, rhs = i16, sum = i32, length = 2,
            intrinsic = "llvm.x86.avx2.pmadd.wd">
    ```
  }];
  let parameters = (ins "::mlir::Type":$lhs, "::mlir::Type":$rhs,
                        "::mlir::Type":$sum, "int64_t":$length,
                        StringRefParameter<>:$intrinsic);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Whether the intrinsic adds to a sum that it takes.
    bool accumulates() const {
      return ::llvm::isa<::mlir::FloatType>(getSum()) || getLength() > 2;
    }
  }];
}

def MX_TargetAttr : AttrDef<MX_Dialect, "Target"> {
  let mnemonic = "target";
  let summary = "A description of the machine that a program is compiled for";
  let description = [{
    Stands on a module as `mx.target`. Passes ask this description and nothing
    else: none knows a machine by its name.

    - `vector_bits`: the width of a vector register, up to 2048; f32 lanes are a
      32nd of it.
    - `vector_registers`: how many a register tile and what is added to it may take,
      8 to 64.
    - `extends`: floats of 16 bits whose vectors an instruction extends to f32; none
      if left out.
    - `prefetch`: bytes that a program asks for ahead of where it reads codes of a
      panel from memory, or those of the next columns where it reads several; left
      out, the machine does so well enough by itself.
    - `caches`: sizes in bytes of a core's data caches, from the first level on.
    - `permute`: LLVM's intrinsic that takes a vector of f32 and one of i32 and
      gives for each of the i32, modulo the number of lanes, the f32 at this
      place; left out, there is none.
    - `shuffle`: LLVM's intrinsic that takes two vectors of bytes and gives for each
      byte of the second, which is below 16, the byte of the first that has this
      place among the 16 bytes that it lies in, for vectors of 128 to 512 bits; left
      out, there is none.
    - `dots`: instructions for products of narrow elements, the fastest first; none
      if left out. Those of floats are faster than f32 multiply-adds. Beside one
      with sums of i16 there is one for pairs of i16, which adds these up.

    Example: a CPU with AVX2 and F16C, 32 KiB and 512 KiB of caches.

    ```mlir
    module attributes {mx.target = #mx.target<vector_bits = 256,
        vector_registers = 16, extends = [f16], caches = [32768, 524288]>} {}
    ```
  }];
  let parameters = (ins
    "int64_t":$vector_bits,
    "int64_t":$vector_registers,
    OptionalArrayRefParameter<"::mlir::Type">:$extends,
    ArrayRefParameter<"int64_t">:$caches,
    DefaultValuedParameter<"int64_t", "0">:$prefetch,
    StringRefParameter<"", [{""}]>:$permute,
    StringRefParameter<"", [{""}]>:$shuffle,
    OptionalArrayRefParameter<"::mlir::mx::DotAttr">:$dots);
  let assemblyFormat = [{
    `<` `vector_bits` `=` $vector_bits `,`
        `vector_registers` `=` $vector_registers `,`
        (`extends` `=` `[` $extends^ `]` `,`)?
        (`prefetch` `=` $prefetch^ `,`)?
        (`permute` `=` $permute^ `,`)?
        (`shuffle` `=` $shuffle^ `,`)?
        `caches` `=` custom<Sizes>($caches)
        (`,` `dots` `=` `[` $dots^ `]`)? `>`
  }];
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// The attribute's name on a module.
    static constexpr ::llvm::StringLiteral kName = "mx.target";
    /// The description on the module around `op`, or a modest machine: 128 bits,
    /// 16 registers, 32 KiB and 256 KiB of cache.
    static TargetAttr get(::mlir::Operation *op);
    /// Vector lanes of f32.
    int64_t getLanes() const { return getVectorBits() / 32; }
    /// Rows and columns of the tile of a result that stays in registers while
    /// products are added to it.
    std::pair<int64_t, int64_t> getRegisterTile() const;
    /// What a tile's loop holds in registers beside its sums: a row and an
    /// element of the factors; an address of every row, too, or what decodes the
    /// other factor's row; or as many totals.
    enum class Beside { Factors, Addresses, Decoding, Totals };
    /// The rows of such a tile.
    int64_t getTileRows(Beside beside) const;
    /// The first dot of bytes with sums of i32 or of i16, of pairs of i16, or of
    /// floats; or null.
    DotAttr getIntegerDot() const { return getDot(/*bits=*/8, /*sumBits=*/32); }
    DotAttr getShortDot() const { return getDot(/*bits=*/8, /*sumBits=*/16); }
    DotAttr getPairDot() const { return getDot(/*bits=*/16, /*sumBits=*/32); }
    DotAttr getFloatDot() const {
      return getDot(/*bits=*/16, /*sumBits=*/32, /*isFloat=*/true);
    }
    DotAttr getDot(unsigned bits, unsigned sumBits, bool isFloat = false) const;
    /// Whether an instruction extends vectors of `type` to f32.
    bool extendsToF32(::mlir::Type type) const {
      return ::llvm::is_contained(getExtends(), type);
    }
    /// How many rows of `columns` f32 fit half of a cache: one panel of a
    /// factor. The cache is that of index `level`, or the last.
    int64_t getPanelRows(int64_t columns, size_t level) const;
  }];
}

#endif // MX_IR_MXTARGET_TD
