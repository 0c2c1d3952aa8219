// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Constants that passes make, and those that they free.
#ifndef MX_TRANSFORMS_CONSTANTRESOURCES_H
#define MX_TRANSFORMS_CONSTANTRESOURCES_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::mx {

/// Alignment of constants: of a vector register's full load, and of a cache
/// line.
constexpr size_t kConstantAlignment = 64;

/// Counts the ops that refer to each resource, to free it after the last.
class ResourceUses {
public:
  explicit ResourceUses(Operation *root);

  /// Erases `op` and the ops that only served it. Returns the bytes freed.
  int64_t eraseWithOperands(RewriterBase &rewriter, Operation *op);

private:
  DenseMap<DialectResourceBlobManager::BlobEntry *, int64_t> counts;
};

/// The bytes that the constant `value` holds, one element's if it is a splat of
/// a dense attribute; nothing if it is no constant.
std::optional<ArrayRef<char>> getConstantBytes(Value value);

/// A constant of `type` that takes over `blob`; a resource called `name` if it
/// is large.
Value createConstant(OpBuilder &b, Location loc, RankedTensorType type,
                     AsmResourceBlob blob, StringRef name);

/// The constant of `type` from bytes that hold elements of f4 or f6 packed.
Value createElements(OpBuilder &b, Location loc, RankedTensorType type,
                     AsmResourceBlob blob);

} // namespace mlir::mx

#endif // MX_TRANSFORMS_CONSTANTRESOURCES_H
