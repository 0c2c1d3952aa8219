// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/DecodeFactor.h"
#include "mx/IR/ScaleBuilder.h"
#include "mx/IR/ScaleMap.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::mx;

/// The product of an operand's scales other than f32, exact.
static Value multiplyScales(OpBuilder &b, Location loc, ValueRange scales) {
  Value product;
  for (Value scale : scales) {
    Value factor = arith::ExtFOp::create(b, loc, b.getF32Type(), scale);
    product = product ? arith::MulFOp::create(b, loc, product, factor) : factor;
  }
  return product;
}

Factor mlir::mx::decodeFactor(OpBuilder &b, ContractOp op, bool isLhs,
                              ArrayRef<unsigned> last) {
  Location loc = op.getLoc();
  Value elements = isLhs ? op.getLhs() : op.getRhs();
  AffineMap map = isLhs ? op.getLhsMap() : op.getRhsMap();
  SmallVector<Value> scales;
  SmallVector<AffineMap> scaleMaps;
  for (auto [scale, scaleMap] :
       llvm::zip_equal(isLhs ? op.getLhsScales() : op.getRhsScales(),
                       isLhs ? op.getLhsScaleMaps() : op.getRhsScaleMaps()))
    if (!getElementTypeOrSelf(scale.getType()).isF32()) {
      scales.push_back(scale);
      scaleMaps.push_back(scaleMap);
    }
  std::optional<int64_t> bits =
      isLhs ? op.getLhsFractionBits() : op.getRhsFractionBits();

  auto innermost = cast<AffineDimExpr>(map.getResults().back());
  if (innermost.getPosition() == last.back() && scales.empty() &&
      getElementTypeOrSelf(elements.getType()).isF32())
    return {elements, map, Value(), AffineMap(), /*decoded=*/false};

  // The dimensions of the result in the order of the elements', `last` moved.
  SmallVector<unsigned> dims;
  for (AffineExpr expr : map.getResults())
    if (unsigned dim = cast<AffineDimExpr>(expr).getPosition();
        !llvm::is_contained(last, dim))
      dims.push_back(dim);
  dims.append(last.begin(), last.end());
  SmallVector<AffineExpr> results;
  SmallVector<AffineExpr> positions(map.getNumDims(),
                                    b.getAffineConstantExpr(0));
  SmallVector<OpFoldResult> sizes;
  for (auto [index, dim] : llvm::enumerate(dims)) {
    results.push_back(b.getAffineDimExpr(dim));
    positions[dim] = b.getAffineDimExpr(index);
    sizes.push_back(tensor::getMixedSize(
        b, loc, elements, *map.getResultPosition(b.getAffineDimExpr(dim))));
  }
  AffineMap ordered =
      AffineMap::get(map.getNumDims(), 0, results, b.getContext());
  // Maps of the contraction as functions of the result's dimensions.
  auto project = [&](AffineMap from) {
    return from.replaceDimsAndSymbols(positions, {}, dims.size(), 0);
  };
  SmallVector<Value> inputs = {elements};
  SmallVector<AffineMap> maps = {project(map)};
  for (auto [scale, scaleMap] : llvm::zip_equal(scales, scaleMaps)) {
    inputs.push_back(scale);
    maps.push_back(project(scaleMap));
  }
  maps.push_back(b.getMultiDimIdentityMap(dims.size()));
  Value empty = tensor::EmptyOp::create(b, loc, sizes, b.getF32Type());
  SmallVector<utils::IteratorType> iterators(dims.size(),
                                             utils::IteratorType::parallel);
  auto body = [&](OpBuilder &b, Location loc, ValueRange args) {
    Value value = decodeElement(b, loc, args.front(), bits);
    if (Value scale = multiplyScales(b, loc, args.drop_front().drop_back()))
      value = arith::MulFOp::create(b, loc, value, scale);
    linalg::YieldOp::create(b, loc, value);
  };
  auto generic = linalg::GenericOp::create(b, loc, empty.getType(), inputs,
                                           empty, maps, iterators, body);
  return {generic.getResult(0), ordered, Value(), AffineMap(),
          /*decoded=*/true};
}
