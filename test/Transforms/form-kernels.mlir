// RUN: mx-opt %s --mx-form-kernels --canonicalize --cse --split-input-file --verify-diagnostics | FileCheck %s

// An invocation for each element, in workgroups of 64. More than 65535 of them are
// several rows of workgroups; the last one may have invocations left.
// CHECK-LABEL: func.func @elementwise
// CHECK-SAME: (%[[X:.*]]: memref<?x32xf32>, %[[R:.*]]: memref<?xf32>, %[[Y:.*]]: memref<?x32xf32>, %[[S:.*]]: f32)
// CHECK: %[[ROWS:.*]] = memref.dim %[[X]], %c0
// CHECK: %[[TOTAL:.*]] = arith.muli %[[ROWS]], %c32
// CHECK: %[[ALL:.*]] = arith.ceildivui %[[TOTAL]], %c64
// CHECK: %[[GX:.*]] = arith.minui %[[ALL]], %c65535
// CHECK: %[[GY:.*]] = arith.ceildivui %[[ALL]], %c65535
// CHECK: gpu.launch blocks(%[[BX:.*]], %[[BY:.*]], %{{.*}}) in (%{{.*}} = %[[GX]], %{{.*}} = %[[GY]], %{{.*}} = %c1) threads(%[[T:.*]], %{{.*}}, %{{.*}}) in (%{{.*}} = %c64, %{{.*}} = %c1, %{{.*}} = %c1)
// CHECK: %[[FIRST_OF_ROW:.*]] = arith.muli %[[BY]], %[[GX]]
// CHECK: %[[GROUP:.*]] = arith.addi %[[FIRST_OF_ROW]], %[[BX]]
// CHECK: %[[FIRST:.*]] = arith.muli %[[GROUP]], %c64
// CHECK: %[[NUMBER:.*]] = arith.addi %[[FIRST]], %[[T]]
// CHECK: %[[INSIDE:.*]] = arith.cmpi ult, %[[NUMBER]], %[[TOTAL]]
// CHECK: scf.if %[[INSIDE]] {
// CHECK: %[[J:.*]] = arith.remui %[[NUMBER]], %c32
// CHECK: %[[I:.*]] = arith.divui %[[NUMBER]], %c32
// CHECK: memref.load %[[X]][%[[I]], %[[J]]]
// CHECK: memref.load %[[R]][%[[I]]]
// CHECK: arith.index_cast %[[J]]
// CHECK: %[[RESULT:.*]] = arith.addf %{{.*}}, %[[S]]
// CHECK-NOT: memref.load %[[Y]]
// CHECK: memref.store %[[RESULT]], %[[Y]][%[[I]], %[[J]]]
// CHECK: gpu.terminator
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @elementwise(%x: memref<?x32xf32>, %r: memref<?xf32>, %y: memref<?x32xf32>, %s: f32) {
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%x, %r : memref<?x32xf32>, memref<?xf32>) outs(%y : memref<?x32xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %j = linalg.index 1 : index
    %k = arith.index_cast %j : index to i32
    %f = arith.sitofp %k : i32 to f32
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %0, %f : f32
    %2 = arith.addf %1, %s : f32
    linalg.yield %2 : f32
  }
  return
}

// -----

// A sum is a loop in an invocation, between one load and one store of the output.
// CHECK-LABEL: func.func @sum
// CHECK-SAME: (%[[X:.*]]: memref<4x8xf32>, %[[Y:.*]]: memref<4xf32>)
// CHECK: gpu.launch
// CHECK: arith.cmpi ult, %[[I:.*]], %c4
// CHECK: %[[OLD:.*]] = memref.load %[[Y]][%[[I]]]
// CHECK: %[[SUM:.*]] = scf.for %[[K:.*]] = %c0 to %c8 step %c1 iter_args(%[[PART:.*]] = %[[OLD]]) -> (f32) {
// CHECK: %[[V:.*]] = memref.load %[[X]][%[[I]], %[[K]]]
// CHECK: %[[NEXT:.*]] = arith.addf %[[PART]], %[[V]]
// CHECK: scf.yield %[[NEXT]]
// CHECK: memref.store %[[SUM]], %[[Y]][%[[I]]]
func.func @sum(%x: memref<4x8xf32>, %y: memref<4xf32>) {
  linalg.reduce { arith.addf } ins(%x : memref<4x8xf32>) outs(%y : memref<4xf32>) dimensions = [1]
  return
}

