package dev.pictj.fidelity;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** What {@link Declaration} says is what servers do. */
class FidelityIT {
  /** Every property of every input, on every way, with every engine. */
  @Tag("pictures")
  @TestFactory
  Stream<DynamicNode> everyRowOnEveryWay() {
    return Arrays.stream(Engine.values()).map(engine -> tried(engine, _ -> true));
  }

  @TestFactory
  DynamicNode someRows() {
    return tried(Engine.WORKER, row -> row.sample);
  }

  private static DynamicNode tried(Engine engine, Predicate<Row> which) {
    Trial trial = new Trial(engine);
    List<DynamicNode> tests = new ArrayList<>();
    for (Row row : Declaration.rows()) {
      if (which.test(row)) {
        tests.add(dynamicContainer(row.toString(), ways(trial, engine, row)));
      }
    }
    tests.add(dynamicTest("the servers end and leave nothing", trial::close));
    return dynamicContainer(engine.name(), tests);
  }

  private static List<DynamicNode> ways(Trial trial, Engine engine, Row row) {
    List<DynamicNode> tests = new ArrayList<>();
    for (Way way : engine.ways()) {
      for (String chain : way.chains(row.steps)) {
        tests.add(
            dynamicTest(
                chain.isEmpty() ? way.title : way.title + ": " + chain,
                () -> trial.tried(row, way, chain)));
      }
    }
    return tests;
  }
}
