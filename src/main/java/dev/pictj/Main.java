package dev.pictj;

/** Entry. */
public final class Main {
  private Main() {}

  /** Runs. */
  public static void main(String[] arguments) {
    System.out.println("hello");
  }
}
