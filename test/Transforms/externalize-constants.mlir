// RUN: mx-opt %s --mx-externalize-constants | FileCheck %s
// RUN: mx-opt %s --mx-externalize-constants=threshold=8 | FileCheck %s --check-prefix=SMALL

// CHECK: module attributes {mx.constants = {complex = dense<(1.000000e+00,2.000000e+00)> : tensor<513xcomplex<f32>>,
// CHECK-SAME: index = dense<7> : tensor<513xindex>,
// CHECK-SAME: large = dense<1.000000e+00> : tensor<1025xf32>}}
// SMALL: module attributes {mx.constants = {{.*}}, large = {{.*}}, small = dense<[1.000000e+00, 2.000000e+00, 3.000000e+00]> : tensor<3xf32>, small_index = dense<7> : tensor<512xindex>}}
// CHECK: memref.global constant @large : memref<1025xf32> {alignment = 64 : i64}
// CHECK: memref.global "private" constant @small : memref<3xf32> = dense<
// SMALL: memref.global constant @small : memref<3xf32>
memref.global "private" constant @large : memref<1025xf32> = dense<1.0> {alignment = 64 : i64}
memref.global "private" constant @small : memref<3xf32> = dense<[1.0, 2.0, 3.0]>
// An index has 8 bytes, a complex number two parts.
// CHECK: memref.global constant @index : memref<513xindex>{{$}}
// CHECK: memref.global "private" constant @small_index : memref<512xindex> = dense<7>
// CHECK: memref.global constant @complex : memref<513xcomplex<f32>>{{$}}
memref.global "private" constant @index : memref<513xindex> = dense<7>
memref.global "private" constant @small_index : memref<512xindex> = dense<7>
memref.global "private" constant @complex : memref<513xcomplex<f32>> = dense<(1.0, 2.0)>
// Memory pads an i24 to 4 bytes, an attribute does not.
// CHECK: memref.global "private" constant @padded : memref<2000xi24> = dense<7>
memref.global "private" constant @padded : memref<2000xi24> = dense<7>
// A scalar is an attribute of its own, whatever it was.
// CHECK: memref.global "private" constant @scalar : memref<f32> = dense<1.000000e+00>
memref.global "private" constant @scalar : memref<f32> = dense_resource<scalar>
// A variable is not a constant.
// CHECK: memref.global "private" @variable : memref<1025xf32> = dense<0.0
memref.global "private" @variable : memref<1025xf32> = dense<0.0>

{-# dialect_resources: { builtin: { scalar: "0x040000000000803F" } } #-}
