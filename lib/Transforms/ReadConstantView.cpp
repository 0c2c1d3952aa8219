// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Transforms/ConstantView.h"

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/Endian.h"

using namespace mlir;
using namespace mlir::mx;
using llvm::APFloat;

int64_t ConstantView::getNumElements() const {
  return ShapedType::getNumElements(shape);
}

bool ConstantView::isSplat() const {
  for (auto [extent, stride] : llvm::zip(shape, strides))
    if (extent != 1 && stride != 0)
      return false;
  return getNumElements() != 0;
}

static float convert(APFloat value, const llvm::fltSemantics &semantics) {
  bool ignored;
  value.convert(semantics, APFloat::rmNearestTiesToEven, &ignored);
  value.convert(APFloat::IEEEsingle(), APFloat::rmNearestTiesToEven, &ignored);
  return value.convertToFloat();
}

/// The f32 value of each f16 code.
static const std::vector<float> &getF16Values() {
  static const std::vector<float> values = [] {
    std::vector<float> values(1 << 16);
    for (uint32_t code = 0; code < values.size(); ++code)
      values[code] =
          convert(APFloat(APFloat::IEEEhalf(), llvm::APInt(16, code)),
                  APFloat::IEEEsingle());
    return values;
  }();
  return values;
}

void ConstantView::read(ArrayRef<int64_t> start, ArrayRef<int64_t> extents,
                        MutableArrayRef<float> values) const {
  if (values.empty())
    return;
  int64_t base = offset;
  for (auto [position, stride] : llvm::zip_equal(start, strides))
    base += position * stride;
  int64_t rank = extents.size();
  int64_t count = rank ? extents.back() : 1, step = rank ? strides.back() : 0;
  SmallVector<int64_t> index(rank, 0);
  auto readRow = [&](float *to, auto load) {
    for (int64_t i = 0; i < count; ++i)
      to[i] = load(base + i * step);
  };
  auto bits16 = [&](int64_t at) {
    return llvm::support::endian::read16le(data.data() + 2 * at);
  };
  for (float *to = values.begin(); to != values.end(); to += count) {
    if (storedType.isF32())
      readRow(to, [&](int64_t at) {
        return llvm::bit_cast<float>(
            llvm::support::endian::read32le(data.data() + 4 * at));
      });
    else if (storedType.isF16())
      readRow(to, [&, &table = getF16Values()](int64_t at) {
        return table[bits16(at)];
      });
    else
      readRow(to, [&](int64_t at) {
        return llvm::bit_cast<float>(static_cast<uint32_t>(bits16(at)) << 16);
      });
    for (int64_t dim = rank - 2; dim >= 0; --dim) {
      base += strides[dim];
      if (++index[dim] < extents[dim])
        break;
      base -= extents[dim] * strides[dim];
      index[dim] = 0;
    }
  }
  for (Type type : roundings)
    for (float &value : values)
      value =
          convert(APFloat(value), cast<FloatType>(type).getFloatSemantics());
}
