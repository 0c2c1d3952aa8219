spilled_sum:                            # @spilled_sum
	subq	$72, %rsp
.LBB0_1:                                # The outer loop may use the stack.
	vmovups	(%rsp), %ymm0
	movq	8(%rsp), %rcx
.LBB0_2:
	vbroadcastss	(%rdi,%rcx,4), %ymm4
	vfmadd231ps	(%rsi), %ymm4, %ymm0    # ymm0 = (ymm4 * mem) + ymm0
	vmovups	32(%rsp), %ymm2
	vfmadd231ps	%ymm4, %ymm1, %ymm2
	vmovups	%ymm2, 32(%rsp)
	decq	%rcx
	jne	.LBB0_2
	decq	%rdx
	jne	.LBB0_1
	retq
frame_pointer:
	pushq	%rbp
	movq	%rsp, %rbp
.LBB1_1:
	vmovups	-48(%rbp), %ymm3
	vpdpbusd	%ymm3, %ymm1, %ymm0
	decq	%rcx
	jne	.LBB1_1
	popq	%rbp
	retq
rbp_as_a_register:
	pushq	%rbp
.LBB2_1:
	vbroadcastss	(%rbp,%rcx,4), %ymm1
	vfmadd231ps	(%rsi), %ymm1, %ymm0
	cmpq	%rcx, %rdx
	je	.LBB2_2
	incq	%rcx
	jmp	.LBB2_1
.LBB2_2:
	popq	%rbp
	retq
two_jumps_back:
.LBB3_1:
	vpmaddwd	(%rsi), %ymm1, %ymm0
	testb	$1, %al
	jne	.LBB3_1
	decq	%rcx
	jne	.LBB3_1
	retq
no_multiply_add:
.LBB4_1:
	vaddps	32(%rsp), %ymm1, %ymm0
	decq	%rcx
	jne	.LBB4_1
	retq
