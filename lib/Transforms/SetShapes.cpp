// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/LibraryPasses.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/StringExtras.h"

namespace mlir::mx {
#define GEN_PASS_DEF_MXSETSHAPES
#include "mx/Transforms/LibraryPasses.h.inc"
} // namespace mlir::mx

using namespace mlir;

/// The extents in `text`, as 8x128; nothing if it is none of `type`.
static std::optional<SmallVector<int64_t>> parseShape(StringRef text,
                                                      RankedTensorType type) {
  SmallVector<StringRef> parts;
  text.split(parts, 'x');
  SmallVector<int64_t> shape;
  for (StringRef part : parts)
    if (part.getAsInteger(10, shape.emplace_back()) || shape.back() < 0)
      return std::nullopt;
  if (failed(verifyCompatibleShape(shape, type.getShape())))
    return std::nullopt;
  return shape;
}

static bool isDynamic(BlockArgument argument) {
  auto type = dyn_cast<RankedTensorType>(argument.getType());
  return type && !type.hasStaticShape();
}

/// Replaces a reshape of a static tensor to a shape that is known by static
/// ones; false if it is none of these.
static bool makeStatic(tensor::ReshapeOp op) {
  Value source = op.getSource();
  if (auto cast = source.getDefiningOp<tensor::CastOp>())
    source = cast.getSource();
  auto from = dyn_cast<RankedTensorType>(source.getType());
  DenseIntElementsAttr extents;
  if (!from || !from.hasStaticShape() ||
      !matchPattern(op.getShape(), m_Constant(&extents)))
    return false;
  SmallVector<int64_t> shape;
  for (const APInt &extent : extents.getValues<APInt>())
    shape.push_back(extent.getSExtValue());
  if (llvm::any_of(shape, [](int64_t extent) { return extent < 0; }) ||
      from.getNumElements() != ShapedType::getNumElements(shape))
    return false;
  OpBuilder b(op);
  Location loc = op.getLoc();
  auto all = [](int64_t rank) {
    SmallVector<ReassociationIndices> groups;
    if (rank)
      groups.push_back(llvm::to_vector(llvm::seq<int64_t>(0, rank)));
    return groups;
  };
  auto flat = from.clone(ArrayRef<int64_t>(from.getNumElements()));
  if (from.getRank() > 1)
    source = tensor::CollapseShapeOp::create(b, loc, flat, source,
                                             all(from.getRank()));
  else if (from.getRank() == 0)
    source = tensor::ExpandShapeOp::create(b, loc, flat, source,
                                           ArrayRef<ReassociationIndices>());
  RankedTensorType to = from.clone(shape);
  if (shape.size() > 1)
    source =
        tensor::ExpandShapeOp::create(b, loc, to, source, all(shape.size()));
  else if (shape.empty())
    source = tensor::CollapseShapeOp::create(b, loc, to, source,
                                             ArrayRef<ReassociationIndices>());
  Value cast = tensor::CastOp::create(b, loc, op.getType(), source);
  op.replaceAllUsesWith(cast);
  op.erase();
  return true;
}

namespace {
struct SetShapes : mlir::mx::impl::MXSetShapesBase<SetShapes> {
  using MXSetShapesBase::MXSetShapesBase;

  void runOnOperation() override {
    SmallVector<func::FuncOp> functions;
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (function.isPublic() && !function.isExternal())
        functions.push_back(function);
    if (functions.size() != 1) {
      getOperation().emitError("expected one public function whose arguments "
                               "get shapes, found ")
          << functions.size();
      return signalPassFailure();
    }
    if (failed(setArguments(functions.front())) || failed(simplify()))
      return signalPassFailure();
    refineResults(functions.front());
  }

  LogicalResult setArguments(func::FuncOp function) {
    auto dynamic = llvm::to_vector(
        llvm::make_filter_range(function.getArguments(), isDynamic));
    if (dynamic.size() != shapes.size())
      return function.emitError("expected a shape for each of ")
             << dynamic.size() << " arguments with dynamic extents, found "
             << shapes.size();
    OpBuilder b(function.getBody());
    for (auto [argument, text] : llvm::zip_equal(dynamic, shapes)) {
      auto type = cast<RankedTensorType>(argument.getType());
      std::optional<SmallVector<int64_t>> shape = parseShape(text, type);
      if (!shape)
        return emitError(argument.getLoc())
               << "expected a shape of " << type << " for argument #"
               << argument.getArgNumber() << ", found '" << text << "'";
      argument.setType(type.clone(*shape));
      Value cast = tensor::CastOp::create(b, argument.getLoc(), type, argument);
      argument.replaceAllUsesExcept(cast, cast.getDefiningOp());
    }
    function.setType(b.getFunctionType(function.getBody().getArgumentTypes(),
                                       function.getResultTypes()));
    return success();
  }

  /// Shapes travel through ops by their canonical forms, and through reshapes.
  LogicalResult simplify() {
    OpPassManager pm(ModuleOp::getOperationName());
    // Only linalg ops take casts in.
    pm.addPass(createConvertElementwiseToLinalgPass());
    pm.addPass(createCanonicalizerPass());
    pm.addPass(memref::createResolveRankedShapeTypeResultDimsPass());
    pm.addPass(createCanonicalizerPass());
    pm.addPass(createCSEPass());
    bool changed = true;
    while (changed) {
      if (failed(runPipeline(pm, getOperation())))
        return failure();
      changed = false;
      getOperation().walk(
          [&](tensor::ReshapeOp op) { changed |= makeStatic(op); });
    }
    return success();
  }

  static void refineResults(func::FuncOp function) {
    function.walk([&](func::ReturnOp op) {
      for (OpOperand &operand : op->getOpOperands()) {
        auto cast = operand.get().getDefiningOp<tensor::CastOp>();
        if (!cast || !tensor::preservesStaticInformation(
                         cast.getType(), cast.getSource().getType()))
          continue;
        operand.set(cast.getSource());
        if (cast.use_empty())
          cast.erase();
      }
      function.setType(FunctionType::get(function.getContext(),
                                         function.getArgumentTypes(),
                                         op.getOperandTypes()));
    });
  }
};
} // namespace
