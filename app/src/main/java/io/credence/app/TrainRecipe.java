package io.credence.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;

/** Something that {@code credence train} makes. */
interface TrainRecipe {

  /** What it is called on the command line. */
  String name();

  /** The options that it takes beside {@code --out} and {@code --overwrite}. */
  List<String> options();

  /** Makes it, and says what became of it. */
  void run(TrainOptions options, PrintWriter print) throws IOException;
}
