// RUN: mx-opt %s --mx-flatten-kernels --cse --split-input-file --verify-diagnostics | FileCheck %s

// Buffers of one dimension from their first element on: strides and offsets that are
// not known come from outside, the others are constants inside.
// CHECK-LABEL: func.func @strided
// CHECK-SAME: (%[[X:.*]]: memref<?x8xf32, strided<[?, 2], offset: ?>>, %[[Y:.*]]: memref<4x?xf32>)
// CHECK: %[[XBASE:.*]], %[[OFFSET:.*]], %{{.*}}:2, %[[XS:.*]]:2 = memref.extract_strided_metadata %[[X]]
// CHECK: %[[XFLAT:.*]] = memref.reinterpret_cast %[[XBASE]] to offset: [0], sizes: [%{{.*}}], strides: [1] : memref<f32> to memref<?xf32>
// CHECK: %[[YBASE:.*]], %{{.*}}, %[[YN:.*]]:2, %[[YS:.*]]:2 = memref.extract_strided_metadata %[[Y]]
// Up to the last element.
// CHECK: %[[ROWS:.*]] = arith.subi %[[YN]]#0, %[[ONE:.*]] : index
// CHECK: %[[TO_ROW:.*]] = arith.muli %[[ROWS]], %[[YS]]#0
// CHECK: %[[ROW:.*]] = arith.addi %{{.*}}, %[[TO_ROW]]
// CHECK: %[[COLUMNS:.*]] = arith.subi %[[YN]]#1, %[[ONE]]
// CHECK: %[[TO_COLUMN:.*]] = arith.muli %[[COLUMNS]], %[[YS]]#1
// CHECK: %[[END:.*]] = arith.addi %[[ROW]], %[[TO_COLUMN]]
// CHECK: %[[YFLAT:.*]] = memref.reinterpret_cast %[[YBASE]] to offset: [0], sizes: [%[[END]]], strides: [1] : memref<f32> to memref<?xf32>
// CHECK: gpu.launch {{.*}} threads(%[[T:.*]], %{{.*}}, %{{.*}}) in (
// CHECK: %[[I:.*]] = arith.shrui %[[T]]
// CHECK: %[[TO:.*]] = arith.muli %[[I]], %[[XS]]#0
// CHECK: %[[AT:.*]] = arith.addi %[[OFFSET]], %[[TO]]
// CHECK: %[[PLACE:.*]] = arith.addi %[[AT]], %c8
// CHECK: %[[V:.*]] = memref.load %[[XFLAT]][%[[PLACE]]] : memref<?xf32>
// CHECK: %[[HERE:.*]] = arith.addi %[[YS]]#0, %[[I]]
// CHECK: memref.store %[[V]], %[[YFLAT]][%[[HERE]]] : memref<?xf32>
func.func @strided(%x: memref<?x8xf32, strided<[?, 2], offset: ?>>, %y: memref<4x?xf32>) {
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %c64 = arith.constant 64 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1) threads(%t, %ty, %tz) in (%sx = %c64, %sy = %c1, %sz = %c1) {
    %i = arith.shrui %t, %c1 : index
    %v = memref.load %x[%i, %c4] : memref<?x8xf32, strided<[?, 2], offset: ?>>
    memref.store %v, %y[%c1, %i] : memref<4x?xf32>
    gpu.terminator
  }
  return
}

// -----

