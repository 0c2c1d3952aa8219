// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mx/Run/Executable.h"
#include "CodeGeneration.h"

#include "llvm/ExecutionEngine/Orc/AbsoluteSymbols.h"
#include "llvm/ExecutionEngine/Orc/CompileUtils.h"
#include "llvm/IR/IRBuilder.h"

using namespace mlir;
using namespace mlir::mx;
using llvm::orc::ExecutorAddr;

/// The name of the function that takes an array of pointers.
static constexpr llvm::StringLiteral kPackedEntry("mx_packed_entry");

/// Adds void mx_packed_entry(void **), which passes its pointers on to the
/// entry's C interface: the results' descriptors first, if any, and the
/// inputs'.
static llvm::Error addPackedEntry(llvm::Module &module, StringRef entry,
                                  unsigned numPointers) {
  llvm::Function *callee = module.getFunction(("_mlir_ciface_" + entry).str());
  if (!callee || callee->arg_size() != numPointers)
    return llvm::createStringError("entry '" + entry +
                                   "' has no C interface on memrefs");
  llvm::IRBuilder<> b(module.getContext());
  llvm::Function *packed = llvm::Function::Create(
      llvm::FunctionType::get(b.getVoidTy(), {b.getPtrTy()}, false),
      llvm::GlobalValue::ExternalLinkage, kPackedEntry, module);
  b.SetInsertPoint(
      llvm::BasicBlock::Create(module.getContext(), "entry", packed));
  SmallVector<llvm::Value *> pointers;
  for (unsigned i = 0; i < numPointers; ++i)
    pointers.push_back(
        b.CreateLoad(b.getPtrTy(),
                     b.CreateConstGEP1_64(b.getPtrTy(), packed->getArg(0), i)));
  b.CreateCall(callee, pointers);
  b.CreateRetVoid();
  return llvm::Error::success();
}

/// What a failed cf.assert calls, after it printed its message.
static void failProgram() {
  std::fflush(stdout);
  std::fputs("mx-run: error: an assertion of the program failed\n", stderr);
  std::_Exit(1);
}

static int printMessage(const char *text) {
  return std::fprintf(stderr, "%s\n", text);
}

/// A copy of `bytes` bytes at `data` in `memory`.
static char *copyTo(const MemoryFunctions &memory, const void *data,
                    size_t bytes) {
  auto *copy = static_cast<char *>(memory.allocate(std::max<size_t>(bytes, 1)));
  if (copy)
    std::memcpy(copy, data, bytes);
  return copy;
}

/// Binds the constants, and the C functions that a failed assertion calls.
static llvm::Error defineSymbols(llvm::orc::LLJIT &jit,
                                 const ConstantSegment &constants,
                                 const SymbolAddresses &given,
                                 const MemoryFunctions &memory) {
  using llvm::JITSymbolFlags;
  llvm::orc::SymbolMap symbols;
  ArrayRef<ConstantSegment::Entry> entries = constants.getEntries();
  for (auto [number, entry] : llvm::enumerate(entries)) {
    const void *address = constants.getAddress(entry);
    size_t end = number + 1 < entries.size() ? entries[number + 1].offset
                                             : constants.size();
    // Once, and for the life of the program.
    if (!memory.isHost())
      address = copyTo(memory, address, end - entry.offset);
    symbols[jit.mangleAndIntern(entry.name)] = {ExecutorAddr::fromPtr(address),
                                                JITSymbolFlags::Exported};
  }
  for (const auto &[name, address] : given)
    symbols[jit.mangleAndIntern(name)] = {ExecutorAddr::fromPtr(address),
                                          JITSymbolFlags::Exported};
  symbols[jit.mangleAndIntern("abort")] = {ExecutorAddr::fromPtr(&failProgram),
                                           JITSymbolFlags::Exported};
  symbols[jit.mangleAndIntern("puts")] = {ExecutorAddr::fromPtr(&printMessage),
                                          JITSymbolFlags::Exported};
  return jit.getMainJITDylib().define(
      llvm::orc::absoluteSymbols(std::move(symbols)));
}

