// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "OffloadBlocks.h"
#include "mx/IR/ScaleMap.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Support/DebugStringHelper.h"

using namespace mlir;
using namespace mlir::mx;

/// Whether `mma` takes the elements of a factor that has this meaning.
static bool takes(MMAAttr mma, Type element, const ElementMeaning &meaning) {
  // Nothing but i8 has fraction bits there.
  std::optional<int64_t> fractionBits;
  if (element.isInteger(8))
    fractionBits = 6;
  return llvm::is_contained(mma.getElements(), element) &&
         meaning.fractionBits == fractionBits && !meaning.zeroPoint &&
         !meaning.codes;
}

/// Puts the scales of one factor into `side`; gives why they are none of the
/// mma's.
static std::string addScales(OffloadSide &side, ValueRange scales,
                             ArrayRef<AffineMap> maps, unsigned sum,
                             MMAAttr mma) {
  for (auto [scale, map] : llvm::zip_equal(scales, maps)) {
    auto type = cast<RankedTensorType>(scale.getType());
    bool ofTensor = llvm::all_of(
        parseMap(map), [](const MapResult &result) { return result.isUnit(); });
    if (ofTensor && type.getElementType().isF32()) {
      side.factors.push_back(scale);
      continue;
    }
    if (type.getElementType() != mma.getScale())
      return "its scales are " + debugString(type.getElementType());
    if (side.scale)
      return "an operand has two levels of scales";
    // Those of larger blocks are repeated.
    if (getBlockAlong(map, sum) % mma.getBlock())
      return "its blocks are no multiple of " + std::to_string(mma.getBlock()) +
             " elements along the sum";
    side.scale = scale;
    side.scaleMap = map;
  }
  return side.scale ? "" : "an operand has no scales";
}

bool OffloadForm::hasTileScales(const OffloadSide &side) const {
  return llvm::all_of(side.map.getResults(), [&](AffineExpr expr) {
    unsigned dim = cast<AffineDimExpr>(expr).getPosition();
    return getBlockAlong(side.scaleMap, dim) ==
           (dim == sum ? mma.getBlock() : 1);
  });
}

/// What made a factor's elements and scales, if it is one op.
static QuantizeOp getQuantize(const OffloadForm &form,
                              const OffloadSide &side) {
  auto quantize = side.elements.getDefiningOp<QuantizeOp>();
  if (!quantize || side.elements != quantize->getResult(0) ||
      side.scale != quantize->getResult(1) ||
      quantize.getScaleMap().compose(side.map) != side.scaleMap ||
      !form.hasTileScales(side))
    return {};
  return quantize;
}

/// Whether the accelerator can quantize a factor as it copies it: rows of f32
/// that lie one after the other.
static bool canQuantizeThere(const OffloadForm &form, const OffloadSide &side,
                             AcceleratorAttr accelerator) {
  QuantizeOp quantize = side.quantize;
  if (!quantize || !quantize.getRule() ||
      !llvm::is_contained(accelerator.getQuantize(), *quantize.getRule()) ||
      quantize.getSpecial() != SpecialPolicy::Default ||
      !getElementTypeOrSelf(quantize.getInput().getType()).isF32())
    return false;
  SmallVector<unsigned> dims(form.batch);
  llvm::append_range(dims, side.rows);
  dims.push_back(form.sum);
  return side.map == AffineMap::getMultiDimMapWithTargets(
                         side.map.getNumDims(), dims, side.map.getContext());
}

