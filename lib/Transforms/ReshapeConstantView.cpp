// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ReshapeConstantView.h"

#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;
using namespace mlir::mx;

SmallVector<int64_t> mlir::mx::getRowMajorStrides(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (int64_t dim = static_cast<int64_t>(shape.size()) - 2; dim >= 0; --dim)
    strides[dim] = strides[dim + 1] * shape[dim + 1];
  return strides;
}

/// A copy of the stored elements in row-major order.
static ConstantView compact(const ConstantView &in) {
  ConstantView view = in;
  size_t size = in.storedType.getIntOrFloatBitWidth() / 8;
  view.storage =
      std::make_shared<std::vector<char>>(in.getNumElements() * size);
  view.data = *view.storage;
  view.offset = 0;
  view.strides = getRowMajorStrides(in.shape);
  SmallVector<int64_t> index(in.shape.size(), 0);
  for (char *to = view.storage->data(), *end = to + view.storage->size();
       to != end; to += size) {
    int64_t from = in.offset;
    for (auto [position, stride] : llvm::zip(index, in.strides))
      from += position * stride;
    std::memcpy(to, in.data.data() + from * size, size);
    for (int64_t dim = index.size() - 1; dim >= 0; --dim) {
      if (++index[dim] < in.shape[dim])
        break;
      index[dim] = 0;
    }
  }
  return view;
}

/// The strides over `in` of a tensor of `shape`, if there are any. There is at
/// least one element.
static std::optional<SmallVector<int64_t>> getStrides(const ConstantView &in,
                                                      ArrayRef<int64_t> shape) {
  // Extents and strides; those of extent 1 hinder nothing.
  SmallVector<std::pair<int64_t, int64_t>> from;
  for (auto [extent, stride] : llvm::zip_equal(in.shape, in.strides))
    if (extent != 1)
      from.emplace_back(extent, stride);
  SmallVector<int64_t> strides(shape.size(), 0);
  size_t next = 0, dim = 0;
  while (next < from.size()) {
    // The shortest groups of equal size on both sides. Within one, `from` must
    // be contiguous.
    size_t first = dim;
    auto [size, stride] = from[next++];
    int64_t product = shape[dim++];
    while (product != size)
      if (product < size) {
        product *= shape[dim++];
      } else {
        auto [extent, inner] = from[next++];
        if (stride != extent * inner)
          return std::nullopt;
        size *= extent;
        stride = inner;
      }
    for (size_t inner = dim; inner-- > first; stride *= shape[inner])
      strides[inner] = stride;
  }
  return strides;
}

ConstantView mlir::mx::reshape(const ConstantView &in,
                               ArrayRef<int64_t> shape) {
  ConstantView view = in;
  std::optional<SmallVector<int64_t>> strides;
  if (in.getNumElements() != 0)
    strides = getStrides(in, shape);
  if (!strides) {
    view = compact(in);
    strides = getRowMajorStrides(shape);
  }
  view.shape = llvm::to_vector(shape);
  view.strides = *strides;
  return view;
}
