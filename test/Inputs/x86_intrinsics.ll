; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; What x86's instructions compute, by Intel's Software Developer's Manual, in plain
; LLVM IR. lowered.py puts it in place of the intrinsics of the same names.
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"

; The f32 without what is below the least normal number.
define linkonce_odr hidden <16 x float> @flush(<16 x float> %x) alwaysinline {
  %bits = bitcast <16 x float> %x to <16 x i32>
  %exponent = and <16 x i32> %bits, splat (i32 u0x7F800000)
  %subnormal = icmp eq <16 x i32> %exponent, zeroinitializer
  %sign = and <16 x i32> %bits, splat (i32 u0x80000000)
  %flushed = select <16 x i1> %subnormal, <16 x i32> %sign, <16 x i32> %bits
  %y = bitcast <16 x i32> %flushed to <16 x float>
  ret <16 x float> %y
}

define linkonce_odr hidden <16 x float> @dpbf16ps.multiply_add(<16 x float> %sum, <16 x i32> %a, <16 x i32> %b) alwaysinline {
  %fa = bitcast <16 x i32> %a to <16 x float>
  %fb = bitcast <16 x i32> %b to <16 x float>
  %na = call <16 x float> @flush(<16 x float> %fa)
  %nb = call <16 x float> @flush(<16 x float> %fb)
  %exact = call <16 x float> @llvm.fma.v16f32(<16 x float> %na, <16 x float> %nb, <16 x float> %sum)
  %next = call <16 x float> @flush(<16 x float> %exact)
  ret <16 x float> %next
}

; VDPBF16PS: of each pair the odd element's product is added first, then the even one's;
; subnormals are zero before and after each. An i16 stands for a bf16, which LLVM would
; convert on the way.
define linkonce_odr hidden <16 x float> @lowered.x86.avx512bf16.dpbf16ps.512(<16 x float> %sum, <32 x i16> %a, <32 x i16> %b) alwaysinline {
  %pairs.a = bitcast <32 x i16> %a to <16 x i32>
  %pairs.b = bitcast <32 x i16> %b to <16 x i32>
  %odd.a = and <16 x i32> %pairs.a, splat (i32 u0xFFFF0000)
  %odd.b = and <16 x i32> %pairs.b, splat (i32 u0xFFFF0000)
  %even.a = shl <16 x i32> %pairs.a, splat (i32 16)
  %even.b = shl <16 x i32> %pairs.b, splat (i32 16)
  %first = call <16 x float> @flush(<16 x float> %sum)
  %second = call <16 x float> @dpbf16ps.multiply_add(<16 x float> %first, <16 x i32> %odd.a, <16 x i32> %odd.b)
  %third = call <16 x float> @dpbf16ps.multiply_add(<16 x float> %second, <16 x i32> %even.a, <16 x i32> %even.b)
  ret <16 x float> %third
}

; VPMADDWD: the products of each pair of i16, added.
define linkonce_odr hidden <16 x i32> @lowered.x86.avx512.pmaddw.d.512(<32 x i16> %a, <32 x i16> %b) alwaysinline {
  %pairs.a = bitcast <32 x i16> %a to <16 x i32>
  %pairs.b = bitcast <32 x i16> %b to <16 x i32>
  %left.a = shl <16 x i32> %pairs.a, splat (i32 16)
  %left.b = shl <16 x i32> %pairs.b, splat (i32 16)
  %even.a = ashr <16 x i32> %left.a, splat (i32 16)
  %even.b = ashr <16 x i32> %left.b, splat (i32 16)
  %odd.a = ashr <16 x i32> %pairs.a, splat (i32 16)
  %odd.b = ashr <16 x i32> %pairs.b, splat (i32 16)
  %even = mul <16 x i32> %even.a, %even.b
  %odd = mul <16 x i32> %odd.a, %odd.b
  %sum = add <16 x i32> %even, %odd
  ret <16 x i32> %sum
}

; VPMADDUBSW: the products of each pair of u8 and i8, added and saturated to i16.
define linkonce_odr hidden <32 x i16> @lowered.x86.avx512.pmaddubs.w.512(<64 x i8> %a, <64 x i8> %b) alwaysinline {
  %pairs.a = bitcast <64 x i8> %a to <32 x i16>
  %pairs.b = bitcast <64 x i8> %b to <32 x i16>
  %even.a = and <32 x i16> %pairs.a, splat (i16 255)
  %odd.a = lshr <32 x i16> %pairs.a, splat (i16 8)
  %left.b = shl <32 x i16> %pairs.b, splat (i16 8)
  %even.b = ashr <32 x i16> %left.b, splat (i16 8)
  %odd.b = ashr <32 x i16> %pairs.b, splat (i16 8)
  %even = mul <32 x i16> %even.a, %even.b
  %odd = mul <32 x i16> %odd.a, %odd.b
  %sum = call <32 x i16> @llvm.sadd.sat.v32i16(<32 x i16> %even, <32 x i16> %odd)
  ret <32 x i16> %sum
}

