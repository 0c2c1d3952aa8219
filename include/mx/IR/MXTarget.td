// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// What passes ask about the machine that a program is compiled for.
#ifndef MX_IR_MXTARGET_TD
#define MX_IR_MXTARGET_TD

include "mlir/IR/AttrTypeBase.td"
include "mx/IR/MXDialect.td"

def MX_TargetAttr : AttrDef<MX_Dialect, "Target"> {
  let mnemonic = "target";
  let summary = "A description of the machine that a program is compiled for";
  let description = [{
    Stands on a module as `mx.target`. Passes ask this description and nothing
    else: none knows a machine by its name.

    - `vector_bits`: the width of a vector register; f32 lanes are a 32nd of it.
    - `vector_registers`: how many there are.
    - `caches`: sizes in bytes of a core's data caches, from the first level on.

    Example: a CPU with AVX2, 32 KiB and 512 KiB of caches.

    ```mlir
    module attributes {mx.target = #mx.target<vector_bits = 256,
        vector_registers = 16, caches = [32768, 524288]>} {}
    ```
  }];
  let parameters = (ins
    "int64_t":$vector_bits,
    "int64_t":$vector_registers,
    ArrayRefParameter<"int64_t">:$caches);
  let assemblyFormat = [{
    `<` `vector_bits` `=` $vector_bits `,`
        `vector_registers` `=` $vector_registers `,`
        `caches` `=` `[` $caches `]` `>`
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
    /// How many rows of `columns` f32 fit half of a cache: one panel of a
    /// factor. The cache is that of index `level`, or the last.
    int64_t getPanelRows(int64_t columns, size_t level) const;
  }];
}

#endif // MX_IR_MXTARGET_TD
