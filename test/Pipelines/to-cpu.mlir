// The passes of mx-to-cpu, in order, and a quantized layer after each stage.

// RUN: mx-opt %s --mx-to-cpu --dump-pass-pipeline -o /dev/null 2>&1 | FileCheck %s --check-prefix=PASSES
// RUN: mx-run %s --weights=mxfp8 --emit=mlir --dump-after=quantize | FileCheck %s --check-prefix=QUANTIZE
// RUN: mx-run %s --weights=mxfp8 --emit=mlir --dump-after=fold | FileCheck %s --check-prefix=FOLD
// RUN: mx-run %s --weights=mxfp8 --emit=mlir --dump-after=decompose | FileCheck %s --check-prefix=DECOMPOSE
// RUN: mx-run %s --weights=mxfp8 --emit=mlir --dump-after=bufferize | FileCheck %s --check-prefix=BUFFERIZE
// RUN: mx-run %s --weights=mxfp8 --emit=mlir | FileCheck %s --check-prefix=LLVM
// RUN: mx-opt %s --mx-to-cpu | FileCheck %s --check-prefix=LLVM

func.func @linear(%x: tensor<?x64xf32>) -> tensor<?x96xf32> {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<2.0> : tensor<96x64xf32>
  %n = tensor.dim %x, %c0 : tensor<?x64xf32>
  %y0 = tensor.empty(%n) : tensor<?x96xf32>
  %y1 = linalg.fill ins(%zero : f32) outs(%y0 : tensor<?x96xf32>) -> tensor<?x96xf32>
  %y = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>]
      ins(%x, %w : tensor<?x64xf32>, tensor<96x64xf32>) outs(%y1 : tensor<?x96xf32>) -> tensor<?x96xf32>
  return %y : tensor<?x96xf32>
}

// Both operands become elements and scales ...
// QUANTIZE-LABEL: func.func @linear
// QUANTIZE: %[[W:.*]] = arith.constant dense<{{.*}}> : tensor<96x64xf32>
// QUANTIZE: %[[Q:.*]]:2 = mx.quantize {{.*}} ins(%arg0 : tensor<?x64xf32>)
// QUANTIZE: %[[V:.*]]:2 = mx.quantize {{.*}} ins(%[[W]] : tensor<96x64xf32>)
// QUANTIZE: mx.contract {{.*}} lhs(%[[Q]]#0 scaled %[[Q]]#1 {{.*}} rhs(%[[V]]#0 scaled %[[V]]#1

// ... the weight at compile time.
// FOLD-LABEL: func.func @linear
// FOLD-NOT: tensor<96x64xf32>
// FOLD-DAG: %[[S:.*]] = arith.constant dense<{{.*}}> : tensor<96x2xf8E8M0FNU>
// FOLD-DAG: %[[W:.*]] = arith.constant dense{{.*}} : tensor<96x64xf8E4M3FN>
// FOLD: %[[Q:.*]]:2 = mx.quantize
// FOLD-NOT: mx.quantize
// FOLD: mx.contract {{.*}} lhs(%[[Q]]#0 scaled %[[Q]]#1 {{.*}} rhs(%[[W]] scaled %[[S]]

// The contraction has a function of its own. Where scales are ordinary, blocks of rows
// are decoded one by one and for each the weight panel by panel, columns last; what
// is left of mx are tiles that fit registers. Where not, there are loops over blocks.
// DECOMPOSE-LABEL: func.func @linear
// DECOMPOSE: call @[[CONTRACT:[a-z_0-9]+]](
// DECOMPOSE: func.func private @[[CONTRACT]]
// DECOMPOSE: scf.if %{{.*}} -> (tensor<?x96xf32>)
// DECOMPOSE: scf.for {{.*}} -> (tensor<?x96xf32>)
// DECOMPOSE: scf.forall
// DECOMPOSE: linalg.generic {{.*}} ins(%{{.*}} : tensor<?x64xf8E4M3FN>, tensor<?x2xf32>) outs({{.*}} : tensor<?x64xf32>)
// DECOMPOSE: scf.forall
// DECOMPOSE: %[[CODES:.*]] = linalg.generic {{.*}} ins(%{{.*}} : tensor<[[COLUMNS:[0-9]+]]x64xf8E4M3FN>) outs({{.*}} : tensor<64x[[COLUMNS]]xf8E4M3FN>)
// DECOMPOSE: %[[PANEL:.*]] = linalg.generic {{.*}} ins(%[[CODES]], %{{.*}} : tensor<64x[[COLUMNS]]xf8E4M3FN>, tensor<2x[[COLUMNS]]xf32>) outs({{.*}} : tensor<64x[[COLUMNS]]xf32>)
// DECOMPOSE: scf.for
// DECOMPOSE: mx.contract {{.*}} {mx.register_tile} {{.*}} rhs(%[[PANEL]] :
// DECOMPOSE: } else {
// DECOMPOSE: scf.forall
// DECOMPOSE: scf.for %{{.*}} = %c0 to %c64 step %c32
// DECOMPOSE: linalg.generic {{{.*}}iterator_types = ["parallel", "reduction", "parallel"]} ins(%{{.*}}, %{{.*}} : tensor<?x32xf32>, tensor<32x?xf32>)
// DECOMPOSE-NOT: mx.

