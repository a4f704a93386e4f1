package io.credence.tensorflow;

import com.google.protobuf.TextFormat;
import java.io.IOException;
import org.tensorflow.proto.SavedModel;

/** Reads a SavedModel written as text, which the parser does not guard against deep nesting. */
final class TextProto {

  /** That of the binary form. */
  private static final int MAX_DEPTH = 100;

  private TextProto() {}

  /**
   * Parses the text.
   *
   * @throws IOException if it is no SavedModel, or is nested deeper than the binary form may be
   */
  static SavedModel parse(String text) throws IOException {
    if (depth(text) > MAX_DEPTH) {
      throw new IOException("messages are nested more than " + MAX_DEPTH + " deep");
    }
    return TextFormat.parse(text, SavedModel.class);
  }

  /** The most brackets open at once, outside strings and comments. */
  private static int depth(String text) {
    int depth = 0;
    int deepest = 0;
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        i += c == '\\' ? 1 : 0;
        quote = c == quote || c == '\n' ? 0 : quote;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '#') {
        int end = text.indexOf('\n', i);
        i = end < 0 ? text.length() : end;
      } else if (c == '{' || c == '<' || c == '[') {
        deepest = Math.max(deepest, ++depth);
      } else if (c == '}' || c == '>' || c == ']') {
        depth--;
      }
    }
    return deepest;
  }
}
