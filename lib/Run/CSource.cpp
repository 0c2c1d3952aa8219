// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "CSource.h"
#include "Library.h"
#include "OutputFiles.h"
#include "Safetensors.h"
#include "mx/Conversion/Passes.h"
#include "mx/Transforms/Passes.h"

#include "mlir/Dialect/EmitC/IR/EmitC.h"
#include "mlir/Support/DebugStringHelper.h"
#include "mlir/Target/Cpp/CppEmitter.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;
using namespace mlir::mx;
using llvm::createStringError;
using llvm::raw_ostream;

namespace {
struct Source {
  std::string name;
  const Signature &signature;
  /// The static function that computes the model.
  std::string function;
  int64_t workspaceBytes;
  /// The header of the file of weights, if there is one, and what follows.
  std::string weightsHeader;
  size_t weightsBytes;
  bool weightsInArray;
};
} // namespace

/// The name of C's for elements of `type`; floats that C has not are codes.
static std::string getElementName(Type type) {
  if (type.isF32())
    return "float";
  if (type.isF64())
    return "double";
  if (type.isInteger(1))
    return "bool";
  unsigned width = type.getIntOrFloatBitWidth();
  std::string bits = std::to_string(width > 8 ? width : 8) + "_t";
  return (isa<IntegerType>(type) && !type.isUnsignedInteger() ? "int"
                                                              : "uint") +
         bits;
}

/// A parameter, an array of the extents of `type` in a row.
static void printParameter(raw_ostream &os, RankedTensorType type,
                           const Twine &name) {
  os << getElementName(type.getElementType()) << " ";
  if (type.getNumElements() == 0) {
    os << "*" << name; // C has no array of no element.
    return;
  }
  os << name << "[";
  if (type.getRank() == 0)
    os << "1";
  llvm::interleave(type.getShape(), os, " * ");
  os << "]";
}

static void printPrototype(raw_ostream &os, const Source &source) {
  os << "const char *" << source.name
     << "_run(const void *weights, void *workspace";
  for (auto [index, type] : llvm::enumerate(source.signature.inputs)) {
    os << ",\n    const ";
    printParameter(os, type, "input" + Twine(index));
  }
  for (auto [index, type] : llvm::enumerate(source.signature.results)) {
    os << ",\n    ";
    printParameter(os, type, "output" + Twine(index));
  }
  os << ")";
}

static void printHeader(raw_ostream &os, const Source &source) {
  const std::string &name = source.name;
  os << "/* The model " << name
     << ", as C99 by mx-run --emit=c. */\n#ifndef MX_" << name
     << "_H\n#define MX_" << name << "_H\n\n"
     << "#include <stdbool.h>\n#include <stdint.h>\n\n"
     << "/* What the workspace takes. */\n#define " << name
     << "_WORKSPACE_BYTES " << source.workspaceBytes << "\n\n";
  if (source.weightsInArray)
    os << "/* The weights, in " << name << "_weights.c. */\nunion " << name
       << "_weights {\n  unsigned char bytes[" << source.weightsBytes
       << "];\n  uint64_t alignment;\n};\nextern const union " << name
       << "_weights " << name << "_weights;\n\n";
  else if (source.weightsBytes)
    os << "/* The weights are these bytes of " << name
       << ".safetensors. */\n#define " << name << "_WEIGHTS_OFFSET "
       << source.weightsHeader.size() << "\n#define " << name
       << "_WEIGHTS_BYTES " << source.weightsBytes << "\n\n";
  os << "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n"
     << "/* Computes the outputs; arrays are dense, in row-major order. Floats "
        "that C has\n   not are codes. Returns a null pointer or, where a "
        "check "
        "of the model fails, a\n   text that is never freed; outputs hold any "
        "values then.\n\n";
  if (source.weightsInArray)
    os << "   weights: &" << name << "_weights";
  else if (source.weightsBytes)
    os << "   weights: the bytes of the file, aligned to 8";
  else
    os << "   weights: not read, may be null";
  os << "\n   workspace: " << name
     << "_WORKSPACE_BYTES bytes, aligned to 8, whose values do not matter. "
        "What\n"
        "     runs at the same time needs one of its own.\n\n"
        "   Memory is that of the caller, none of which may overlap. */\n";
  printPrototype(os, source);
  os << ";\n\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n";
}

