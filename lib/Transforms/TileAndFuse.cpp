// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "TileAndFuse.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::mx;

FailureOr<TiledLoops>
mlir::mx::tileAndFuse(RewriterBase &rewriter, Operation *op,
                      const scf::SCFTilingOptions &tiling,
                      function_ref<bool(OpResult)> fuses) {
  scf::SCFTileAndFuseOptions options;
  options.setTilingOptions(tiling);
  options.setFusionControlFn(
      [&](tensor::ExtractSliceOp, OpResult producer,
          bool) -> std::optional<scf::SCFTileAndFuseOptions::ControlFnResult> {
        if (!fuses(producer))
          return std::nullopt;
        return scf::SCFTileAndFuseOptions::ControlFnResult{};
      });
  rewriter.setInsertionPoint(op);
  auto tiles = scf::tileConsumerAndFuseProducersUsingSCF(
      rewriter, cast<TilingInterface>(op), options);
  if (failed(tiles))
    return failure();
  TiledLoops loops;
  for (Value result : op->getResults())
    loops.results.push_back(tiles->replacements.lookup(result));
  loops.ops = std::move(tiles->tiledAndFusedOps);
  rewriter.replaceOp(op, loops.results);
  return loops;
}

bool mlir::mx::isFilled(OpResult producer) {
  return isa<linalg::FillOp>(producer.getOwner());
}

FailureOr<Value> mlir::mx::tileContract(RewriterBase &rewriter, ContractOp &op,
                                        const scf::SCFTilingOptions &options,
                                        function_ref<bool(OpResult)> fuses) {
  auto tiles = tileAndFuse(rewriter, op, options, fuses);
  if (failed(tiles))
    return failure();
  for (Operation *tiled : tiles->ops)
    if (auto contract = dyn_cast<ContractOp>(tiled))
      op = contract;
  return tiles->results.front();
}
