// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Compare.h"

#include <cmath>

using namespace mlir;
using namespace mlir::mx;

/// Reads the elements of a buffer.
static SmallVector<double> toDoubles(RankedTensorType type,
                                     const Buffer &buffer) {
  SmallVector<double> values(ShapedType::getNumElements(buffer.shape));
  const llvm::fltSemantics &semantics =
      cast<FloatType>(type.getElementType()).getFloatSemantics();
  size_t bytes = type.getElementTypeBitWidth() / 8;
  for (auto [index, value] : llvm::enumerate(values)) {
    uint64_t bits = 0;
    std::memcpy(&bits, buffer.data + index * bytes, bytes);
    value = llvm::APFloat(semantics, llvm::APInt(bytes * 8, bits))
                .convertToDouble();
  }
  return values;
}

ContractionError mlir::mx::compareBuffers(StringRef location,
                                          RankedTensorType type,
                                          const Buffer &expected,
                                          const Buffer &found) {
  ContractionError error;
  error.location = location.str();
  double dot = 0, expectedSquare = 0, foundSquare = 0, difference = 0;
  for (auto [x, y] :
       llvm::zip_equal(toDoubles(type, expected), toDoubles(type, found))) {
    dot += x * y;
    expectedSquare += x * x;
    foundSquare += y * y;
    difference += (x - y) * (x - y);
    double distance = std::fabs(x - y);
    if (std::isnan(distance) || distance > error.maxAbs)
      error.maxAbs = distance;
  }
  double norms = std::sqrt(expectedSquare * foundSquare);
  error.cosine = norms == 0 ? expectedSquare == foundSquare : dot / norms;
  error.relative =
      expectedSquare == 0 ? difference : std::sqrt(difference / expectedSquare);
  return error;
}
