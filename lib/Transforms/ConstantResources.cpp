// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/ConstantResources.h"
#include "mx/IR/PackElements.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::mx;

/// Larger constants are resources: these can be freed, and leave the module
/// before it becomes LLVM IR.
constexpr size_t kResourceBytes = 4096;

static void
forEachResource(Operation *op,
                function_ref<void(DenseResourceElementsHandle)> visit) {
  op->getAttrDictionary().walk(
      [&](DenseResourceElementsAttr attr) { visit(attr.getRawHandle()); });
}

ResourceUses::ResourceUses(Operation *root) {
  root->walk([&](Operation *op) {
    forEachResource(op, [&](DenseResourceElementsHandle handle) {
      ++counts[handle.getResource()];
    });
  });
}

int64_t ResourceUses::eraseWithOperands(RewriterBase &rewriter, Operation *op) {
  SetVector<Operation *> dead;
  dead.insert(op);
  int64_t bytes = 0;
  while (!dead.empty()) {
    Operation *next = dead.pop_back_val();
    SmallVector<Value> operands(next->getOperands());
    forEachResource(next, [&](DenseResourceElementsHandle handle) {
      auto *entry = handle.getResource();
      if (--counts[entry] || !entry->getBlob())
        return;
      bytes += entry->getBlob()->getData().size();
      entry->setBlob(AsmResourceBlob());
    });
    rewriter.eraseOp(next);
    for (Value operand : operands)
      if (Operation *producer = operand.getDefiningOp();
          producer && isOpTriviallyDead(producer))
        dead.insert(producer);
  }
  return bytes;
}

std::optional<ArrayRef<char>> mlir::mx::getConstantBytes(Value value) {
  auto constant = value.getDefiningOp<arith::ConstantOp>();
  if (!constant)
    return std::nullopt;
  if (auto dense = dyn_cast<DenseElementsAttr>(constant.getValue()))
    return dense.getRawData();
  auto resource = dyn_cast<DenseResourceElementsAttr>(constant.getValue());
  AsmResourceBlob *blob =
      resource ? resource.getRawHandle().getBlob() : nullptr;
  return blob ? std::optional(blob->getData()) : std::nullopt;
}

Value mlir::mx::createConstant(OpBuilder &b, Location loc,
                               RankedTensorType type, AsmResourceBlob blob,
                               StringRef name) {
  TypedAttr value;
  if (blob.getData().size() > kResourceBytes)
    value = DenseResourceElementsAttr::get(type, name, std::move(blob));
  else
    value = DenseElementsAttr::getFromRawBuffer(type, blob.getData());
  return arith::ConstantOp::create(b, loc, value);
}

Value mlir::mx::createElements(OpBuilder &b, Location loc,
                               RankedTensorType type, AsmResourceBlob blob) {
  if (!isSubByteFloat(type.getElementType()))
    return createConstant(b, loc, type, std::move(blob), "mx_elements");
  Value bytes = createConstant(b, loc, getPackedType(type, Container::Dense),
                               std::move(blob), "mx_elements");
  return UnpackElementsOp::create(b, loc, type, bytes, Value(),
                                  Container::Dense);
}
