package io.credence.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.app.input.BadInputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Joins what several machines scored of one input. */
@Command(
    name = "merge",
    customSynopsis = "credence merge --out FILE SHARD...",
    description = {
      "Joins the shards that `credence score --shard I/N` wrote, in their order, to the file that"
          + " one run would have written.",
      "Beside each shard its .shard.json must lie, and its .bad.jsonl if it has one. Shards of"
          + " another model, plan or input are refused, and so are missing ones.",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 defect, 2 bad input or usage, 3 output cannot be written.",
      "",
      "Example:",
      "  credence merge --out all.parquet shard-*.parquet"
    })
final class MergeCommand implements Callable<Integer> {

  private static final ObjectMapper JSON = new ObjectMapper();

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "file to write, of the format of the shards")
  private Path out;

  @Parameters(arity = "1..*", paramLabel = "SHARD", description = "the shards, in any order")
  private List<Path> files = new ArrayList<>();

  /** Made by picocli. */
  MergeCommand() {}

  /** A file of results, and what lies beside it. */
  private record Results(Path file, RunManifest manifest, ObjectNode record) {

    int index() {
      return record.get("shard").get("index").intValue();
    }

    int of() {
      return record.get("shard").get("of").intValue();
    }

    long number(String field) {
      return record.get(field).longValue();
    }
  }

  /** What {@code score} writes beside a shard. */
  static Path shardFile(Path out) {
    return out.resolveSibling(out.getFileName() + ".shard.json");
  }

  /** What lies beside a shard: its place, and what its results depend on. */
  static ObjectNode record(Shard shard, RunManifest manifest) {
    ObjectNode json = JSON.createObjectNode().put("schema", "credence.shard/1");
    json.putObject("shard").put("index", shard.index()).put("of", shard.of());
    json.set("run", manifest.ofAnyCopy().json());
    return json;
  }

  @Override
  public Integer call() throws IOException {
    ResultFormat format = ResultFormat.of(out);
    TreeMap<Integer, Results> shards = new TreeMap<>();
    for (Path file : files) {
      add(shards, read(file, format));
    }
    int of = shards.firstEntry().getValue().of();
    List<String> missing =
        IntStream.rangeClosed(1, of)
            .filter(i -> !shards.containsKey(i))
            .mapToObj(i -> i + "/" + of)
            .toList();
    if (!missing.isEmpty()) {
      throw new BadInputException(
          "of "
              + of
              + " shards "
              + String.join(", ", missing)
              + " are missing; score them with --shard, and name their files too");
    }
    List<Results> ordered = List.copyOf(shards.values());
    write(ordered, format);
    PrintWriter to = spec.commandLine().getOut();
    long rows = ordered.stream().mapToLong(each -> each.number("rows")).sum();
    to.println(of + " shards, " + rows + " rows, written to " + out);
    return 0;
  }

  private static Results read(Path file, ResultFormat format) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new BadInputException("no shard at " + file + "; name what score --shard wrote");
    }
    if (ResultFormat.of(file) != format) {
      throw new BadInputException(
          file + " is of another format than --out; end both in the same way");
    }
    Path beside = shardFile(file);
    if (!Files.isRegularFile(beside)) {
      throw new BadInputException(
          beside + " is missing, which score --shard writes beside " + file + "; bring it along");
    }
    ObjectNode record = (ObjectNode) JSON.readTree(beside.toFile());
    Results results = new Results(file, new RunManifest((ObjectNode) record.get("run")), record);
    if (results.number("bytes") != Files.size(file)) {
      throw new BadInputException(
          file
              + " has "
              + Files.size(file)
              + " bytes, but was written with "
              + results.number("bytes")
              + "; copy it again");
    }
    if (results.number("bad") > 0 && !Files.isRegularFile(PartsOutput.badFile(file))) {
      throw new BadInputException(
          PartsOutput.badFile(file)
              + " is missing, the "
              + results.number("bad")
              + " bad rows of "
              + file
              + "; bring it along");
    }
    return results;
  }

  private static void add(Map<Integer, Results> shards, Results next) {
    if (!shards.isEmpty()) {
      Results first = shards.values().iterator().next();
      List<String> differences = new ArrayList<>(first.manifest().differences(next.manifest()));
      if (first.of() != next.of()) {
        differences.add("shards were " + first.of() + " and are " + next.of());
      }
      if (!differences.isEmpty()) {
        throw new BadInputException(
            next.file()
                + " goes not with "
                + first.file()
                + ": "
                + String.join("; ", differences)
                + "; score all shards with one command but for --shard and --out");
      }
    }
    Results twin = shards.put(next.index(), next);
    if (twin != null) {
      throw new BadInputException(
          "shard "
              + next.index()
              + "/"
              + next.of()
              + " is there twice, "
              + twin.file()
              + " and "
              + next.file()
              + "; leave one out");
    }
  }

  private void write(List<Results> shards, ResultFormat format) throws IOException {
    for (Results each : shards) {
      if (Files.exists(out) && Files.isSameFile(out, each.file())) {
        throw new BadInputException("--out is a shard itself, " + out + "; name another file");
      }
    }
    List<Path> aside =
        shards.stream()
            .filter(each -> each.number("bad") > 0)
            .map(each -> PartsOutput.badFile(each.file()))
            .toList();
    try (AtomicOutput whole = AtomicOutput.create(out);
        AtomicOutput bad = AtomicOutput.create(PartsOutput.badFile(out))) {
      ResultTables.merge(shards.stream().map(Results::file).toList(), format, whole.path());
      ResultTables.append(aside, bad.path(), false);
      if (aside.isEmpty()) {
        Files.deleteIfExists(PartsOutput.badFile(out)); // of an older merge
      } else {
        bad.publish();
      }
      whole.publish();
    }
  }
}
