// The passes of mx-to-c, in order, and a quantized layer as C.

// RUN: mx-opt %s --mx-to-c --dump-pass-pipeline -o /dev/null 2>&1 | FileCheck %s --check-prefix=PASSES
// RUN: mx-run %s --weights=mxfp8 --emit=c -o %t --dump-after=c | FileCheck %s --check-prefix=EMITC
// RUN: mx-run %s --weights=mxfp8 --emit=c -o %t && FileCheck %s --check-prefix=HEADER --input-file=%t/to_c.h
// RUN: mx-opt %s --mx-to-c | mx-translate --mlir-to-cpp | FileCheck %s --check-prefix=F32

func.func @linear(%x: tensor<5x64xf32>) -> tensor<5x48xf32> {
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<2.0> : tensor<48x64xf32>
  %y0 = tensor.empty() : tensor<5x48xf32>
  %y1 = linalg.fill ins(%zero : f32) outs(%y0 : tensor<5x48xf32>) -> tensor<5x48xf32>
  %y = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>]
      ins(%x, %w : tensor<5x64xf32>, tensor<48x64xf32>) outs(%y1 : tensor<5x48xf32>) -> tensor<5x48xf32>
  return %y : tensor<5x48xf32>
}

// EMITC-NOT: unrealized_conversion_cast
// EMITC: emitc.func @mx_linalg_generic{{.*}} attributes {specifiers = ["static"]}
// EMITC: emitc.func @linear(%{{.*}}: !emitc.ptr<f32>, %{{.*}}: !emitc.ptr<f32>, %{{.*}}: !emitc.ptr<ui8>, %{{.*}}: !emitc.ptr<ui8>) -> !emitc.ptr<!emitc.opaque<"const char">> attributes {mx.workspace_bytes = {{[0-9]+}} : index}

// HEADER: #define to_c_WORKSPACE_BYTES {{[1-9][0-9]*}}
// HEADER: const char *to_c_run(const void *weights, void *workspace,
// HEADER-NEXT: const float input0[5 * 64],
// HEADER-NEXT: float output0[5 * 48]);

// F32: const char* linear(float* {{.*}}, float* {{.*}}, uint8_t* {{.*}}, uint8_t* {{.*}}) {

// PASSES: builtin.module(
// PASSES-NEXT: mx-raise-extracts{{,?$}}
// PASSES-NEXT: mx-check-extents{{,?$}}
// PASSES-NEXT: mx-fit-windows{{,?$}}
// PASSES-NEXT: resolve-ranked-shaped-type-result-dims{
// PASSES-NEXT: canonicalize{{.*$}}
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: mx-check-sizes{{,?$}}
// PASSES-NEXT: convert-elementwise-to-linalg{{,?$}}
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: linalg-fuse-elementwise-ops{{,?$}}
// PASSES-NEXT: linalg-fold-unit-extent-dims{
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: func.func(
// PASSES-NEXT: mx-expand-blocks
// PASSES-NEXT: ),
// PASSES-NEXT: mx-decode-operands{{,?$}}
// PASSES-NEXT: mx-decompose{{,?$}}
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: mx-pack-subbyte{{,?$}}
// PASSES-NEXT: linalg-generalize-named-ops{{,?$}}
// PASSES-NEXT: mx-interchange-loops{{,?$}}
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: eliminate-empty-tensors{{,?$}}
// PASSES-NEXT: mx-check-bufferizable{{,?$}}
// PASSES-NEXT: one-shot-bufferize{{{.*}}bufferize-function-boundaries=true
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: drop-equivalent-buffer-results{{.*$}}
// PASSES-NEXT: func.func(
// PASSES-NEXT: buffer-loop-hoisting
// PASSES-NEXT: ),
// PASSES-NEXT: func.func(
// PASSES-NEXT: mx-pad-panels
// PASSES-NEXT: ),
// PASSES-NEXT: func.func(
// PASSES-NEXT: promote-buffers-to-stack{
// PASSES-NEXT: ),
// PASSES-NEXT: mx-derive-result-shapes{{,?$}}
// PASSES-NEXT: buffer-results-to-out-params{{{.*}}modify-public-functions=true
// PASSES-NEXT: mx-plan-memory{openmp=false}
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: convert-bufferization-to-memref{{,?$}}
// PASSES-NEXT: mx-externalize-constants{{{.*}}threshold=4096
// PASSES-NEXT: mx-outline-loops{{,?$}}
// PASSES-NEXT: scf-forall-to-for{{,?$}}
// PASSES-NEXT: func.func(
// PASSES-NEXT: mx-lower-memref-copy{{,?$}}
// PASSES-NEXT: convert-linalg-to-loops{{ ?$}}
// PASSES-NEXT: ),
// PASSES-NEXT: lower-affine{{,?$}}
// PASSES-NEXT: mx-widen-floats{f16=true}
// PASSES-NEXT: mx-expand-math{{,?$}}
// PASSES-NEXT: mx-expand-narrow-floats{{,?$}}
// PASSES-NEXT: int-range-optimizations{{,?$}}
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: loop-invariant-code-motion{{,?$}}
// PASSES-NEXT: mx-widen-floats{f16=true}
// PASSES-NEXT: symbol-dce{{,?$}}
// PASSES-NEXT: convert-mx-to-emitc
// PASSES-NEXT: )