// A copy is a kernel, too.
// CHECK-LABEL: func.func @copy
// CHECK-SAME: (%[[X:.*]]: memref<4x8xf32, strided<[16, 1]>>, %[[Y:.*]]: memref<4x8xf32>)
// CHECK-NOT: memref.copy
// CHECK: gpu.launch
// CHECK: arith.cmpi ult, %{{.*}}, %c32
// CHECK: %[[V:.*]] = memref.load %[[X]][%[[I:.*]], %[[J:.*]]] : memref<4x8xf32, strided
// CHECK: memref.store %[[V]], %[[Y]][%[[I]], %[[J]]]
func.func @copy(%x: memref<4x8xf32, strided<[16, 1]>>, %y: memref<4x8xf32>) {
  memref.copy %x, %y : memref<4x8xf32, strided<[16, 1]>> to memref<4x8xf32>
  return
}

// So is what writes one number.
// CHECK-LABEL: func.func @one_number
// CHECK-SAME: (%[[S:.*]]: f32, %[[Y:.*]]: memref<f32>)
// CHECK: gpu.launch {{.*}} in (%{{.*}} = %c1, %{{.*}} = %c1, %{{.*}} = %c1) threads
// CHECK: arith.cmpi ult, %{{.*}}, %c1
// CHECK: memref.store %[[S]], %[[Y]][]
func.func @one_number(%s: f32, %y: memref<f32>) {
  linalg.fill ins(%s : f32) outs(%y : memref<f32>)
  return
}

// -----

// An output with an element for each block of the reduction is loaded and stored in
// the loop.
// CHECK-LABEL: func.func @blocks
// CHECK-SAME: (%[[X:.*]]: memref<4x64xf32>, %[[Y:.*]]: memref<4x2xf32>)
// CHECK: gpu.launch
// CHECK-NOT: memref.load %[[Y]]
// CHECK: scf.for %[[K:.*]] = %c0 to %c64 step %c1 {
// CHECK: arith.div{{[su]}}i %{{.*}}, %c32
// CHECK: %[[OLD:.*]] = memref.load %[[Y]][%[[I:.*]], %[[BLOCK:.*]]]
// CHECK: memref.load %[[X]][%[[I]], %[[K]]]
// CHECK: %[[NEW:.*]] = arith.maximumf %{{.*}}, %[[OLD]]
// CHECK: memref.store %[[NEW]], %[[Y]][%[[I]], %[[BLOCK]]]
// CHECK: gpu.terminator
func.func @blocks(%x: memref<4x64xf32>, %y: memref<4x2xf32>) {
  linalg.generic {indexing_maps = [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i, k floordiv 32)>], iterator_types = ["parallel", "reduction"]} ins(%x : memref<4x64xf32>) outs(%y : memref<4x2xf32>) {
  ^bb0(%a: f32, %o: f32):
    %m = math.absf %a : f32
    %0 = arith.maximumf %m, %o : f32
    linalg.yield %0 : f32
  }
  return
}

// -----

