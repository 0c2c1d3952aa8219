// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ToSPIRV.h"
#include "mx/Conversion/Passes.h"

#include "mlir/Conversion/ArithToSPIRV/ArithToSPIRV.h"
#include "mlir/Conversion/GPUToSPIRV/GPUToSPIRV.h"
#include "mlir/Conversion/IndexToSPIRV/IndexToSPIRV.h"
#include "mlir/Conversion/MathToSPIRV/MathToSPIRV.h"
#include "mlir/Conversion/MemRefToSPIRV/MemRefToSPIRV.h"
#include "mlir/Conversion/SCFToSPIRV/SCFToSPIRV.h"
#include "mlir/Conversion/VectorToSPIRV/VectorToSPIRV.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/SPIRV/IR/SPIRVDialect.h"
#include "mlir/Dialect/SPIRV/IR/SPIRVOps.h"
#include "mlir/Dialect/SPIRV/Transforms/Passes.h"
#include "mlir/Dialect/SPIRV/Transforms/SPIRVConversion.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::mx {
#define GEN_PASS_DEF_CONVERTMXTOSPIRV
#include "mx/Conversion/Passes.h.inc"
} // namespace mlir::mx

using namespace mlir;
using namespace mlir::mx;

/// What a program gets whose module has no spirv.target_env: Vulkan 1.1 with
/// numbers of 8 to 64 bits.
static spirv::TargetEnvAttr getDefaultEnvironment(MLIRContext *context) {
  using spirv::Capability;
  using spirv::Extension;
  return spirv::TargetEnvAttr::get(
      spirv::VerCapExtAttr::get(
          spirv::Version::V_1_3,
          {Capability::Shader, Capability::Int8, Capability::Int16,
           Capability::Int64, Capability::Float16, Capability::Float64,
           Capability::StorageBuffer8BitAccess,
           Capability::StorageBuffer16BitAccess},
          {Extension::SPV_KHR_storage_buffer_storage_class,
           Extension::SPV_KHR_8bit_storage, Extension::SPV_KHR_16bit_storage},
          context),
      spirv::getDefaultResourceLimits(context), spirv::ClientAPI::Vulkan);
}

/// Where buffers are: those of kernels' arguments, or a workgroup's own.
static std::optional<spirv::StorageClass> getStorageClass(Attribute space,
                                                          bool isOpenCL) {
  if (!space)
    return isOpenCL ? spirv::StorageClass::CrossWorkgroup
                    : spirv::StorageClass::StorageBuffer;
  auto gpuSpace = dyn_cast<gpu::AddressSpaceAttr>(space);
  if (gpuSpace && gpuSpace.getValue() == gpu::AddressSpace::Workgroup)
    return spirv::StorageClass::Workgroup;
  return std::nullopt;
}

/// Says how an entry is called: in which workgroups, and where buffers are
/// bound.
static void describeEntry(gpu::GPUFuncOp function, bool isOpenCL) {
  MLIRContext *context = function.getContext();
  SmallVector<int32_t> size;
  if (std::optional<ArrayRef<int32_t>> known = function.getKnownBlockSize())
    llvm::append_range(size, *known);
  auto capabilities = spirv::lookupTargetEnv(function).getCapabilities();
  bool preserves = llvm::is_contained(
      capabilities, spirv::Capability::SignedZeroInfNanPreserve);
  function->setAttr(spirv::getEntryPointABIAttrName(),
                    spirv::getEntryPointABIAttr(
                        context, size, {},
                        preserves ? std::optional<int>(32) : std::nullopt));
  if (isOpenCL)
    return;
  unsigned binding = 0;
  for (auto [number, type] : llvm::enumerate(function.getArgumentTypes())) {
    bool isBuffer = isa<MemRefType>(type);
    function.setArgAttr(
        number, spirv::getInterfaceVarABIAttrName(),
        spirv::getInterfaceVarABIAttr(
            0, isBuffer ? binding++ : 0,
            isBuffer ? std::nullopt
                     : std::optional(spirv::StorageClass::PushConstant),
            context));
  }
}

/// Makes numbers push constants, one i32 after the other.
static LogicalResult pushNumbers(spirv::FuncOp function) {
  SmallVector<unsigned> numbers;
  for (auto [number, type] : llvm::enumerate(function.getArgumentTypes()))
    if (!isa<spirv::PointerType>(type))
      numbers.push_back(number);
  OpBuilder b(function.getBody());
  llvm::BitVector erased(function.getNumArguments());
  for (auto [offset, number] : llvm::enumerate(numbers)) {
    Value value = spirv::getPushConstantValue(
        &function.front().front(), numbers.size(), offset, b.getI32Type(), b);
    if (!value)
      return failure();
    function.getArgument(number).replaceAllUsesWith(value);
    erased.set(number);
  }
  return function.eraseArguments(erased);
}

