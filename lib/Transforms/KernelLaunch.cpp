// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "KernelLaunch.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::mx;

Value mlir::mx::buildProduct(OpBuilder &b, Location loc, ValueRange values) {
  Value product = arith::ConstantIndexOp::create(b, loc, 1);
  for (Value value : values)
    product = b.createOrFold<arith::MulIOp>(loc, product, value);
  return product;
}

SmallVector<Value> mlir::mx::delinearize(OpBuilder &b, Location loc,
                                         Value number, ValueRange sizes) {
  SmallVector<Value> indices(sizes.size());
  for (size_t dim = sizes.size(); dim-- > 1;) {
    indices[dim] = b.createOrFold<arith::RemUIOp>(loc, number, sizes[dim]);
    number = b.createOrFold<arith::DivUIOp>(loc, number, sizes[dim]);
  }
  if (!sizes.empty())
    indices.front() = number;
  return indices;
}

gpu::LaunchOp mlir::mx::createLaunch(OpBuilder &b, Location loc, Value x,
                                     Value y, Value z) {
  Value one = arith::ConstantIndexOp::create(b, loc, 1);
  Value size = arith::ConstantIndexOp::create(b, loc, kWorkgroupSize);
  auto launch = gpu::LaunchOp::create(b, loc, x, y, z, size, one, one);
  b.setInsertionPointToEnd(&launch.getBody().front());
  gpu::TerminatorOp::create(b, loc);
  b.setInsertionPoint(launch.getBody().front().getTerminator());
  return launch;
}
