// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// The large constants of a program, in one aligned piece of memory.
#ifndef MX_RUN_CONSTANTSEGMENT_H
#define MX_RUN_CONSTANTSEGMENT_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/Memory.h"

namespace mlir::mx {

class ConstantSegment {
public:
  ConstantSegment() = default;

  /// Copies the values of the module's table (mx.constants), which it takes
  /// away, into memory that is read-only from then on,
  /// at the places of layOutConstants. The blob of a
  /// dense_resource value is freed as soon as it has been copied.
  static llvm::Expected<ConstantSegment> create(ModuleOp module);

  /// Where each constant stands.
  struct Entry {
    std::string name;
    size_t offset;
  };
  ArrayRef<Entry> getEntries() const { return entries; }
  const void *getAddress(const Entry &entry) const {
    return static_cast<const char *>(memory.base()) + entry.offset;
  }
  StringRef getBytes() const {
    return StringRef(static_cast<const char *>(memory.base()), bytes);
  }
  size_t size() const { return bytes; }

private:
  llvm::sys::OwningMemoryBlock memory;
  SmallVector<Entry> entries;
  size_t bytes = 0;
};

} // namespace mlir::mx

#endif // MX_RUN_CONSTANTSEGMENT_H
