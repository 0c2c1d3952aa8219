# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""onnxruntime on a convolution in f32."""

import argparse

import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from benchmarks.convolution import Convolution

from .timing import print_times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs=5, metavar="PIXELS CHANNELS FILTERS KERNEL STRIDE")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--runs", type=int, default=10)
    arguments = parser.parse_args()
    case = Convolution(*arguments.sizes)
    image, filters = case.make_arrays()
    graph = helper.make_graph(
        [helper.make_node("Conv", ["x", "w"], ["y"], strides=[case.stride] * 2)],
        "convolution",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, image.shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, case.filters, case.extent, case.extent])],
        [numpy_helper.from_array(filters, "w")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = arguments.threads
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    print_times(lambda: session.run(None, {"x": image}), arguments.runs)


if __name__ == "__main__":
    main()