llvm::Expected<std::unique_ptr<Executable>>
Executable::create(ModuleOp module, llvm::orc::JITTargetMachineBuilder builder,
                   StringRef entry, unsigned numInputs,
                   ArrayRef<int64_t> resultRanks,
                   const SymbolAddresses &symbols, MemoryFunctions memory) {
  auto result = std::make_unique<Executable>();
  result->memory = memory;
  result->resultRanks.assign(resultRanks.begin(), resultRanks.end());
  auto constants = ConstantSegment::create(module);
  if (!constants)
    return constants.takeError();
  result->constants = std::move(*constants);

  auto machine = builder.createTargetMachine();
  if (!machine)
    return machine.takeError();
  auto context = std::make_unique<llvm::LLVMContext>();
  auto translated = translate(module, *context, **machine);
  if (!translated)
    return translated.takeError();
  unsigned numPointers = numInputs + (resultRanks.empty() ? 0 : 1);
  if (llvm::Error error = addPackedEntry(**translated, entry, numPointers))
    return std::move(error);
  optimize(**translated, **machine);

  auto jit = llvm::orc::LLJITBuilder()
                 .setJITTargetMachineBuilder(std::move(builder))
                 .create();
  if (!jit)
    return jit.takeError();
  result->jit = std::move(*jit);
  if (llvm::Error error =
          defineSymbols(*result->jit, result->constants, symbols, memory))
    return std::move(error);
  if (!memory.isHost())
    result->constants = {};
  if (llvm::Error error = result->jit->addIRModule(llvm::orc::ThreadSafeModule(
          std::move(*translated), std::move(context))))
    return std::move(error);
  if (llvm::Error error =
          result->jit->initialize(result->jit->getMainJITDylib()))
    return std::move(error);
  auto address = result->jit->lookup(kPackedEntry);
  if (!address)
    return address.takeError();
  result->entry = address->toPtr<void (*)(void **)>();
  return result;
}

namespace {
/// A memref descriptor as the LLVM dialect lays it out: two pointers, offset,
/// sizes, strides; every field has 8 bytes.
struct Descriptor {
  explicit Descriptor(int64_t *words) : words(words) {}
  static size_t getWords(size_t rank) { return 3 + 2 * rank; }

  char *&allocated() { return reinterpret_cast<char *&>(words[0]); }
  char *&aligned() { return reinterpret_cast<char *&>(words[1]); }
  int64_t &offset() { return words[2]; }
  int64_t &size(size_t dim) { return words[3 + dim]; }
  int64_t &stride(size_t rank, size_t dim) { return words[3 + rank + dim]; }

  int64_t *words;
};
} // namespace

SmallVector<Buffer> Executable::invoke(ArrayRef<Buffer> inputs) const {
  SmallVector<int64_t> storage;
  size_t resultWords = 0, words = 0;
  for (int64_t rank : resultRanks)
    resultWords += Descriptor::getWords(rank);
  words = resultWords;
  for (const Buffer &input : inputs)
    words += Descriptor::getWords(input.shape.size());
  storage.resize(words);

  SmallVector<void *> pointers;
  SmallVector<char *> copies;
  if (!resultRanks.empty())
    pointers.push_back(storage.data());
  int64_t *next = storage.data() + resultWords;
  for (const Buffer &input : inputs) {
    Descriptor descriptor(next);
    size_t rank = input.shape.size();
    char *data = input.data;
    if (!memory.isHost())
      data = copies.emplace_back(copyTo(memory, data, input.bytes));
    descriptor.allocated() = descriptor.aligned() = data;
    int64_t stride = 1;
    for (size_t dim = rank; dim-- > 0;) {
      descriptor.size(dim) = input.shape[dim];
      descriptor.stride(rank, dim) = stride;
      stride *= input.shape[dim];
    }
    pointers.push_back(next);
    next += Descriptor::getWords(rank);
  }
  entry(pointers.data());
  for (char *copy : copies)
    memory.release(copy);

  SmallVector<Buffer> results;
  next = storage.data();
  for (int64_t rank : resultRanks) {
    Descriptor descriptor(next);
    Buffer &buffer = results.emplace_back();
    for (int64_t dim = 0; dim < rank; ++dim)
      buffer.shape.push_back(descriptor.size(dim));
    buffer.data = descriptor.aligned();
    char *allocated = descriptor.allocated();
    // Deallocation gives every result to the caller, but a buffer may be
    // returned twice.
    for (const Buffer &other : results)
      if (other.owner.get() == allocated)
        buffer.owner = other.owner;
    if (!buffer.owner)
      buffer.owner = std::shared_ptr<void>(allocated, memory.release);
    next += Descriptor::getWords(rank);
  }
  return results;
}
