// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Verifier and accessors of mx.contract. The numbers are those of the rules
/// in the op's description.
#include "ContractElements.h"
#include "mx/IR/MX.h"
#include "mx/IR/ScaleMap.h"
#include "mx/IR/StructuredOps.h"

#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Support/DebugStringHelper.h"

using namespace mlir;
using namespace mlir::mx;

static SmallVector<AffineMap> slice(ContractOp op, unsigned first,
                                    unsigned count) {
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  return SmallVector<AffineMap>(ArrayRef(maps).slice(first, count));
}

AffineMap ContractOp::getLhsMap() { return getIndexingMapsArray().front(); }
AffineMap ContractOp::getRhsMap() {
  return getIndexingMapsArray()[1 + getLhsScales().size()];
}
AffineMap ContractOp::getCompensationMap() {
  return *std::prev(getIndexingMapsArray().end(), 2);
}
AffineMap ContractOp::getInitMap() { return getIndexingMapsArray().back(); }
SmallVector<AffineMap> ContractOp::getLhsScaleMaps() {
  return slice(*this, 1, getLhsScales().size());
}
SmallVector<AffineMap> ContractOp::getRhsScaleMaps() {
  return slice(*this, 2 + getLhsScales().size(), getRhsScales().size());
}

ElementMeaning ContractOp::getElementMeaning(bool isLhs) {
  if (isLhs)
    return {getLhsFractionBits(), getLhsZeroPoint(),
            getLhsCodes().value_or(Type())};
  return {getRhsFractionBits(), getRhsZeroPoint(),
          getRhsCodes().value_or(Type())};
}

SmallVector<utils::IteratorType> ContractOp::getIteratorTypes() {
  AffineMap init = getInitMap();
  SmallVector<utils::IteratorType> types;
  for (unsigned dim = 0; dim < init.getNumDims(); ++dim)
    types.push_back(init.isFunctionOfDim(dim) ? utils::IteratorType::parallel
                                              : utils::IteratorType::reduction);
  return types;
}

/// Rule 2: the element maps' results, and that each dimension stands alone in
/// one of them, since otherwise its extent is unknown.
static LogicalResult verifyElementMaps(ContractOp op) {
  unsigned numDims = op.getInitMap().getNumDims();
  llvm::SmallBitVector alone(numDims);
  auto verify = [&](AffineMap map, StringRef what, bool windows, Type codes) {
    llvm::SmallBitVector seen(numDims);
    for (auto [index, expr] : llvm::enumerate(map.getResults())) {
      std::optional<MapResult> result = parseMapResult(expr);
      bool isPair = result && result->block == 2 &&
                    isa_and_nonnull<Float4E2M1FNType>(codes) &&
                    op->hasAttr(kRegisterTileAttr) &&
                    index + 1 == map.getNumResults();
      if (!result || result->isUnit() || (result->block != 1 && !isPair) ||
          (!windows && result->isWindow()))
        return op.emitOpError("expected the map of ")
               << what << " to hold dimensions"
               << (windows ? " and sums of stride * dimension" : "")
               << ", found " << debugString(expr);
      for (const MapResult::Term &term : result->terms) {
        if (seen.test(term.dim))
          return op.emitOpError("expected dimension d")
                 << term.dim << " at most once in the map of " << what;
        seen.set(term.dim);
      }
      if (result->isDim() && !isPair)
        alone.set(result->terms[0].dim);
    }
    return InFlightDiagnostic();
  };
  if (failed(verify(op.getLhsMap(), "lhs", true,
                    op.getElementMeaning(true).codes)) ||
      failed(verify(op.getRhsMap(), "rhs", true,
                    op.getElementMeaning(false).codes)) ||
      failed(verify(op.getInitMap(), "init", false, Type())))
    return failure();
  int unknown = alone.find_first_unset();
  if (unknown != -1)
    return op.emitOpError("expected dimension d")
           << unknown << " to stand alone in the map of lhs, rhs or init";
  return success();
}

/// Rule 3: a scale's results against its operand's element map.
static LogicalResult verifyScaleMaps(ContractOp op, AffineMap elements,
                                     ArrayRef<AffineMap> scales,
                                     StringRef side) {
  for (auto [index, map] : llvm::enumerate(scales))
    for (AffineExpr expr : map.getResults()) {
      std::optional<MapResult> result = parseMapResult(expr);
      bool known = result && (result->isUnit() || result->isDim() ||
                              llvm::is_contained(elements.getResults(), expr));
      if (!known)
        return op.emitOpError("expected scale #")
               << index << " of " << side
               << " to be indexed by 0, d, d floordiv c with c > 0 or a result "
                  "of the element map, found "
               << debugString(expr);
      for (const MapResult::Term &term : result->terms)
        if (!elements.isFunctionOfDim(term.dim))
          return op.emitOpError("expected scale #")
                 << index << " of " << side << " to use dimensions of " << side
                 << " only, found d" << term.dim;
    }
  return success();
}

