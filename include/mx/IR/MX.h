// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The mx dialect: block-scaled tensors and the ops on them.
#ifndef MX_IR_MX_H
#define MX_IR_MX_H

#include "mx/IR/ElementMeaning.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Linalg/IR/LinalgInterfaces.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/IndexingMapOpInterface.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/TilingInterface.h"

#include "mx/IR/MXDialect.h.inc"
#include "mx/IR/MXEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "mx/IR/MXAttrs.h.inc"

#define GET_OP_CLASSES
#include "mx/IR/MXOps.h.inc"

namespace mlir::mx {

/// Fraction bits of MX INT8 elements: code / 2^6 (OCP MX v1.0 section 5.3.4).
constexpr int64_t kInt8FractionBits = 6;

/// On an mx.contract of f32: a tile of a result that fits registers.
constexpr llvm::StringLiteral kRegisterTileAttr("mx.register_tile");

/// Registers the implementations of BufferizableOpInterface.
void registerBufferizableOpInterfaceExternalModels(DialectRegistry &registry);

/// Registers the implementations of RuntimeVerifiableOpInterface.
void registerRuntimeVerifiableOpInterfaceExternalModels(
    DialectRegistry &registry);

} // namespace mlir::mx

#endif // MX_IR_MX_H
