// RUN: mx-opt --show-dialects | FileCheck %s
// CHECK: Available Dialects:
// CHECK-SAME: mx