// The function fills and writes to its last argument; a panel has a buffer of its
// own in each iteration, for all rows.
// BUFFERIZE-LABEL: func.func @linear
// BUFFERIZE-NOT: {{^[^"]*}}tensor<
// BUFFERIZE-NOT: call @linalg_
// BUFFERIZE: %[[Y:.*]] = memref.alloc({{.*}} : memref<?x96xf32>
// BUFFERIZE: call @[[CONTRACT:[a-z_0-9]+]]({{.*}}, %[[Y]])
// BUFFERIZE: return %[[Y]]
// BUFFERIZE: func.func private @[[CONTRACT]]
// BUFFERIZE: scf.if
// BUFFERIZE: call @scf_forall_{{[0-9]+}}({{.*}}%[[ROWS:.*]]) :
// BUFFERIZE: call @[[PANELS:scf_forall_[0-9]+]](%[[ROWS]]
// BUFFERIZE: func.func private @[[PANELS]](
// BUFFERIZE: scf.forall
// BUFFERIZE: memref.alloc() {{.*}} : memref<64x{{[0-9]+}}xf32>
// BUFFERIZE: scf.for
// BUFFERIZE-NOT: memref.alloc
// BUFFERIZE: scf.index_switch
// BUFFERIZE: math.fma

// LLVM-NOT: unrealized_conversion_cast
// LLVM: llvm.func @linear({{.*}}!llvm.ptr
// LLVM-NOT: unrealized_conversion_cast

