package dev.pictj.fidelity;

/** What becomes of a property on a way. */
sealed interface Outcome {
  /** It is what it was. */
  record Kept() implements Outcome {
    @Override
    public String toString() {
      return "kept";
    }
  }

  /**
   * It is something else on purpose.
   *
   * @param what in words
   * @param within how far off it may be
   * @param values what the measure of the row finds then
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Changed(String what, double within, double... values) implements Outcome {
    @Override
    public String toString() {
      return what;
    }
  }

  /** The request is answered with this status and a message with this text. */
  record Refused(int status, String why) implements Outcome {
    @Override
    public String toString() {
      return "refused (" + status + ": " + why + ")";
    }
  }

  /** There is nothing to keep. */
  record NotApplicable() implements Outcome {
    @Override
    public String toString() {
      return "–";
    }
  }
}
