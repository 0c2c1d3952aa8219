// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "LibrarySource.h"
#include "RuntimeSource.h"
#include "Threads.h"
#include "mx/Run/ElementTypes.h"
#include "mx/Transforms/ElementBytes.h"

#include "mlir/Support/DebugStringHelper.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace mlir::mx;
using llvm::raw_ostream;

/// The mx_type of arrays of `type`, which can travel in files.
static StringRef getTypeName(Type type) {
  if (type.isInteger(8))
    return "MX_INT8";
  if (type.isBF16())
    return "MX_BFLOAT16";
  return llvm::StringSwitch<StringRef>(getNpyType(type))
      .Case("|b1", "MX_BOOL")
      .Case("|u1", "MX_CODE8")
      .Cases({"<i2", "<u2"}, "MX_INT16")
      .Cases({"<i4", "<u4"}, "MX_INT32")
      .Cases({"<i8", "<u8"}, "MX_INT64")
      .Case("<f2", "MX_FLOAT16")
      .Case("<f4", "MX_FLOAT32")
      .Case("<f8", "MX_FLOAT64");
}

/// A comment that lists the arrays that functions take.
static void printArrays(raw_ostream &os, StringRef what,
                        ArrayRef<RankedTensorType> types) {
  for (auto [index, type] : llvm::enumerate(types)) {
    os << "   " << what << " " << index << ": "
       << getTypeName(type.getElementType()) << ", rank " << type.getRank();
    if (type.getRank())
      os << ": ";
    llvm::interleave(
        type.getShape(),
        [&](int64_t extent) {
          os << (ShapedType::isDynamic(extent) ? "?" : std::to_string(extent));
        },
        [&] { os << " x "; });
    os << "\n";
  }
}

/// The functions of the interface, with NAME for the library's name.
static constexpr char kFunctions[] = R"(
/* MX_ABI_VERSION when the library was made. */
uint32_t NAME_abi_version(void);

/* What the model takes and gives, in order, and how many there are. */
const mx_array *NAME_inputs(int32_t *count);
const mx_array *NAME_outputs(int32_t *count);

/* Maps the weights, a file that must stay as it is until NAME_free, for which
   `flags` are of mx_flag, and makes a context. What takes an mx_error, which may
   be null, returns an mx_code and, if that is not MX_OK, writes a text there. */
int NAME_init(const char *path, uint32_t flags, mx_context **context,
              mx_error *error);

/* Frees a context, if not null. */
void NAME_free(mx_context *context);

/* Writes the extents of the outputs to their shapes, of which types and ranks
   must be set. The data of inputs and outputs may be null. */
int NAME_output_shapes(const mx_context *context, const mx_tensor *inputs,
                       const mx_tensor *outputs, mx_error *error);

/* The bytes of workspace that a run on such inputs takes, with as many threads
   as OpenMP has now. The data of inputs may be null. */
int NAME_workspace_size(const mx_context *context, const mx_tensor *inputs,
                        size_t *bytes, mx_error *error);

/* Computes the outputs, whose shapes must be those of NAME_output_shapes and
   whose data must not overlap with anything else. Nothing is allocated. Calls
   on different workspaces may run at once. After an error the outputs hold any
   values. */
int NAME_run(const mx_context *context, void *workspace, size_t bytes,
             const mx_tensor *inputs, const mx_tensor *outputs,
             mx_error *error);
)";

/// `text` with the library's name in it.
static std::string putName(StringRef text, StringRef name) {
  std::string result;
  while (true) {
    auto [before, after] = text.split("NAME");
    result += before;
    if (before.size() == text.size())
      return result;
    result += name;
    text = after;
  }
}

std::string mlir::mx::getLibraryHeader(const LibraryDescription &library) {
  std::string text;
  llvm::raw_string_ostream os(text);
  StringRef name = library.name;
  os << "/* The model " << name << ", compiled by mx-run --emit=shared.\n";
  printArrays(os, "input", library.signature.inputs);
  printArrays(os, "output", library.signature.results);
  os << "*/\n#ifndef MX_MODEL_" << name << "_H\n#define MX_MODEL_" << name
     << "_H\n\n"
     << kInterface << "\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n"
     << putName(kFunctions, name)
     << "\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n";
  return text;
}

/// Defines the mx_array of each of `types`.
static void defineArrays(raw_ostream &os, StringRef what,
                         ArrayRef<RankedTensorType> types) {
  for (auto [index, type] : llvm::enumerate(types)) {
    os << "static const int64_t " << what << "_shape" << index << "[] = {";
    for (int64_t extent : type.getShape())
      os << (ShapedType::isDynamic(extent) ? -1 : extent) << ", ";
    os << "0};\n";
  }
  os << "static const mx_array " << what << "s[] = {";
  for (auto [index, type] : llvm::enumerate(types))
    os << "{" << getTypeName(type.getElementType()) << ", " << type.getRank()
       << ", " << *getElementBytes(type.getElementType()) << ", " << what
       << "_shape" << index << "}, ";
  os << "{0, 0, 1, 0}};\n";
}