// PASSES: builtin.module(
// PASSES-NEXT: mx-raise-extracts{{,?$}}
// PASSES-NEXT: mx-check-extents{{,?$}}
// PASSES-NEXT: mx-fit-windows{{,?$}}
// PASSES-NEXT: resolve-ranked-shaped-type-result-dims{
// PASSES-NEXT: canonicalize{{.*$}}
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: mx-check-sizes{{,?$}}
// PASSES-NEXT: mx-offload{{,?$}}
// PASSES-NEXT: convert-elementwise-to-linalg{{,?$}}
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: linalg-fuse-elementwise-ops{{,?$}}
// PASSES-NEXT: linalg-fold-unit-extent-dims{{.*$}}
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: func.func(
// PASSES-NEXT: mx-form-contract{{,?$}}
// PASSES-NEXT: ){{,?$}}
// PASSES-NEXT: func.func(
// PASSES-NEXT: mx-widen-results{{,?$}}
// PASSES-NEXT: ){{,?$}}
// PASSES-NEXT: func.func(
// PASSES-NEXT: mx-unfold-windows{{,?$}}
// PASSES-NEXT: )
// PASSES-NEXT: mx-pack-weights{{,?$}}
// PASSES-NEXT: func.func(
// PASSES-NEXT: mx-collapse-dims{{,?$}}
// PASSES-NEXT: ){{,?$}}
// PASSES-NEXT: func.func(
// PASSES-NEXT: mx-mark-ordinary-scales{{,?$}}
// PASSES-NEXT: ){{,?$}}
// PASSES-NEXT: mx-outline-contractions{{,?$}}
// PASSES-NEXT: func.func(
// PASSES-NEXT: mx-expand-blocks{{,?$}}
// PASSES-NEXT: ){{,?$}}
// PASSES-NEXT: func.func(
// PASSES-NEXT: mx-transpose-operands{{,?$}}
// PASSES-NEXT: ){{,?$}}
// PASSES-NEXT: func.func(
// PASSES-NEXT: mx-tile{{,?$}}
// PASSES-NEXT: ){{,?$}}
// PASSES-NEXT: func.func(
// PASSES-NEXT: mx-fuse-loops{{,?$}}
// PASSES-NEXT: ),
// PASSES-NEXT: func.func(
// PASSES-NEXT: mx-split-sums{{,?$}}
// PASSES-NEXT: )
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
// PASSES-NEXT: buffer-loop-hoisting{{,?$}}
// PASSES-NEXT: ),
// PASSES-NEXT: func.func(
// PASSES-NEXT: mx-pad-panels{{ ?$}}
// PASSES-NEXT: )
// PASSES-NEXT: expand-realloc{
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: ownership-based-buffer-deallocation{
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: buffer-deallocation-simplification{{,?$}}
// PASSES-NEXT: bufferization-lower-deallocations{{,?$}}
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: convert-bufferization-to-memref{{,?$}}
// PASSES-NEXT: mx-externalize-constants{{{.*}}threshold=4096
// PASSES-NEXT: func.func(
// PASSES-NEXT: mx-form-mma{{,?$}}
// PASSES-NEXT: )
// PASSES-NEXT: func.func(
// PASSES-NEXT: mx-transpose-bytes{{,?$}}
// PASSES-NEXT: )
// PASSES-NEXT: func.func(
// PASSES-NEXT: mx-reduce-rows{{,?$}}
// PASSES-NEXT: )
// PASSES-NEXT: mx-outline-loops{{,?$}}
// PASSES-NEXT: func.func(
// PASSES-NEXT: mx-tile-distant-rows{{,?$}}
// PASSES-NEXT: )
// PASSES-NEXT: scf-forall-to-parallel{{,?$}}
// PASSES-NEXT: convert-scf-to-openmp{
// PASSES-NEXT: mx-inline-alloca-scopes{{,?$}}
// PASSES-NEXT: func.func(
// PASSES-NEXT: mx-lower-memref-copy{{,?$}}
// PASSES-NEXT: convert-linalg-to-loops{{,?$}}
// PASSES-NEXT: mx-annotate-loops{{,?$}}
// PASSES-NEXT: mx-lower-dynamic-expand-shape{{,?$}}
// PASSES-NEXT: )
// PASSES-NEXT: memref-expand{{,?$}}
// PASSES-NEXT: expand-strided-metadata{{,?$}}
// PASSES-NEXT: lower-affine{{,?$}}
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: loop-invariant-code-motion{{,?$}}
// PASSES-NEXT: mx-widen-floats{f16=false}
// PASSES-NEXT: mx-expand-math{{,?$}}
// PASSES-NEXT: mx-expand-narrow-floats{{,?$}}
// PASSES-NEXT: mx-lower-min-max{{,?$}}
// PASSES-NEXT: arith-expand{{{.*}}include-bf16=true{{.*}}include-f8e8m0=false
// PASSES-NEXT: convert-scf-to-cf{
// PASSES-NEXT: convert-vector-to-llvm{
// PASSES-NEXT: convert-math-to-llvm{
// PASSES-NEXT: convert-math-to-libm{{,?$}}
// PASSES-NEXT: convert-arith-to-llvm{
// PASSES-NEXT: convert-index-to-llvm{
// PASSES-NEXT: finalize-memref-to-llvm{
// PASSES-NEXT: convert-cf-to-llvm{
// PASSES-NEXT: convert-ub-to-llvm{
// PASSES-NEXT: convert-func-to-llvm{
// PASSES-NEXT: convert-openmp-to-llvm{{,?$}}
// PASSES-NEXT: reconcile-unrealized-casts{{,?$}}
// PASSES-NEXT: mx-check-allocations{{,?$}}
// PASSES-NEXT: mx-lower-loop-annotations{{,?$}}
// PASSES-NEXT: mx-lower-bf16-accesses{{,?$}}
// PASSES-NEXT: canonicalize{
// PASSES-NEXT: cse{{,?$}}
// PASSES-NEXT: mx-check-divisions{{,?$}}
// PASSES-NEXT: )