/// Names what computes with numbers that the target does not have.
static LogicalResult checkNumbers(gpu::GPUModuleOp kernels,
                                  spirv::TargetEnvAttr environment) {
  spirv::TargetEnv target(environment);
  auto lacks = [&](Type type) {
    return (type.isF64() && !target.allows(spirv::Capability::Float64)) ||
           (type.isInteger(64) && !target.allows(spirv::Capability::Int64));
  };
  WalkResult result = kernels.walk([&](Operation *op) {
    for (Type type : op->getResultTypes())
      if (lacks(type)) {
        op->emitError("expected numbers that the device computes with, found ")
            << type;
        return WalkResult::interrupt();
      }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

/// Makes dot products of sums of four products, where the target has them.
static LogicalResult formDotProducts(gpu::GPUModuleOp kernels,
                                     spirv::TargetEnvAttr environment) {
  spirv::TargetEnv target(environment);
  if (!target.allows(spirv::Capability::DotProduct) ||
      !target.allows(spirv::Capability::DotProductInput4x8Bit))
    return success();
  RewritePatternSet patterns(kernels.getContext());
  populateVectorReductionToSPIRVDotProductPatterns(patterns);
  return applyPatternsGreedily(kernels, std::move(patterns));
}

/// Keeps products and sums apart: what conversions round must be rounded.
static void forbidContraction(spirv::FuncOp function, bool isOpenCL) {
  OpBuilder b(function);
  if (isOpenCL) {
    b.setInsertionPointToEnd(function->getBlock());
    spirv::ExecutionModeOp::create(b, function.getLoc(), function,
                                   spirv::ExecutionMode::ContractionOff, {});
    return;
  }
  function.walk([&](Operation *op) {
    if (isa<spirv::FAddOp, spirv::FSubOp, spirv::FMulOp>(op))
      op->setAttr("no_contraction", b.getUnitAttr());
  });
}

/// Says what the passes before do not know.
static void finish(spirv::ModuleOp kernels) {
  // An op may write to a buffer that it reads.
  kernels.walk([](spirv::GlobalVariableOp variable) {
    auto pointer = cast<spirv::PointerType>(variable.getType());
    if (pointer.getStorageClass() == spirv::StorageClass::StorageBuffer)
      variable->setAttr("aliased", UnitAttr::get(variable.getContext()));
  });
  // Where the target has 1.4, entry points list buffers, as only 1.4 allows.
  spirv::Version version = spirv::lookupTargetEnv(kernels).getVersion();
  spirv::VerCapExtAttr needed = *kernels.getVceTriple();
  if (version >= spirv::Version::V_1_4)
    kernels.setVceTripleAttr(spirv::VerCapExtAttr::get(
        version, llvm::to_vector(needed.getCapabilities()),
        llvm::to_vector(needed.getExtensions()), kernels.getContext()));
}

namespace {
struct ConvertMXToSPIRV
    : mlir::mx::impl::ConvertMXToSPIRVBase<ConvertMXToSPIRV> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (!module->hasAttr(spirv::getTargetEnvAttrName()))
      module->setAttr(spirv::getTargetEnvAttrName(),
                      getDefaultEnvironment(&getContext()));
    for (auto kernels :
         llvm::make_early_inc_range(module.getOps<gpu::GPUModuleOp>()))
      if (failed(convert(kernels)))
        return signalPassFailure();
    bool isOpenCL = spirv::TargetEnv(spirv::lookupTargetEnv(module))
                        .allows(spirv::Capability::Kernel);
    for (auto kernels : module.getOps<spirv::ModuleOp>())
      for (auto function : llvm::to_vector(kernels.getOps<spirv::FuncOp>())) {
        forbidContraction(function, isOpenCL);
        if (!isOpenCL && failed(pushNumbers(function)))
          return signalPassFailure();
      }
    OpPassManager pm(ModuleOp::getOperationName());
    pm.addNestedPass<spirv::ModuleOp>(
        spirv::createSPIRVLowerABIAttributesPass());
    pm.addNestedPass<spirv::ModuleOp>(spirv::createSPIRVUpdateVCEPass());
    if (failed(runPipeline(pm, module)))
      return signalPassFailure();
    for (auto kernels : module.getOps<spirv::ModuleOp>())
      finish(kernels);
    module->removeAttr(gpu::GPUDialect::getContainerModuleAttrName());
  }

  LogicalResult convert(gpu::GPUModuleOp kernels) {
    spirv::TargetEnvAttr environment = spirv::lookupTargetEnv(kernels);
    bool isOpenCL =
        spirv::TargetEnv(environment).allows(spirv::Capability::Kernel);
    if (failed(expandForSPIRV(kernels)) ||
        failed(formDotProducts(kernels, environment)) ||
        failed(checkNumbers(kernels, environment)))
      return failure();
    for (auto function : kernels.getOps<gpu::GPUFuncOp>())
      describeEntry(function, isOpenCL);
    spirv::MemorySpaceToStorageClassConverter spaces(
        [&](Attribute space) { return getStorageClass(space, isOpenCL); });
    spirv::convertMemRefTypesAndAttrs(kernels, spaces);

    SPIRVConversionOptions options;
    options.use64bitIndex = isOpenCL;
    // As integers they would be computed with as such.
    options.emulateUnsupportedFloatTypes = false;
    SPIRVTypeConverter types(environment, options);
    ScfToSPIRVContext scf;
    RewritePatternSet patterns(&getContext());
    populateGPUToSPIRVPatterns(types, patterns);
    populateSCFToSPIRVPatterns(types, scf, patterns);
    arith::populateArithToSPIRVPatterns(types, patterns);
    populateMathToSPIRVPatterns(types, patterns);
    populateMemRefToSPIRVPatterns(types, patterns);
    index::populateIndexToSPIRVPatterns(types, patterns);
    populateVectorToSPIRVPatterns(types, patterns);
    return applyFullConversion(kernels.getOperation(),
                               *SPIRVConversionTarget::get(environment),
                               std::move(patterns));
  }
};
} // namespace
