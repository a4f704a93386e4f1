package io.credence.jmh;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What is compared, and what it is to come to. Batches are of 64 rows, T is 50, if not told. */
enum Case {
  /** Dropout before the last layer. */
  LAST {
    @Override
    List<Row> rows() {
      Measure turns = network("PeerBenchmark.turns", "last", 64, 50);
      return List.of(
          Row.ofTurns(this, "T session calls : predict", turns, "sessionCalls", "predict")
              .atLeast(40),
          Row.ofTurns(this, "predict : ordinary pass", turns, "predict", "ordinaryPass")
              .atMost(1.3));
    }
  },

  /** Dropout on the features too. */
  BOTH {
    @Override
    List<Row> rows() {
      Measure turns = network("PeerBenchmark.turns", "both", 64, 50);
      return List.of(
          Row.ofTurns(this, "T session calls : predict", turns, "sessionCalls", "predict")
              .atLeast(15),
          Row.ofTurns(this, "predict : floor", turns, "predict", "floor").atMost(1.5),
          best("PyTorch in DJL, its best way : predict", "DjlBenchmark", turns).atLeast(25),
          best("ONNX Runtime, its best way : predict", "OnnxBenchmark", turns));
    }

    private Row best(String name, String runtime, Measure turns) {
      Measure calls = network(runtime + ".calls", "both", 64, 50).slowly();
      Measure replicated = network(runtime + ".replicatedBatch", "both", 64, 50).slowly();
      return new Row(
          this,
          name,
          List.of(turns, calls, replicated),
          scores ->
              Math.min(scores.of(calls), scores.of(replicated)) / scores.way(turns, "predict"),
          Optional.empty());
    }
  },

  /** A model of other people, nearly all of it after its first dropout. */
  KWS {
    @Override
    List<Row> rows() {
      Measure once = Measure.of("KeywordBenchmark.turns", "batch", 64, "passes", 50, "atOnce", 50);
      Measure tens = Measure.of("KeywordBenchmark.turns", "batch", 64, "passes", 50, "atOnce", 10);
      return List.of(
          Row.ofTurns(this, "T session calls : predict", once, "sessionCalls", "predict")
              .atLeast(1.5),
          Row.ofTurns(this, "predict : floor", once, "predict", "floor").atMost(1.3),
          Row.ofTurns(this, "predict : floor, ten passes at once", tens, "predict", "floor"));
    }
  },

  /** One row. */
  ONE {
    @Override
    List<Row> rows() {
      Measure turns = network("PeerBenchmark.turns", "last", 1, 50);
      return List.of(
          Row.ofTurns(this, "predict : ordinary pass", turns, "predict", "ordinaryPass").atMost(3));
    }
  },

  /** What a pass more costs. */
  SLOPE {
    @Override
    List<Row> rows() {
      Measure few = network("PeerBenchmark.predict", "both", 64, 50);
      Measure many = network("PeerBenchmark.predict", "both", 64, 1000).slowly();
      Measure fewFloor = network("PeerBenchmark.floor", "both", 64, 50);
      Measure manyFloor = network("PeerBenchmark.floor", "both", 64, 1000).slowly();
      Row row =
          new Row(
              this,
              "T = 50 to 1,000, predict : floor",
              List.of(few, fewFloor, many, manyFloor),
              scores ->
                  (scores.of(many) - scores.of(few)) / (scores.of(manyFloor) - scores.of(fewFloor)),
              Optional.empty());
      return List.of(row.atMost(1.5));
    }
  },

  /** Many callers with a batch each. */
  THREADS {
    @Override
    List<Row> rows() {
      return Stream.of("last", "both").map(dropout -> row(dropout, 4).atLeast(1)).toList();
    }
  },

  /** Many callers with a row each. */
  CALLERS {
    @Override
    List<Row> rows() {
      return Stream.of("last", "both").map(this::row).toList();
    }

    private Row row(String dropout) {
      Measure batched = callers(dropout, true);
      Measure alone = callers(dropout, false);
      return Row.of(this, dropout + ", 64 callers, batched : as they come", batched, alone)
          .atLeast(5);
    }

    private Measure callers(String dropout, boolean batching) {
      return Measure.of("CallersBenchmark.predict", "dropout", dropout, "batching", batching)
          .threads(64);
    }
  },

  /** What a call allocates on the heap. */
  ALLOCATION {
    @Override
    List<Row> rows() {
      return Stream.of("last", "both").map(this::row).toList();
    }

    private Row row(String dropout) {
      Measure predict = network("PeerBenchmark.predict", dropout, 64, 50);
      // What is returned for as many rows and classes takes the same, wherever dropout stands.
      Measure result = Measure.of("Footprint.result", "dropout", "last", "passes", 50);
      Row row =
          new Row(
              this,
              dropout + ", bytes allocated : bytes of the result",
              List.of(predict, result),
              scores -> scores.allocated(predict) / scores.of(result),
              Optional.empty());
      return row.atMost(2);
    }
  },

  /** Peak memory of a process. */
  MEMORY {
    @Override
    List<Row> rows() {
      Measure many = Measure.of("Footprint.peak", "dropout", "both", "passes", 1000);
      Measure few = Measure.of("Footprint.peak", "dropout", "both", "passes", 50);
      return List.of(Row.of(this, "peak memory, T = 1,000 : T = 50", many, few).atMost(1.1));
    }
  },

  /** Every T, B and number of callers; only where it is asked for. */
  GRID {
    @Override
    List<Row> rows() {
      List<Row> rows = new ArrayList<>();
      for (String dropout : List.of("last", "both")) {
        for (int batch : List.of(1, 64, 256)) {
          for (int passes : List.of(1, 10, 50, 100, 500)) {
            Measure predict = network("PeerBenchmark.predict", dropout, batch, passes);
            Measure ordinary = network("PeerBenchmark.ordinaryPass", dropout, batch, passes);
            Measure floor = network("PeerBenchmark.floor", dropout, batch, passes);
            String cell =
                String.format(Locale.ROOT, "%s, B = %d, T = %d, ", dropout, batch, passes);
            rows.add(Row.of(this, cell + "predict : ordinary pass", predict, ordinary));
            rows.add(Row.of(this, cell + "predict : floor", predict, floor));
          }
        }
        List.of(2, 4, 8).forEach(threads -> rows.add(row(dropout, threads)));
      }
      return rows;
    }
  };

  /** The lines of the case. */
  abstract List<Row> rows();

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The lines of cases, in their order. */
  static List<Row> rows(Collection<Case> cases) {
    return cases.stream().flatMap(each -> each.rows().stream()).toList();
  }

  /** Calls a second of some callers over those of one. */
  Row row(String dropout, int threads) {
    Measure one = network("PeerBenchmark.predict", dropout, 64, 50);
    Measure many = one.threads(threads);
    return new Row(
        this,
        dropout + ", " + threads + " threads : one",
        List.of(one, many),
        scores -> scores.of(many) * scores.of(one) / 1000,
        Optional.empty());
  }

  /** A benchmark of {@link Network}. */
  static Measure network(String benchmark, String dropout, int batch, int passes) {
    return Measure.of(benchmark, "dropout", dropout, "batch", batch, "passes", passes);
  }
}