// Elements of types that kernels lack are integers in memory.
// CHECK-LABEL: func.func @types
// CHECK-SAME: (%[[A:.*]]: memref<4xf8E4M3FN>, %[[B:.*]]: memref<4xbf16>, %[[C:.*]]: memref<4xi1>, %[[D:.*]]: memref<4xindex>, %[[E:.*]]: memref<4xf4E2M1FN>, %[[F:.*]]: memref<4xf64>)
// CHECK-DAG: %[[A8:.*]] = builtin.unrealized_conversion_cast %{{.*}} : memref<?xf8E4M3FN> to memref<?xi8>
// CHECK-DAG: %[[B16:.*]] = builtin.unrealized_conversion_cast %{{.*}} : memref<?xbf16> to memref<?xi16>
// CHECK-DAG: %[[C8:.*]] = builtin.unrealized_conversion_cast %{{.*}} : memref<?xi1> to memref<?xi8>
// CHECK-DAG: %[[D64:.*]] = builtin.unrealized_conversion_cast %{{.*}} : memref<?xindex> to memref<?xi64>
// CHECK-DAG: %[[E8:.*]] = builtin.unrealized_conversion_cast %{{.*}} : memref<?xf4E2M1FN> to memref<?xi8>
// CHECK: gpu.launch
// CHECK: %[[ACODE:.*]] = memref.load %[[A8]][%[[I:.*]]] : memref<?xi8>
// CHECK: %[[AV:.*]] = arith.bitcast %[[ACODE]] : i8 to f8E4M3FN
// CHECK: %[[ABITS:.*]] = arith.bitcast %[[AV]] : f8E4M3FN to i8
// CHECK: memref.store %[[ABITS]], %[[A8]][%[[I]]]
// CHECK: %[[BCODE:.*]] = memref.load %[[B16]]
// CHECK: %[[BV:.*]] = arith.bitcast %[[BCODE]] : i16 to bf16
// CHECK: %[[BBITS:.*]] = arith.bitcast %[[BV]] : bf16 to i16
// CHECK: memref.store %[[BBITS]], %[[B16]]
// CHECK: %[[CCODE:.*]] = memref.load %[[C8]]
// CHECK: %[[CV:.*]] = arith.trunci %[[CCODE]] : i8 to i1
// CHECK: %[[CBITS:.*]] = arith.extui %[[CV]] : i1 to i8
// CHECK: memref.store %[[CBITS]], %[[C8]]
// CHECK: %[[DCODE:.*]] = memref.load %[[D64]]
// CHECK: %[[DV:.*]] = arith.index_cast %[[DCODE]] : i64 to index
// CHECK: %[[DBITS:.*]] = arith.index_cast %[[DV]] : index to i64
// CHECK: memref.store %[[DBITS]], %[[D64]]
// CHECK: %[[ECODE:.*]] = memref.load %[[E8]]
// CHECK: %[[ECUT:.*]] = arith.trunci %[[ECODE]] : i8 to i4
// CHECK: %[[EV:.*]] = arith.bitcast %[[ECUT]] : i4 to f4E2M1FN
// CHECK: %[[EBITS:.*]] = arith.bitcast %[[EV]] : f4E2M1FN to i4
// CHECK: %[[EBYTE:.*]] = arith.extui %[[EBITS]] : i4 to i8
// CHECK: memref.store %[[EBYTE]], %[[E8]]
// CHECK: memref.load %[[FLAT:.*]][%[[I]]] : memref<?xf64>
// CHECK: memref.store %{{.*}}, %[[FLAT]][%[[I]]] : memref<?xf64>
func.func @types(%a: memref<4xf8E4M3FN>, %b: memref<4xbf16>, %c: memref<4xi1>, %d: memref<4xindex>, %e: memref<4xf4E2M1FN>, %f: memref<4xf64>) {
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1) threads(%t, %ty, %tz) in (%sx = %c64, %sy = %c1, %sz = %c1) {
    %i = arith.shrui %t, %c1 : index
    %0 = memref.load %a[%i] : memref<4xf8E4M3FN>
    memref.store %0, %a[%i] : memref<4xf8E4M3FN>
    %1 = memref.load %b[%i] : memref<4xbf16>
    memref.store %1, %b[%i] : memref<4xbf16>
    %2 = memref.load %c[%i] : memref<4xi1>
    memref.store %2, %c[%i] : memref<4xi1>
    %3 = memref.load %d[%i] : memref<4xindex>
    memref.store %3, %d[%i] : memref<4xindex>
    %4 = memref.load %e[%i] : memref<4xf4E2M1FN>
    memref.store %4, %e[%i] : memref<4xf4E2M1FN>
    %5 = memref.load %f[%i] : memref<4xf64>
    memref.store %5, %f[%i] : memref<4xf64>
    gpu.terminator
  }
  return
}

// -----

