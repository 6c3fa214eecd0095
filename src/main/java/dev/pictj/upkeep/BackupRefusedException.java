package dev.pictj.upkeep;

/** A backup that cannot be made as it was asked for. The message is for the administrator. */
public final class BackupRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  BackupRefusedException(String message) {
    super(message);
  }
}