/// The function of the header: it takes away the const of what is only read,
/// which the types of the compiled functions do not tell.
static void printFunction(raw_ostream &os, const Source &source) {
  printPrototype(os, source);
  os << " {\n  return " << source.function << "(\n";
  auto printArgument = [&](RankedTensorType type, const Twine &name) {
    // Compiled functions have integers without signs, but for bool.
    std::string element = getElementName(type.getElementType());
    os << "      (" << (element.front() == 'i' ? "u" : "") << element << " *)"
       << name << ",\n";
  };
  for (auto [index, type] : llvm::enumerate(source.signature.inputs))
    printArgument(type, "input" + Twine(index));
  for (auto [index, type] : llvm::enumerate(source.signature.results))
    printArgument(type, "output" + Twine(index));
  os << "      (uint8_t *)workspace, (uint8_t *)weights);\n}\n";
}

/// The weights as an array.
static void printWeights(raw_ostream &os, const Source &source,
                         StringRef data) {
  os << "/* The weights of " << source.name << ". */\n#include \""
     << source.name << ".h\"\n\nconst union " << source.name << "_weights "
     << source.name << "_weights = {{\n";
  for (size_t index = 0; index < data.size(); ++index)
    os << unsigned(static_cast<unsigned char>(data[index])) << ","
       << (index % 24 == 23 ? "\n" : "");
  os << "}};\n";
}

/// Makes the compiled entry static, under a name that nothing else has.
static llvm::Error takeEntry(Build &build, Source &source) {
  ModuleOp module = build.program->getModule();
  SymbolTable symbols(module);
  auto entry = symbols.lookup<emitc::FuncOp>(build.program->getEntry());
  auto bytes =
      entry ? entry->getAttrOfType<IntegerAttr>(kWorkspaceBytesAttr) : nullptr;
  if (!bytes)
    return createStringError("the module has no planned entry '" +
                             build.program->getEntryName() + "'");
  source.workspaceBytes = bytes.getInt();
  for (source.function = "mx_model"; symbols.lookup(source.function);)
    source.function += "_";
  entry.setSymName(source.function);
  entry.setSpecifiersAttr(
      Builder(module.getContext()).getStrArrayAttr({"static"}));
  return llvm::Error::success();
}

llvm::Error mlir::mx::writeC(Build &build, const RunOptions &options,
                             Progress &progress) {
  const Signature &signature = build.program->getSignature();
  for (auto [index, type] : llvm::enumerate(signature.results))
    if (!type.hasStaticShape())
      return createStringError(
          "expected results of shapes that follow from --shape, found " +
          debugString(type) + " for result #" + Twine(index));
  Source source{getLibraryName(options.model), signature, "", 0, "", 0, false};
  if (llvm::Error error = takeEntry(build, source))
    return error;
  ModuleOp module = build.program->getModule();
  std::string code;
  llvm::raw_string_ostream os(code);
  os << "/* The model " << source.name
     << ", as C99 by mx-run --emit=c. Compile "
     << "it with -std=c99, or with\n   -ffp-contract=off: no product and sum "
        "may "
        "become one operation. */\n#include \""
     << source.name << ".h\"\n\n";
  if (failed(emitc::translateToCpp(module, os)))
    return createStringError("cannot print the module as C");
  os << "\n";
  printFunction(os, source);

  SmallVector<ConstantPlace> places = layOutConstants(module);
  auto constants = ConstantSegment::create(module);
  if (!constants)
    return constants.takeError();
  StringRef data = constants->getBytes();
  source.weightsBytes = data.size();
  source.weightsInArray = !data.empty() && options.constants == "array";
  std::vector<NamedWriter> files = {
      {source.name + ".c", [&](raw_ostream &os) { os << code; }},
      {source.name + ".h", [&](raw_ostream &os) { printHeader(os, source); }}};
  if (source.weightsInArray) {
    files.push_back({source.name + "_weights.c",
                     [&](raw_ostream &os) { printWeights(os, source, data); }});
  } else if (!data.empty()) {
    source.weightsHeader = getSafetensorsHeader(places, llvm::xxHash64(data));
    files.push_back({source.name + ".safetensors", [&](raw_ostream &os) {
                       os << source.weightsHeader << data;
                     }});
  }
  return writeToFolder(options.folder, files);
}