/// The form for one mma, or why there is none.
static std::optional<OffloadForm> getForm(ContractOp op, MMAAttr mma,
                                          std::string &reason) {
  OffloadForm form;
  form.mma = mma;
  form.lhs.elements = op.getLhs();
  form.lhs.map = op.getLhsMap();
  form.lhs.tileRows = mma.getRows();
  form.rhs.elements = op.getRhs();
  form.rhs.map = op.getRhsMap();
  form.rhs.tileRows = mma.getColumns();
  AffineMap init = op.getInitMap();
  if (!form.lhs.map.isProjectedPermutation() ||
      !form.rhs.map.isProjectedPermutation()) {
    reason = "it is no product of matrices";
    return std::nullopt;
  }
  for (bool isLhs : {true, false})
    if (Type element = form.getSide(isLhs).getElement();
        !takes(mma, element, op.getElementMeaning(isLhs))) {
      reason = "it has no product of " + debugString(element);
      return std::nullopt;
    }
  SmallVector<unsigned> sums;
  for (unsigned dim = 0; dim < init.getNumDims(); ++dim) {
    bool inLhs = form.lhs.map.isFunctionOfDim(dim);
    bool inRhs = form.rhs.map.isFunctionOfDim(dim);
    if (!init.isFunctionOfDim(dim))
      sums.push_back(dim);
    else if (inLhs && inRhs)
      form.batch.push_back(dim);
    else
      form.getSide(inLhs).rows.push_back(dim);
    if (!inLhs && !inRhs) {
      reason = "its result has a dimension that no operand has";
      return std::nullopt;
    }
  }
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  if (sums.size() != 1 || !form.lhs.map.isFunctionOfDim(sums[0]) ||
      !form.rhs.map.isFunctionOfDim(sums[0])) {
    reason = "it sums over other than one dimension of both operands";
    return std::nullopt;
  }
  form.sum = sums[0];
  form.depth = extents[form.sum];
  auto count = [&](ArrayRef<unsigned> dims) {
    int64_t product = 1;
    for (unsigned dim : dims) {
      if (ShapedType::isDynamic(extents[dim]))
        return ShapedType::kDynamic;
      product *= extents[dim];
    }
    return product;
  };
  form.batches = count(form.batch);
  for (OffloadSide *side : {&form.lhs, &form.rhs}) {
    int64_t rows = count(side->rows);
    side->tiles = ShapedType::isDynamic(rows)
                      ? rows
                      : llvm::divideCeil(rows, side->tileRows);
  }
  if (ShapedType::isDynamic(form.depth) || form.depth == 0) {
    reason = "the length of its sums is not known";
    return std::nullopt;
  }
  reason = addScales(form.lhs, op.getLhsScales(), op.getLhsScaleMaps(),
                     form.sum, mma);
  if (reason.empty())
    reason = addScales(form.rhs, op.getRhsScales(), op.getRhsScaleMaps(),
                       form.sum, mma);
  if (!reason.empty())
    return std::nullopt;
  return form;
}

std::optional<OffloadForm> mlir::mx::getOffloadForm(ContractOp op,
                                                    AcceleratorAttr accelerator,
                                                    std::string &reason) {
  if (op->getParentOfType<scf::ForallOp>() ||
      op->getParentOfType<scf::ParallelOp>()) {
    reason = "several threads would use the accelerator";
    return std::nullopt;
  }
  if (!getElementTypeOrSelf(op.getInit().getType()).isF32()) {
    reason = "its result is not f32";
    return std::nullopt;
  }
  std::optional<OffloadForm> best;
  double least = 0;
  for (auto [number, mma] : llvm::enumerate(accelerator.getMmas())) {
    std::string why;
    std::optional<OffloadForm> form = getForm(op, mma, why);
    if (!form && reason.empty())
      reason = why;
    if (!form)
      continue;
    form->number = number;
    form->lhs.quantize = getQuantize(*form, form->lhs);
    form->rhs.quantize = getQuantize(*form, form->rhs);
    bool mayLhs = canQuantizeThere(*form, form->lhs, accelerator);
    bool mayRhs = canQuantizeThere(*form, form->rhs, accelerator);
    for (bool lhs : {false, true})
      for (bool rhs : {false, true}) {
        if ((lhs && !mayLhs) || (rhs && !mayRhs))
          continue;
        form->lhs.isQuantizedThere = lhs;
        form->rhs.isQuantizedThere = rhs;
        double cycles = estimateCycles(*form, accelerator);
        if (best && cycles >= least)
          continue;
        best = form;
        least = cycles;
      }
  }
  return best;
}
