// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Arguments.h"
#include "mx/Run/ElementTypes.h"
#include "mx/Run/Npy.h"
#include "mx/Transforms/ElementBytes.h"

#include "mlir/Support/DebugStringHelper.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::mx;
using llvm::createStringError;

/// Reads one input and checks it against the argument's type.
static llvm::Expected<Buffer> readInput(StringRef path, unsigned index,
                                        RankedTensorType type) {
  llvm::Expected<NpyArray> array = readNpy(path);
  if (!array)
    return array.takeError();
  std::string where =
      ("'" + path + "' for argument #" + Twine(index) + ": ").str();
  if (!acceptsNpyType(type.getElementType(), array->header.dtype))
    return createStringError(
        where + "expected type " + getNpyType(type.getElementType()) + " for " +
        debugString(type) + ", found " + array->header.dtype);
  ArrayRef<int64_t> shape = array->header.shape;
  bool fits = shape.size() == static_cast<size_t>(type.getRank());
  for (int64_t dim = 0; fits && dim < type.getRank(); ++dim)
    fits = type.isDynamicDim(dim) || type.getDimSize(dim) == shape[dim];
  if (!fits) {
    std::string found = llvm::join(
        llvm::map_range(shape, [](int64_t s) { return std::to_string(s); }),
        "x");
    return createStringError(where + "expected the shape of " +
                             debugString(type) + ", found " +
                             (found.empty() ? "rank 0" : found));
  }
  // Vector code may want more than the alignment of a mapped file.
  Buffer buffer;
  buffer.shape.assign(shape.begin(), shape.end());
  size_t bytes = llvm::alignTo(std::max<size_t>(array->data.size(), 1), 64);
  buffer.owner =
      std::shared_ptr<void>(std::aligned_alloc(64, bytes), std::free);
  buffer.data = static_cast<char *>(buffer.owner.get());
  buffer.bytes = bytes;
  std::memcpy(buffer.data, array->data.data(), array->data.size());
  return buffer;
}

llvm::Expected<SmallVector<Buffer>>
mlir::mx::readInputs(const RunOptions &options, const Signature &signature) {
  if (options.inputs.size() != signature.inputs.size())
    return createStringError("expected " + Twine(signature.inputs.size()) +
                             " inputs, found " + Twine(options.inputs.size()));
  if (options.outputs.size() > signature.results.size())
    return createStringError(
        "expected at most " + Twine(signature.results.size()) +
        " outputs, found " + Twine(options.outputs.size()));
  SmallVector<Buffer> buffers;
  for (auto [index, path, type] :
       llvm::enumerate(options.inputs, signature.inputs)) {
    llvm::Expected<Buffer> buffer = readInput(path, index, type);
    if (!buffer)
      return buffer.takeError();
    buffers.push_back(std::move(*buffer));
  }
  return buffers;
}

void mlir::mx::writeResult(llvm::raw_ostream &os, RankedTensorType type,
                           const Buffer &result) {
  NpyHeader header{getNpyType(type.getElementType()), result.shape};
  size_t bytes = *getElementBytes(type.getElementType()) *
                 ShapedType::getNumElements(result.shape);
  writeNpy(os, header, ArrayRef(result.data, bytes));
}