/// Declares the compiled function `symbol` and defines `static RESULT
/// NAME(...)` that calls it by an array of pointers: the first `count`
/// descriptors, the place of the error and the weights. `first` is an argument
/// before these.
static void defineCall(raw_ostream &os, StringRef result, StringRef name,
                       StringRef symbol, size_t count, StringRef first,
                       StringRef body) {
  os << result << " " << symbol << "(";
  if (!first.empty())
    os << "void *, ";
  for (size_t i = 0; i < count; ++i)
    os << "void *, ";
  os << "const char **, const char *);\nstatic " << name << " {\n  " << body
     << symbol << "(";
  if (!first.empty())
    os << first << ", ";
  for (size_t i = 0; i < count; ++i)
    os << "call->memrefs[" << i << "], ";
  os << "call->error, call->weights);\n}\n";
}

/// Defines what calls the compiled functions.
static void defineCalls(raw_ostream &os, const Signature &signature) {
  size_t inputs = signature.inputs.size(), outputs = signature.results.size();
  int64_t extents = 0;
  for (RankedTensorType type : signature.results)
    extents += type.getRank();
  // The C interface of a function returns one number as it is, and several
  // through a pointer.
  StringRef shapes = "void shapes(const mx_call *call, int64_t *extents)";
  if (extents > 1)
    defineCall(os, "void", shapes, kShapesSymbol, inputs, "extents", "");
  else if (extents == 1)
    defineCall(os, "int64_t", shapes, kShapesSymbol, inputs, "",
               "extents[0] = ");
  else
    defineCall(os, "void", shapes, kShapesSymbol, inputs, "",
               "(void)extents;\n  ");
  defineCall(os, "int64_t", "int64_t workspace(const mx_call *call)",
             kWorkspaceSymbol, inputs + outputs, "", "return ");
  defineCall(os, "void", "void run(const mx_call *call)", kRunSymbol,
             inputs + outputs + 1, "", "");
}

/// The functions of the interface.
static constexpr char kDefinitions[] = R"(
#define MX_EXPORT __attribute__((visibility("default")))
#define MX_SCRATCH                                                             \
  int64_t words[kWords], extents[kExtents];                                    \
  void *memrefs[kMemrefs];                                                     \
  mx_scratch scratch = {words, memrefs, extents}
MX_EXPORT uint32_t NAME_abi_version(void) { return MX_ABI_VERSION; }
MX_EXPORT const mx_array *NAME_inputs(int32_t *count) {
  *count = model.num_inputs;
  return model.inputs;
}
MX_EXPORT const mx_array *NAME_outputs(int32_t *count) {
  *count = model.num_outputs;
  return model.outputs;
}
MX_EXPORT int NAME_init(const char *path, uint32_t flags, mx_context **context,
                        mx_error *error) {
  return mx_init(&model, path, flags, context, error);
}
MX_EXPORT void NAME_free(mx_context *context) { mx_free(&model, context); }
MX_EXPORT int NAME_output_shapes(const mx_context *context,
                                 const mx_tensor *inputs,
                                 const mx_tensor *outputs, mx_error *error) {
  MX_SCRATCH;
  return mx_output_shapes(&model, context, &scratch, inputs, outputs, error);
}
MX_EXPORT int NAME_workspace_size(const mx_context *context,
                                  const mx_tensor *inputs, size_t *bytes,
                                  mx_error *error) {
  MX_SCRATCH;
  return mx_workspace_size(&model, context, &scratch, inputs, bytes, error);
}
MX_EXPORT int NAME_run(const mx_context *context, void *workspace, size_t bytes,
                       const mx_tensor *inputs, const mx_tensor *outputs,
                       mx_error *error) {
  MX_SCRATCH;
  return mx_run(&model, context, &scratch, workspace, bytes, inputs, outputs,
                error);
}
)";

std::string mlir::mx::getLibrarySource(const LibraryDescription &library) {
  std::string text;
  llvm::raw_string_ostream os(text);
  const Signature &signature = library.signature;
  os << kInterface << kRuntime << "\n";
  if (library.openMP)
    os << "int omp_get_max_threads(void);\n";
  defineArrays(os, "input", signature.inputs);
  defineArrays(os, "output", signature.results);
  defineCalls(os, signature);
  size_t memrefs = signature.inputs.size() + signature.results.size() + 1;
  int64_t ranks = 1, extents = 1;
  for (RankedTensorType type : signature.inputs)
    ranks += type.getRank();
  for (RankedTensorType type : signature.results) {
    ranks += type.getRank();
    extents += type.getRank();
  }
  os << "enum { kMemrefs = " << memrefs
     << ", kWords = " << 3 * memrefs + 2 * ranks << ", kExtents = " << extents
     << " };\n"
     << "static const mx_model model = {" << signature.inputs.size() << ", "
     << signature.results.size() << ", inputs, outputs, "
     << library.headerBytes + library.dataBytes << "u, " << library.headerBytes
     << "u, " << library.headerHash << "u, " << library.dataHash << "u, "
     << kMostThreads << ", " << (library.openMP ? "omp_get_max_threads" : "0")
     << ", shapes, workspace, run};\n"
     << putName(kDefinitions, library.name);
  return text;
}