/// Rule 5: `blocks` holds the largest block along each dimension so far.
static LogicalResult verifyBlockSizes(ContractOp op, AffineMap scale,
                                      MutableArrayRef<int64_t> blocks) {
  for (const MapResult &result : parseMap(scale)) {
    if (!result.isBlocked() ||
        op.getInitMap().isFunctionOfDim(result.terms[0].dim))
      continue;
    int64_t &block = blocks[result.terms[0].dim];
    if (block % result.block && result.block % block)
      return op.emitOpError("expected the block sizes along contracted "
                            "dimension d")
             << result.terms[0].dim << " to divide each other, found " << block
             << " and " << result.block;
    block = std::max(block, result.block);
  }
  return success();
}

/// Rule 6: the axis that the scales of the operand with the map `elements` were
/// made along.
static LogicalResult verifyBlockAxis(ContractOp op, AffineMap elements,
                                     AffineMap scale,
                                     ArrayRef<int64_t> extents) {
  std::optional<unsigned> parallelBlocked, contractedPerIndex;
  for (const MapResult &result : parseMap(scale)) {
    if (!result.isDim())
      continue;
    unsigned dim = result.terms[0].dim;
    bool contracted = !op.getInitMap().isFunctionOfDim(dim);
    if (contracted && result.isBlocked())
      return success();
    if (!contracted && result.isBlocked())
      parallelBlocked = dim;
    if (contracted && extents[dim] != 1)
      contractedPerIndex = dim;
  }
  if (!parallelBlocked || !contractedPerIndex)
    return success();
  // One scale per tile: the block is the dimension inside it.
  for (unsigned dim = 0; dim < elements.getNumDims(); ++dim)
    if (!op.getInitMap().isFunctionOfDim(dim) &&
        elements.isFunctionOfDim(dim) && !scale.isFunctionOfDim(dim))
      return success();
  return op.emitOpError("expected scales blocked along the contracted "
                        "dimension d")
         << *contractedPerIndex << ", found one scale per index of it and "
         << "blocks along the parallel dimension d" << *parallelBlocked;
}

/// Rules 5 and 6: blocks along and across the contracted dimensions.
static LogicalResult verifyBlocks(ContractOp op) {
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  SmallVector<int64_t> blocks(extents.size(), 1);
  for (auto [elements, scales] :
       {std::pair(op.getLhsMap(), op.getLhsScaleMaps()),
        std::pair(op.getRhsMap(), op.getRhsScaleMaps())})
    for (AffineMap scale : scales)
      if (failed(verifyBlockSizes(op, scale, blocks)) ||
          failed(verifyBlockAxis(op, elements, scale, extents)))
        return failure();
  return success();
}

LogicalResult ContractOp::verify() {
  // 1.
  SmallVector<AffineMap> maps = getIndexingMapsArray();
  if (maps.size() != getNumOperands())
    return emitOpError("expected one indexing map per operand, ")
           << getNumOperands() << " in all, found " << maps.size();
  for (AffineMap map : maps)
    if (map.getNumDims() != maps.front().getNumDims() || map.getNumSymbols())
      return emitOpError("expected indexing maps of ")
             << maps.front().getNumDims()
             << " dimensions and no symbols, found " << debugString(map);
  // 2, 3.
  if (failed(verifyElementMaps(*this)) ||
      failed(verifyScaleMaps(*this, getLhsMap(), getLhsScaleMaps(), "lhs")) ||
      failed(verifyScaleMaps(*this, getRhsMap(), getRhsScaleMaps(), "rhs")))
    return failure();
  for (OpOperand &operand : (*this)->getOpOperands())
    if (getShape(&operand).size() !=
        maps[operand.getOperandNumber()].getNumResults())
      return emitOpError("expected operand #")
             << operand.getOperandNumber() << " of rank "
             << maps[operand.getOperandNumber()].getNumResults()
             << " as in its map, found " << operand.get().getType();
  // 4.
  SmallVector<int64_t> extents = getStaticLoopRanges();
  auto emitError = [&] { return emitOpError(); };
  for (OpOperand &operand : (*this)->getOpOperands())
    if (failed(verifyShape(
            maps[operand.getOperandNumber()], extents, getShape(&operand),
            ("operand #" + Twine(operand.getOperandNumber())).str(),
            emitError)))
      return failure();
  // 5, 6.
  if (failed(verifyBlocks(*this)))
    return failure();
  if (failed(verifyElementMeanings(*this)))
    return failure();
  // 10.
  return verifyStructuredResults(getOperation());
}
