package dev.pictj.config;

/** How much of a sandbox is wanted. */
public enum SandboxMode {
  /** As much of the sandbox as works on this machine. */
  AUTO,
  /** The whole sandbox; the server does not start where a part is missing. */
  REQUIRED,
  /** None of what the kernel does; our own limits of time and disk remain. */
  OFF
}
