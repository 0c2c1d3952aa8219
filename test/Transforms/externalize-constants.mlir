// RUN: mx-opt %s --mx-externalize-constants | FileCheck %s
// RUN: mx-opt %s --mx-externalize-constants=threshold=8 | FileCheck %s --check-prefix=SMALL

// CHECK: module attributes {mx.constants = {large = dense<1.000000e+00> : tensor<1025xf32>}}
// SMALL: module attributes {mx.constants = {large = {{.*}}, small = dense<[1.000000e+00, 2.000000e+00, 3.000000e+00]> : tensor<3xf32>}}
// CHECK: memref.global constant @large : memref<1025xf32> {alignment = 64 : i64}
// CHECK: memref.global "private" constant @small : memref<3xf32> = dense<
// SMALL: memref.global constant @small : memref<3xf32>
memref.global "private" constant @large : memref<1025xf32> = dense<1.0> {alignment = 64 : i64}
memref.global "private" constant @small : memref<3xf32> = dense<[1.0, 2.0, 3.0]>
// A variable is not a constant.
// CHECK: memref.global "private" @variable : memref<1025xf32> = dense<0.0
memref.global "private" @variable : memref<1025xf32> = dense<0.0>