// Numbers are i32 or index, an extent is one of them, constants of any type go inside.
// CHECK-LABEL: func.func @numbers
// CHECK-SAME: (%[[Y:.*]]: memref<?xf32>, %[[S:.*]]: f32, %[[H:.*]]: bf16, %[[N:.*]]: index, %[[K:.*]]: i32, %[[P:.*]]: i1)
// CHECK-DAG: %[[SIZE:.*]] = memref.dim %[[Y]], %c0
// CHECK-DAG: %[[SBITS:.*]] = arith.bitcast %[[S]] : f32 to i32
// CHECK-DAG: %[[HBITS:.*]] = arith.bitcast %[[H]] : bf16 to i16
// CHECK-DAG: %[[HNUMBER:.*]] = arith.extui %[[HBITS]] : i16 to i32
// CHECK-DAG: %[[PNUMBER:.*]] = arith.extui %[[P]] : i1 to i32
// CHECK: gpu.launch
// CHECK-NOT: memref.dim
// CHECK-DAG: %[[SIN:.*]] = arith.bitcast %[[SBITS]] : i32 to f32
// CHECK-DAG: %[[HCUT:.*]] = arith.trunci %[[HNUMBER]] : i32 to i16
// CHECK-DAG: %[[HIN:.*]] = arith.bitcast %[[HCUT]] : i16 to bf16
// CHECK-DAG: %[[PIN:.*]] = arith.trunci %[[PNUMBER]] : i32 to i1
// CHECK-DAG: %[[THREE:.*]] = arith.constant 3.000000e+00 : f64
// CHECK: arith.cmpi ult, %{{.*}}, %[[SIZE]]
// CHECK: arith.cmpi ult, %{{.*}}, %[[N]]
// CHECK: arith.andi %{{.*}}, %[[PIN]]
// CHECK: arith.extf %[[HIN]]
// CHECK: arith.mulf %{{.*}}, %[[SIN]]
// CHECK: arith.sitofp %[[K]]
// CHECK: arith.truncf %[[THREE]]
func.func @numbers(%y: memref<?xf32>, %s: f32, %h: bf16, %n: index, %k: i32, %p: i1) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  %three = arith.constant 3.0 : f64
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1) threads(%t, %ty, %tz) in (%sx = %c64, %sy = %c1, %sz = %c1) {
    %i = arith.shrui %t, %c1 : index
    %d = memref.dim %y, %c0 : memref<?xf32>
    %0 = arith.cmpi ult, %i, %d : index
    %1 = arith.cmpi ult, %i, %n : index
    %2 = arith.andi %0, %1 : i1
    %3 = arith.andi %2, %p : i1
    scf.if %3 {
      %4 = arith.extf %h : bf16 to f32
      %5 = arith.mulf %4, %s : f32
      %6 = arith.sitofp %k : i32 to f32
      %7 = arith.addf %5, %6 : f32
      %8 = arith.truncf %three : f64 to f32
      %9 = arith.addf %7, %8 : f32
      memref.store %9, %y[%i] : memref<?xf32>
    }
    gpu.terminator
  }
  return
}

// -----

// CHECK-LABEL: @halves
// CHECK-SAME: (%{{.*}}: memref<4xf32>, %[[S:.*]]: f64)
// CHECK-DAG: %[[BITS:.*]] = arith.bitcast %[[S]] : f64 to i64
// CHECK-DAG: %[[LOW:.*]] = arith.trunci %[[BITS]] : i64 to i32
// CHECK-DAG: %[[UP:.*]] = arith.shrui %[[BITS]], %c32{{.*}} : i64
// CHECK-DAG: %[[HIGH:.*]] = arith.trunci %[[UP]] : i64 to i32
// CHECK: gpu.launch
// CHECK-DAG: %[[LOW64:.*]] = arith.extui %[[LOW]] : i32 to i64
// CHECK-DAG: %[[HIGH64:.*]] = arith.extui %[[HIGH]] : i32 to i64
// CHECK: %[[DOWN:.*]] = arith.shli %[[HIGH64]], %c32{{.*}} : i64
// CHECK: %[[BOTH:.*]] = arith.ori %[[LOW64]], %[[DOWN]] : i64
// CHECK: arith.bitcast %[[BOTH]] : i64 to f64
func.func @halves(%y: memref<4xf32>, %s: f64) {
  %c1 = arith.constant 1 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1) threads(%t, %ty, %tz) in (%sx = %c1, %sy = %c1, %sz = %c1) {
    %f = arith.truncf %s : f64 to f32
    memref.store %f, %y[%t] : memref<4xf32>
    gpu.terminator
  }
  return
}

// -----

func.func @wide(%y: memref<4xf32>, %s: f128) {
  %c1 = arith.constant 1 : index
  // expected-error @+1 {{expected numbers of at most 64 bits in a kernel, found 'f128'}}
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1) threads(%t, %ty, %tz) in (%sx = %c1, %sy = %c1, %sz = %c1) {
    %f = arith.truncf %s : f128 to f32
    memref.store %f, %y[%t] : memref<4xf32>
    gpu.terminator
  }
  return
}

// -----

func.func @view(%y: memref<4x4xf32>, %s: f32) {
  %c1 = arith.constant 1 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1) threads(%t, %ty, %tz) in (%sx = %c1, %sy = %c1, %sz = %c1) {
    // expected-error @+1 {{'memref.collapse_shape' on a buffer cannot be in a kernel}}
    %v = memref.collapse_shape %y [[0, 1]] : memref<4x4xf32> into memref<16xf32>
    memref.store %s, %v[%t] : memref<16xf32>
    gpu.terminator
  }
  return
}
