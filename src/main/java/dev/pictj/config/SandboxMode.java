package dev.pictj.config;

/** How much of a sandbox is wanted. */
public enum SandboxMode {
  /** Whatever works on this machine. */
  AUTO,
  /** All of it, or no start. */
  REQUIRED,
  /** None of what the kernel does; our own limits of time and disk remain. */
  OFF
}
