// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "RuntimeCalls.h"
#include "mx/IR/MX.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::mx;

mx_element mlir::mx::getRuntimeElement(Type type) {
  if (isa<Float8E4M3FNType>(type))
    return MX_E4M3;
  if (isa<Float8E5M2Type>(type))
    return MX_E5M2;
  if (isa<Float6E2M3FNType>(type))
    return MX_E2M3;
  if (isa<Float6E3M2FNType>(type))
    return MX_E3M2;
  if (isa<Float4E2M1FNType>(type))
    return MX_E2M1;
  return MX_MXINT8;
}

func::CallOp mlir::mx::callRuntime(OpBuilder &b, Location loc, ModuleOp module,
                                   StringRef name, ValueRange arguments,
                                   TypeRange results) {
  std::string symbol = ("mx_accelerator_" + name).str();
  if (!module.lookupSymbol(symbol)) {
    OpBuilder atStart = OpBuilder::atBlockBegin(module.getBody());
    func::FuncOp::create(atStart, module.getLoc(), symbol,
                         b.getFunctionType(arguments.getTypes(), results))
        .setPrivate();
  }
  return func::CallOp::create(b, loc, symbol, results, arguments);
}

Value RuntimeCalls::getAddress(unsigned argument, bool isStored) {
  Value memory = function.getArgument(argument);
  auto type = cast<ShapedType>(memory.getType());
  // The call has the tensor's value; no one else sees this function's pointers.
  if (isa<RankedTensorType>(type))
    memory = bufferization::ToBufferOp::create(
        b, MemRefType::get(type.getShape(), type.getElementType()), memory,
        /*read_only=*/true);
  Value address = memref::ExtractAlignedPointerAsIndexOp::create(b, memory);
  if (!isStored)
    return address;
  int64_t bytes = type.getNumElements() * type.getElementTypeBitWidth() / 8;
  return call("place", {address, index(bytes)}, b.getIndexType()).getResult(0);
}
