// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Contractions whose columns are counted by panels and within these.
#ifndef MX_TRANSFORMS_PANELREWRITE_H
#define MX_TRANSFORMS_PANELREWRITE_H

#include "mx/IR/MX.h"
#include "mx/Transforms/MatmulDims.h"

#include "mlir/IR/PatternMatch.h"

namespace mlir::mx {

/// Rewrites one contraction: its columns are counted by two dimensions then,
/// the old one within a panel of `width` and a new last one.
class PanelRewrite {
public:
  /// What becomes of the elements and scales of the columns' factor: constants
  /// laid out in panels, or a view of them.
  enum class Layout { Constant, View };

  PanelRewrite(RewriterBase &rewriter, ContractOp op, const MatmulDims &dims,
               int64_t width, Layout layout);

  /// Whether the columns are whole panels and all that varies with them has a
  /// form for these.
  bool isPossible();
  ContractOp run();

private:
  bool canPack(Value scale, AffineMap map);
  /// Elements or a scale, and the map of what it becomes.
  Value pack(Value value, AffineMap &map);
  /// `init` with its last dimension split into panels. A fill fills the result,
  /// so that it stays the contraction's own.
  Value splitColumns(Value init);

  RewriterBase &rewriter;
  ContractOp op;
  Location loc;
  MatmulDims dims;
  int64_t width;
  Layout layout;
  unsigned count;
  AffineExpr panel, column, sum;
};

} // namespace mlir::mx

#endif // MX_TRANSFORMS_PANELREWRITE_H
