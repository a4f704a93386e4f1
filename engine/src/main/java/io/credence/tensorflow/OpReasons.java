package io.credence.tensorflow;

import java.util.List;
import java.util.regex.Pattern;
import org.tensorflow.TensorFlow;

/** Why an op is not on the list of those that only compute, in words for people. */
final class OpReasons {

  /** A reason, for the ops that match. */
  private record Reason(Pattern ops, String text) {}

  private static final List<Reason> REASONS =
      List.of(
          reason(
              "reads or writes files",
              "ReadFile|WriteFile|MatchingFiles|.*Reader.*|.*Dataset.*|.*Iterator.*|Save.*|Restore.*"
                  + "|MergeV2Checkpoints|LoadAndRemapMatrix|GenerateVocabRemapping|ImmutableConst"
                  + "|.*Summary.*|DecodeProtoV2|EncodeProto|FixedUnigramCandidateSampler|Skipgram"
                  + "|RecordInput|DumpTensor|FileSystem.*|InitializeTableFrom.*|ImportEvent"),
          reason(
              "talks to other processes or devices",
              "_?(Host)?(Send|Recv).*|Rpc.*|Remote.*|Collective.*|_?Nccl.*|DTensor.*|.*TPU.*|.*Tpu.*"
                  + "|.*Distributed.*|WorkerHeartbeat|.*Session(Handle|Tensor).*|(In|Out)feed.*"),
          reason(
              "runs code that is not in the graph",
              ".*PyFunc.*|_?Xla.*|Risc.*|Mlir.*|TfLite.*|SymbolicGradient"),
          reason("prints or debugs", "Print.*|Debug.*|Abort|CalibrationStatisticsSaver|Timestamp"),
          reason(
              "can wait for ever",
              ".*Queue.*|Barrier.*|.*Mutex.*|(Ordered)?Map(Stage|Unstage|Peek).*|Stage.*|Unstage"
                  + "|Batch|Unbatch|BatchFunction|.*Accumulator.*"),
          reason(
              "changes the model's variables or tables, which a pass must not",
              "Assign.*|.*Apply.*|(Resource)?Scatter.*|.*StridedSliceAssign|.*CountUpTo|LookupTable.*"
                  + "|InitializeTable.*|DestroyResourceOp|.*TemporaryVariable|Inplace.*|NegTrain"));

  private OpReasons() {}

  private static Reason reason(String text, String ops) {
    return new Reason(Pattern.compile(ops), text);
  }

  /** What to say of an op that is refused. */
  static String of(String op) {
    if (!OpOutputs.knows(op)) {
      return "is unknown to TensorFlow "
          + TensorFlow.version()
          + ": it comes from a library of custom ops, which must be loaded first";
    }
    return REASONS.stream()
        .filter(reason -> reason.ops().matcher(op).matches())
        .map(Reason::text)
        .findFirst()
        .orElse("is not among those known only to compute");
  }
}
