// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Builds programs on indices that are not negative.
#ifndef MX_LIB_TRANSFORMS_INDEXBUILDER_H
#define MX_LIB_TRANSFORMS_INDEXBUILDER_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::mx {

struct IndexBuilder {
  IndexBuilder(Location loc, Block &block) : b(loc, &block, block.begin()) {}

  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(b, value);
  }
  Value add(Value x, Value y) { return arith::AddIOp::create(b, x, y); }
  Value sub(Value x, Value y) { return arith::SubIOp::create(b, x, y); }
  Value mul(Value x, Value y) { return arith::MulIOp::create(b, x, y); }
  Value mul(Value x, int64_t y) { return mul(x, index(y)); }
  Value div(Value x, Value y) { return arith::DivUIOp::create(b, x, y); }
  Value rem(Value x, Value y) { return arith::RemUIOp::create(b, x, y); }
  Value divideCeil(Value x, int64_t y) {
    return arith::CeilDivUIOp::create(b, x, index(y));
  }
  Value min(Value x, int64_t y) {
    return arith::MinUIOp::create(b, x, index(y));
  }
  Value both(Value x, Value y) { return arith::AndIOp::create(b, x, y); }
  Value compare(arith::CmpIPredicate predicate, Value x, Value y) {
    return arith::CmpIOp::create(b, predicate, x, y);
  }
  Value isZero(Value x) {
    return compare(arith::CmpIPredicate::eq, x, index(0));
  }
  Value isNotZero(Value x) {
    return compare(arith::CmpIPredicate::ne, x, index(0));
  }
  Value isBelow(Value x, Value y) {
    return compare(arith::CmpIPredicate::ult, x, y);
  }

  /// A loop over the indices below `count`.
  void forEach(Value count, function_ref<void(Value)> body) {
    auto loop = scf::ForOp::create(b, index(0), count, index(1));
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    body(loop.getInductionVar());
  }
  void onlyIf(Value condition, function_ref<void()> body) {
    auto choice = scf::IfOp::create(b, condition, /*withElseRegion=*/false);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(choice.thenBlock());
    body();
  }

  ImplicitLocOpBuilder b;
};

} // namespace mlir::mx

#endif // MX_LIB_TRANSFORMS_INDEXBUILDER_H
