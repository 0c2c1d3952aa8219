// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// What the ops share: operand types, interfaces, accessors.
#ifndef MX_IR_MXBASE_TD
#define MX_IR_MXBASE_TD

include "mlir/Dialect/Linalg/IR/LinalgInterfaces.td"
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"
include "mlir/Interfaces/IndexingMapOpInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/Interfaces/TilingInterface.td"
include "mx/IR/MXDialect.td"
include "mx/IR/MXEnums.td"

def MX_WideFloat : AnyTypeOf<[F32, F16, BF16], "f32, f16 or bf16">;
def MX_Element : AnyTypeOf<[F8E4M3FN, F8E5M2, F6E3M2FN, F6E2M3FN, F4E2M1FN, I8],
    "an element type: f8E4M3FN, f8E5M2, f6E3M2FN, f6E2M3FN, f4E2M1FN or i8">;
def MX_Scale : AnyTypeOf<[F8E8M0FNU, F8E4M3FN, F32],
    "a scale type: f8E8M0FNU, f8E4M3FN or f32">;
def MX_Factor : AnyTypeOf<[MX_Element, I16, MX_WideFloat],
    "an element type or i16, f32, f16, bf16">;

class MX_Shaped<Type element>
    : AnyTypeOf<[RankedTensorOf<[element]>, MemRefOf<[element]>],
                "ranked tensor or memref of " # element.summary>;

/// A structured op on tensors (or memrefs, after bufferization): destination
/// style, tileable, bufferizable, with a decomposition that is its meaning.
class MX_StructuredOp<string mnemonic, list<Trait> traits = []>
    : Op<MX_Dialect, mnemonic, !listconcat(traits, [
        DestinationStyleOpInterface,
        DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
        DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface,
                                  ["reifyResultShapes"]>,
        DeclareOpInterfaceMethods<AggregatedOpInterface, ["decomposeOperation"]>,
        DeclareOpInterfaceMethods<TilingInterface,
          ["getLoopIteratorTypes", "getIterationDomain",
           "getTiledImplementation", "getResultTilePosition",
           "generateResultTileValue",
           "getIterationDomainTileFromResultTile"]>])>;

#endif // MX_IR_MXBASE_TD
