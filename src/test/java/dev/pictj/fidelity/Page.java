package dev.pictj.fidelity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The declaration as a page for people. */
final class Page {
  private static final String HEAD =
      """
      # What is kept

      A picture changes its look only when that is asked for. This page says what that means for each property of a picture or a film, on each way through the server.
      It is written by the tests from the same table that they try with real files on real servers (`script/test --pictures`), for libvips in its worker processes, for the moments
      before those are awake, and for `--engine imagemagick`; what comes out is looked at by decoders that have no part in the making.

      * **kept**: what comes out has it as what went in had it.
      * Other words say what it becomes **on purpose**, as the format that was asked for has no such thing, or no browser shows it.
      * **refused**: the request is answered with that status, and a message that says why. Nothing is dropped in silence.
      * **–**: there is nothing of the kind, or no such way.

      The ways: *stored* is what an upload becomes and `/image/original/` hands out; animated GIF, MP4 and MOV are stored as MP4, a GIF of one frame as PNG. *Repaired* is an upload with a fault that
      a reader gets over, such as a wrong checksum or a missing end; it is written anew. *`--format`* is an upload to a server that converts stills. The others are variants; "with operations"
      is said where `thumbnail`, `resize`, `crop` or `blur` make a difference beside what they are asked for.

      What always goes is what is not seen: EXIF, GPS, XMP, IPTC, comments, sound, chapters, further tracks. Brightness and colour of a still may be off by what the encoder of its format loses
      (`process.jpg` and `process.webp` are lossy, see "Losslessness"); the tests allow for a few of 255.
      """;

  private Page() {}

  static String of(List<Row> rows) {
    StringBuilder page = new StringBuilder(HEAD);
    Map<Property, List<Row>> sections = new LinkedHashMap<>();
    for (Property property : Property.values()) {
      sections.put(property, new ArrayList<>());
    }
    rows.forEach(row -> sections.get(row.property).add(row));
    sections.forEach(
        (property, own) -> {
          page.append("\n## ").append(property.title).append("\n\n");
          page.append(capital(property.meaning)).append(".\n\n");
          page.append(
              "| of | stored | repaired | `--format` | `process.jpg` | `process.png` |"
                  + " `process.webp` |\n"
                  + "| --- | --- | --- | --- | --- | --- | --- |\n");
          own.forEach(row -> page.append(line(row)));
        });
    return page.toString();
  }

  private static String capital(String text) {
    return text.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + text.substring(1);
  }

  private static String line(Row row) {
    return List.of(
            row.input,
            cell(row, Way.STORED),
            cell(row, Way.REPAIRED),
            cell(row, Way.CONVERTED),
            cell(row, Way.PROCESS_JPG, Way.STEPS_JPG),
            cell(row, Way.PROCESS_PNG, Way.STEPS_PNG),
            cell(row, Way.PROCESS_WEBP, Way.STEPS_WEBP))
        .stream()
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  private static String cell(Row row, Way... ways) {
    String usual = cell(row, Engine.WORKER, ways);
    String other = cell(row, Engine.IMAGEMAGICK, ways);
    return usual.equals(other) ? usual : usual + "; by ImageMagick alone: " + other;
  }

  private static String cell(Row row, Engine engine, Way... ways) {
    Map<String, List<Way>> outcomes = new LinkedHashMap<>();
    for (Way way : ways) {
      outcomes
          .computeIfAbsent(row.outcome(way, engine).toString(), _ -> new ArrayList<>())
          .add(way);
    }
    if (outcomes.size() == 1) {
      return outcomes.keySet().iterator().next();
    }
    return outcomes.entrySet().stream()
        .map(entry -> labelled(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining("; "));
  }

  private static String labelled(String outcome, List<Way> ways) {
    if (!ways.getFirst().converts()) {
      return ways.stream().anyMatch(way -> Arrays.asList(Way.STEPS).contains(way))
          ? "with operations: " + outcome
          : outcome;
    }
    return ways.stream().map(Way::extension).collect(Collectors.joining(", ")) + ": " + outcome;
  }
}