// An assertion ends the program: the host does that. What has tensors waits.
// CHECK-LABEL: func.func @host
// CHECK-NOT: gpu.launch
// CHECK: linalg.generic
// CHECK: cf.assert
// CHECK-LABEL: func.func @tensors
// CHECK-NOT: gpu.launch
// CHECK: linalg.generic
func.func @host(%x: memref<4xf32>, %i: memref<4xi32>, %y: memref<4xf32>) {
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%i : memref<4xi32>) outs(%y : memref<4xf32>) {
  ^bb0(%a: i32, %o: f32):
    %c4 = arith.constant 4 : index
    %n = arith.index_cast %a : i32 to index
    %in = arith.cmpi ult, %n, %c4 : index
    // expected-remark @below {{'cf.assert' cannot be in a kernel: the op around it runs on the host}}
    cf.assert %in, "index out of bounds"
    %v = memref.load %x[%n] : memref<4xf32>
    linalg.yield %v : f32
  }
  return
}
func.func @tensors(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %0 = linalg.exp ins(%x : tensor<4xf32>) outs(%y : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#mkb = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nkb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#mn = affine_map<(m, n, k) -> (m, n)>
// A step of a block decodes the rows into workgroup memory, between barriers, and an
// invocation its column. The block's sum is scaled as a whole, by two powers of 2 whose
// exponents together are those of the scales; a scale of NaN makes one NaN.
// CHECK-LABEL: func.func @contract
// CHECK-SAME: (%[[A:.*]]: memref<2x64xf8E4M3FN>, %[[AS:.*]]: memref<2x2xf8E8M0FNU>, %[[B:.*]]: memref<48x64xf8E4M3FN>, %[[BS:.*]]: memref<48x2xf8E8M0FNU>, %[[C:.*]]: memref<2x48xf32>)
// CHECK: gpu.launch {{.*}} threads(%[[T:.*]], %{{.*}}, %{{.*}}) in (%{{.*}} = %c64,
// CHECK-DAG: %[[N:.*]] = arith.minui %[[T]], %c47
// CHECK-DAG: %[[ROWS:.*]] = memref.alloc() : memref<64xf32, #gpu.address_space<workgroup>>
// CHECK: %[[C0:.*]] = memref.load %[[C]][%c0, %[[N]]]
// CHECK: %[[C1:.*]] = memref.load %[[C]][%c1, %[[N]]]
// CHECK: %[[ALL:.*]]:2 = scf.for %[[K:.*]] = %c0 to %c64 step %c32 iter_args(%[[S0:.*]] = %[[C0]], %{{.*}} = %[[C1]])
// CHECK: gpu.barrier
// CHECK: scf.for %{{.*}} = %[[T]] to %c64 step %c64 {
// CHECK: %[[CODE:.*]] = memref.load %[[A]][
// CHECK: %[[ELEMENT:.*]] = arith.extf %[[CODE]]
// CHECK: memref.store %[[ELEMENT]], %[[ROWS]][
// CHECK: gpu.barrier
// CHECK: %[[SUMS:.*]]:2 = scf.for %[[STEP:.*]] = %c0 to %c32 step %c1 iter_args(%[[P0:.*]] = %[[ZERO:.*]], %[[P1:.*]] = %[[ZERO]])
// CHECK: %[[AT:.*]] = arith.addi %[[K]], %[[STEP]]
// CHECK: %[[COLUMN:.*]] = memref.load %[[B]][%[[N]], %[[AT]]]
// CHECK: %[[Y:.*]] = arith.extf %[[COLUMN]]
// CHECK: %[[X0:.*]] = memref.load %[[ROWS]][
// CHECK: math.fma %[[X0]], %[[Y]], %[[P0]]
// CHECK: %[[X1:.*]] = memref.load %[[ROWS]][
// CHECK: math.fma %[[X1]], %[[Y]], %[[P1]]
// CHECK: memref.load %[[BS]][%[[N]], %[[BLOCK:.*]]]
// CHECK: memref.load %[[AS]][%c0, %[[BLOCK]]]
// CHECK: %[[BIASED:.*]] = arith.addi %[[EA:.*]], %[[EB:.*]] : i32
// CHECK: %[[LARGEST:.*]] = arith.maxsi %[[EA]], %[[EB]]
// CHECK: %[[E:.*]] = arith.subi %[[BIASED]], %c254_i32
// CHECK: %[[HALF:.*]] = arith.shrsi %[[E]], %c1_i32
// CHECK: %[[IS_NAN:.*]] = arith.cmpi eq, %[[LARGEST]], %c255_i32
// CHECK: %[[OTHER:.*]] = arith.subi %[[E]], %[[HALF]]
// CHECK: arith.select %[[IS_NAN]], %c2143289344_i32, %{{.*}}
// CHECK: %[[ONCE:.*]] = arith.mulf %[[SUMS]]#0, %{{.*}}
// CHECK: %[[TWICE:.*]] = arith.mulf %[[ONCE]], %{{.*}}
// CHECK: arith.addf %[[S0]], %[[TWICE]]
// CHECK: memref.load %[[AS]][%c1, %[[BLOCK]]]
// CHECK-NOT: memref.load %[[BS]]
// CHECK: memref.store %[[ALL]]#0, %[[C]][%c0,
// CHECK: memref.store %[[ALL]]#1, %[[C]][%c1,
// CHECK: gpu.terminator
// CHECK-NOT: mx.contract
// CHECK: return
func.func @contract(%a: memref<2x64xf8E4M3FN>, %as: memref<2x2xf8E8M0FNU>, %b: memref<48x64xf8E4M3FN>, %bs: memref<48x2xf8E8M0FNU>, %c: memref<2x48xf32>) {
  mx.contract indexing_maps = [#mk, #mkb, #nk, #nkb, #mn] {mx.register_tile} lhs(%a scaled %as : memref<2x64xf8E4M3FN>, memref<2x2xf8E8M0FNU>) rhs(%b scaled %bs : memref<48x64xf8E4M3FN>, memref<48x2xf8E8M0FNU>) outs(%c : memref<2x48xf32>)
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nkb = affine_map<(m, n, k) -> (n, k floordiv 16)>
#one = affine_map<(m, n, k) -> ()>
#mn = affine_map<(m, n, k) -> (m, n)>
// Scales that are numbers: their product, without a power.
// CHECK-LABEL: func.func @numbers
// CHECK-SAME: %[[BS:[a-z0-9]+]]: memref<8x3xf32>, %[[G:.*]]: memref<f32>,
// CHECK: scf.for %{{.*}} = %c0 to %c40 step %c16
// CHECK: %[[SUM:.*]] = scf.for
// CHECK: %[[S:.*]] = memref.load %[[BS]][
// CHECK: %[[ALL:.*]] = memref.load %[[G]][]
// CHECK: %[[SCALE:.*]] = arith.mulf %[[S]], %[[ALL]]
// CHECK: %[[SCALED:.*]] = arith.mulf %[[SUM]], %[[SCALE]]
// CHECK-NEXT: arith.addf %{{.*}}, %[[SCALED]]
// CHECK-NOT: arith.shrsi
// CHECK: gpu.terminator
func.func @numbers(%a: memref<1x40xf32>, %b: memref<8x40xf32>, %bs: memref<8x3xf32>, %g: memref<f32>, %c: memref<1x8xf32>) {
  mx.contract indexing_maps = [#mk, #nk, #nkb, #one, #mn] {mx.register_tile} lhs(%a : memref<1x40xf32>) rhs(%b scaled %bs, %g : memref<8x40xf32>, memref<8x3xf32>, memref<f32>) outs(%c : memref<1x8xf32>)
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#mkb = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nkb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#mn = affine_map<(m, n, k) -> (m, n)>
// On a device with dot products of four i8, a block's products are added up as integers:
// rows lie four codes to a word, and what is past the sum's end is zero. The sum is that
// of products of numbers with 6 fraction bits each.
// CHECK-LABEL: func.func @int8
// CHECK-SAME: (%[[A:.*]]: memref<1x70xi8>, %[[AS:.*]]: memref<1x3xf8E8M0FNU>, %[[B:.*]]: memref<48x70xi8>,
// CHECK: gpu.launch {{.*}} threads(%[[T:.*]], %{{.*}}, %{{.*}}) in (%{{.*}} = %c64,
// CHECK: %[[ROWS:.*]] = memref.alloc() : memref<8xi32, #gpu.address_space<workgroup>>
// CHECK: scf.for %[[K:.*]] = %c0 to %c70 step %c32
// CHECK: scf.for %[[WORD:.*]] = %[[T]] to %c8 step %c64 {
// CHECK: %[[CODE:.*]] = memref.load %[[A]][
// CHECK: %[[INSIDE:.*]] = arith.cmpi ult, %{{.*}}, %c70
// CHECK: %[[X0:.*]] = arith.select %[[INSIDE]], %[[CODE]], %c0_i8
// CHECK: %[[FOUR:.*]] = vector.from_elements %[[X0]], %{{.*}}, %{{.*}}, %{{.*}} : vector<4xi8>
// CHECK: %[[BITS:.*]] = vector.bitcast %[[FOUR]] : vector<4xi8> to vector<1xi32>
// CHECK: %[[PACKED:.*]] = vector.extract %[[BITS]][0]
// CHECK: memref.store %[[PACKED]], %[[ROWS]][
// CHECK: gpu.barrier
// CHECK: %[[SUM:.*]] = scf.for %{{.*}} iter_args(%[[PART:.*]] = %c0_i32) -> (i32) {
// CHECK: memref.load %[[B]][
// CHECK-NOT: arith.select
// CHECK: %[[Y:.*]] = vector.from_elements {{.*}} : vector<4xi8>
// CHECK: %[[LOADED:.*]] = memref.load %[[ROWS]][
// CHECK: %[[VECTOR:.*]] = vector.broadcast %[[LOADED]] : i32 to vector<1xi32>
// CHECK: %[[X:.*]] = vector.bitcast %[[VECTOR]] : vector<1xi32> to vector<4xi8>
// CHECK-DAG: %[[XWIDE:.*]] = arith.extsi %[[X]] : vector<4xi8> to vector<4xi32>
// CHECK-DAG: %[[YWIDE:.*]] = arith.extsi %[[Y]] : vector<4xi8> to vector<4xi32>
// CHECK: %[[PRODUCTS:.*]] = arith.muli %[[XWIDE]], %[[YWIDE]]
// CHECK: %[[DOT:.*]] = vector.reduction <add>, %[[PRODUCTS]] : vector<4xi32> into i32
// CHECK: arith.addi %[[PART]], %[[DOT]]
// CHECK: %[[FLOAT:.*]] = arith.sitofp %[[SUM]] : i32 to f32
// CHECK: arith.mulf %[[FLOAT]], %cst
// CHECK: arith.shrsi
// Codes of E2M3 are multiples of 2^-3; a sum of whole blocks needs no zeros.
// CHECK-LABEL: func.func @e2m3
// CHECK: memref.alloc() : memref<8xi32,
// CHECK: arith.extui %{{.*}} : i6 to i8
// CHECK: vector.bitcast
// CHECK: scf.for {{.*}} = %c0 to %c8 step %c1
// CHECK: vector.reduction <add>
// Sums that no scale cuts into blocks would be rounded elsewhere.
// CHECK-LABEL: func.func @int8_without_scales
// CHECK-NOT: vector.
// CHECK: math.fma
// FP8 codes are no small integers.
// CHECK-LABEL: func.func @fp8
// CHECK-NOT: vector.
// CHECK: math.fma
module attributes {spirv.target_env = #spirv.target_env<#spirv.vce<v1.6, [Shader, Int8, DotProduct, DotProductInput4x8Bit], [SPV_KHR_storage_buffer_storage_class, SPV_KHR_8bit_storage, SPV_KHR_integer_dot_product]>, api=Vulkan, #spirv.resource_limits<>>} {
  func.func @int8(%a: memref<1x70xi8>, %as: memref<1x3xf8E8M0FNU>, %b: memref<48x70xi8>, %bs: memref<48x3xf8E8M0FNU>, %c: memref<1x48xf32>) {
    mx.contract indexing_maps = [#mk, #mkb, #nk, #nkb, #mn] {lhs_fraction_bits = 6 : i64, mx.register_tile, rhs_fraction_bits = 6 : i64} lhs(%a scaled %as : memref<1x70xi8>, memref<1x3xf8E8M0FNU>) rhs(%b scaled %bs : memref<48x70xi8>, memref<48x3xf8E8M0FNU>) outs(%c : memref<1x48xf32>)
    return
  }
  func.func @e2m3(%a: memref<1x64xf6E2M3FN>, %as: memref<1x2xf8E8M0FNU>, %b: memref<48x64xf6E2M3FN>, %bs: memref<48x2xf8E8M0FNU>, %c: memref<1x48xf32>) {
    mx.contract indexing_maps = [#mk, #mkb, #nk, #nkb, #mn] {mx.register_tile} lhs(%a scaled %as : memref<1x64xf6E2M3FN>, memref<1x2xf8E8M0FNU>) rhs(%b scaled %bs : memref<48x64xf6E2M3FN>, memref<48x2xf8E8M0FNU>) outs(%c : memref<1x48xf32>)
    return
  }
  func.func @int8_without_scales(%a: memref<1x64xi8>, %b: memref<48x64xi8>, %c: memref<1x48xf32>) {
    mx.contract indexing_maps = [#mk, #nk, #mn] {mx.register_tile} lhs(%a : memref<1x64xi8>) rhs(%b : memref<48x64xi8>) outs(%c : memref<1x48xf32>)
    return
  }
  func.func @fp8(%a: memref<1x64xi8>, %as: memref<1x2xf8E8M0FNU>, %b: memref<48x64xf8E4M3FN>, %bs: memref<48x2xf8E8M0FNU>, %c: memref<1x48xf32>) {
    mx.contract indexing_maps = [#mk, #mkb, #nk, #nkb, #mn] {lhs_fraction_bits = 6 : i64, mx.register_tile} lhs(%a scaled %as : memref<1x64xi8>, memref<1x2xf8E8M0FNU>) rhs(%b scaled %bs : memref<48x64xf8E4M3FN>, memref<48x2xf8E8M0FNU>) outs(%c : memref<1x48xf32>)
    return
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#mkb = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nkb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Without dot products, integers are f32 too.
// CHECK-LABEL: func.func @int8_as_f32
// CHECK: memref.alloc() : memref<32xf32,
// CHECK-NOT: vector.
// CHECK: math.fma
// CHECK: gpu.terminator
module attributes {spirv.target_env = #spirv.target_env<#spirv.vce<v1.3, [Shader, Int8], [SPV_KHR_storage_buffer_storage_class, SPV_KHR_8bit_storage]>, api=Vulkan, #spirv.resource_limits<>>} {
  func.func @int8_as_f32(%a: memref<1x70xi8>, %as: memref<1x3xf8E8M0FNU>, %b: memref<48x70xi8>, %bs: memref<48x3xf8E8M0FNU>, %c: memref<1x48xf32>) {
    mx.contract indexing_maps = [#mk, #mkb, #nk, #nkb, #mn] {lhs_fraction_bits = 6 : i64, mx.register_tile, rhs_fraction_bits = 6 : i64} lhs(%a scaled %as : memref<1x70xi8>, memref<1x3xf8E8M0FNU>) rhs(%b scaled %bs : memref<48x70xi8>, memref<48x3xf8E8M0FNU>) outs(%c : memref<1x48xf32>)
    return
  }
}