; VPDPBUSD: the products of each four u8 and i8 and an i32, added, without saturation.
define linkonce_odr hidden <16 x i32> @lowered.x86.avx512.vpdpbusd.512(<16 x i32> %sum, <64 x i8> %a, <64 x i8> %b) alwaysinline {
  %wide.a = zext <64 x i8> %a to <64 x i16>
  %wide.b = sext <64 x i8> %b to <64 x i16>
  %low.a = shufflevector <64 x i16> %wide.a, <64 x i16> poison, <32 x i32> <
    i32 0, i32 1, i32 4, i32 5, i32 8, i32 9, i32 12, i32 13, i32 16, i32 17, i32 20, i32 21, i32 24, i32 25, i32 28, i32 29,
    i32 32, i32 33, i32 36, i32 37, i32 40, i32 41, i32 44, i32 45, i32 48, i32 49, i32 52, i32 53, i32 56, i32 57, i32 60, i32 61>
  %low.b = shufflevector <64 x i16> %wide.b, <64 x i16> poison, <32 x i32> <
    i32 0, i32 1, i32 4, i32 5, i32 8, i32 9, i32 12, i32 13, i32 16, i32 17, i32 20, i32 21, i32 24, i32 25, i32 28, i32 29,
    i32 32, i32 33, i32 36, i32 37, i32 40, i32 41, i32 44, i32 45, i32 48, i32 49, i32 52, i32 53, i32 56, i32 57, i32 60, i32 61>
  %high.a = shufflevector <64 x i16> %wide.a, <64 x i16> poison, <32 x i32> <
    i32 2, i32 3, i32 6, i32 7, i32 10, i32 11, i32 14, i32 15, i32 18, i32 19, i32 22, i32 23, i32 26, i32 27, i32 30, i32 31,
    i32 34, i32 35, i32 38, i32 39, i32 42, i32 43, i32 46, i32 47, i32 50, i32 51, i32 54, i32 55, i32 58, i32 59, i32 62, i32 63>
  %high.b = shufflevector <64 x i16> %wide.b, <64 x i16> poison, <32 x i32> <
    i32 2, i32 3, i32 6, i32 7, i32 10, i32 11, i32 14, i32 15, i32 18, i32 19, i32 22, i32 23, i32 26, i32 27, i32 30, i32 31,
    i32 34, i32 35, i32 38, i32 39, i32 42, i32 43, i32 46, i32 47, i32 50, i32 51, i32 54, i32 55, i32 58, i32 59, i32 62, i32 63>
  %low = call <16 x i32> @lowered.x86.avx512.pmaddw.d.512(<32 x i16> %low.a, <32 x i16> %low.b)
  %high = call <16 x i32> @lowered.x86.avx512.pmaddw.d.512(<32 x i16> %high.a, <32 x i16> %high.b)
  %half = add <16 x i32> %sum, %low
  %all = add <16 x i32> %half, %high
  ret <16 x i32> %all
}

; VPERMPS: of each index the low four bits choose an element.
define linkonce_odr hidden <16 x float> @lowered.x86.avx512.permvar.sf.512(<16 x float> %x, <16 x i32> %indices) alwaysinline {
  %memory = alloca <16 x float>
  store <16 x float> %x, ptr %memory
  br label %next

next:
  %lane = phi i32 [ 0, %0 ], [ %lane.next, %next ]
  %permuted = phi <16 x float> [ poison, %0 ], [ %permuted.next, %next ]
  %index = extractelement <16 x i32> %indices, i32 %lane
  %low = and i32 %index, 15
  %address = getelementptr float, ptr %memory, i32 %low
  %element = load float, ptr %address
  %permuted.next = insertelement <16 x float> %permuted, float %element, i32 %lane
  %lane.next = add i32 %lane, 1
  %more = icmp ult i32 %lane.next, 16
  br i1 %more, label %next, label %done

done:
  ret <16 x float> %permuted.next
}

declare <16 x float> @llvm.fma.v16f32(<16 x float>, <16 x float>, <16 x float>)
declare <32 x i16> @llvm.sadd.sat.v32i16(<32 x i16>, <32 x i16>)
