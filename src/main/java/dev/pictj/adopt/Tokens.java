package dev.pictj.adopt;

import java.io.IOException;
import java.io.Reader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The delete tokens of names, from a table of an uploader or from the database. pict-rs tells them
 * to nobody but the one who uploaded.
 */
final class Tokens {
  /** No tokens. */
  static final Tokens NONE = new Tokens(Map.of());

  private static final List<String> ALIAS = List.of("pictrs_alias", "alias", "file");
  private static final List<String> TOKEN = List.of("pictrs_delete_token", "delete_token", "token");

  private final Map<String, String> byAlias;

  private Tokens(Map<String, String> byAlias) {
    this.byAlias = byAlias;
  }

  /**
   * Reads what a database writes (RFC 4180): with commas, semicolons or tabs. A first line that
   * names columns says which two count; without one there are two, of which the first is the name.
   *
   * @throws IOException when it is neither, in words for the administrator
   */
  static Tokens read(Reader csv) throws IOException {
    Rows rows = new Rows(csv);
    List<String> first = rows.next();
    if (first.isEmpty()) {
      return NONE;
    }
    int alias = column(first, ALIAS);
    int token = column(first, TOKEN);
    boolean isHeader = alias >= 0 && token >= 0;
    if (!isHeader && first.size() != 2) {
      throw new IOException(
          "the first line of the tokens must name the columns, pictrs_alias and"
              + " pictrs_delete_token among them, unless there are two: a name and its token");
    }
    Map<String, String> byAlias = new HashMap<>();
    List<String> row = isHeader ? rows.next() : first;
    alias = isHeader ? alias : 0;
    token = isHeader ? token : 1;
    for (; !row.isEmpty(); row = rows.next()) {
      if (row.size() <= Math.max(alias, token)) {
        throw new IOException(
            "line %d of the tokens has %d columns, and not %d"
                .formatted(rows.line, row.size(), first.size()));
      }
      if (!row.get(token).isEmpty()) {
        byAlias.put(row.get(alias), row.get(token));
      }
    }
    return new Tokens(byAlias);
  }

  /** Reads what the old server itself goes by. */
  static Tokens read(PostgresRepo repo, Duration timeout) throws IOException {
    Map<String, String> byAlias = new HashMap<>();
    repo.read(timeout, byAlias::put);
    return new Tokens(byAlias);
  }

  /** These, and those of others for names that are not among these. */
  Tokens or(Tokens others) {
    Map<String, String> all = new HashMap<>(others.byAlias);
    all.putAll(byAlias);
    return new Tokens(all);
  }

  private static int column(List<String> header, List<String> names) {
    List<String> lower =
        header.stream().map(cell -> cell.strip().toLowerCase(Locale.ROOT)).toList();
    return names.stream().map(lower::indexOf).filter(at -> at >= 0).findFirst().orElse(-1);
  }

  /** The delete token of a name, where it is known. */
  Optional<String> of(String alias) {
    return Optional.ofNullable(byAlias.get(alias));
  }

  /** How many are known. */
  int size() {
    return byAlias.size();
  }

  /** Rows of cells, which may be quoted, and then hold anything. */
  private static final class Rows {
    private static final int END = -1;

    private final Reader in;
    private int ahead;
    private char separator;
    private int line;

    Rows(Reader in) throws IOException {
      this.in = in;
      this.ahead = in.read();
      if (ahead == '\uFEFF') {
        advance();
      }
    }

    private int advance() throws IOException {
      int passed = ahead;
      ahead = in.read();
      if (passed == '\r' && ahead == '\n') {
        ahead = in.read();
        return '\n';
      }
      return passed;
    }

    /** The cells of the next row; empty at the end. Empty lines are passed over. */
    List<String> next() throws IOException {
      while (ahead == '\n' || ahead == '\r') {
        line++;
        advance();
      }
      List<String> cells = new ArrayList<>();
      if (ahead == END) {
        return cells;
      }
      line++;
      while (true) {
        cells.add(cell());
        if (ahead == END || ahead == '\n' || ahead == '\r') {
          advance();
          return cells;
        }
        advance();
      }
    }

    private String cell() throws IOException {
      StringBuilder text = new StringBuilder();
      if (ahead == '"') {
        advance();
        while (ahead != END) {
          int next = advance();
          if (next == '"' && ahead != '"') {
            break;
          }
          if (next == '"') {
            advance();
          }
          text.append((char) next);
        }
      }
      while (ahead != END && ahead != '\n' && ahead != '\r' && !separates(ahead)) {
        text.append((char) advance());
      }
      return text.toString();
    }

    /** The first of them that comes is the one. */
    private boolean separates(int next) {
      if (separator == 0 && (next == ',' || next == ';' || next == '\t')) {
        separator = (char) next;
      }
      return next == separator;
    }
  }
}
