package dev.pictj.catalog;

import org.jspecify.annotations.Nullable;

/** What can be wrong in a data folder, and what a repair does about it. */
public enum Flaw {
  /** The end of the catalog's log cannot be read, or a part of it is gone. */
  ROWS_LOST(
      "the catalog may have lost rows",
      null,
      "put the catalog back from a backup, or start once with --accept-loss"),
  /** An alias whose media is unknown: it answers nothing. */
  ALIAS_DANGLES("alias points to no media", "the alias is removed"),
  /** An alias that its media does not list. */
  ALIAS_UNLISTED("alias is not listed with its media", "it is listed"),
  /** A media lists an alias that does not exist or belongs to another one. */
  LISTED_ALIAS_UNKNOWN("media lists an alias that is not its own", "it is struck from the list"),
  /** The number of aliases in a media's row is not the number there is. */
  ALIAS_COUNT("media counts its aliases wrongly", "they are counted anew"),
  /** A media that no alias leads to. */
  MEDIA_UNREACHABLE("media has no alias", "it goes to the trash"),
  /** The private filename of a media does not lead back to it. */
  FILENAME_LOST("filename does not lead to its media", "it is entered anew"),
  /** A private filename leads to no media of that name. */
  FILENAME_DANGLES("filename leads to no media", "it is removed"),
  /** A variant of a media that does not exist. */
  VARIANT_DANGLES("variant belongs to no media", "it is removed"),
  /** The number of variants in a media's row is not the number there is. */
  VARIANT_COUNT("media counts its variants wrongly", "they are counted anew"),
  /** A place in the order of a media's variants that is no variant's. */
  VARIANT_ORDER("place among the variants is no variant's", "it is removed"),
  /** A media is not found by its perceptual hash. */
  PHASH_UNLISTED("media is not listed by its perceptual hash", "it is listed"),
  /** A perceptual hash leads to a media that is not there, or has another one. */
  PHASH_DANGLES("perceptual hash is no media's", "it is removed"),
  /** The totals are not what there is. */
  TOTALS("totals are wrong", "all is counted anew"),
  /** A row that cannot be read. */
  ROW_UNREADABLE("row cannot be read", null, "put the catalog back from a backup"),
  /** The trash journal names bytes that are in use. */
  TRASH_IN_USE("stored file in use is in the trash journal", "it is taken out of the trash"),
  /** The bytes of an original are missing. */
  FILE_MISSING("file of an original is missing", null, Flaw.RESTORE),
  /** The bytes of an original are more or fewer than they were. */
  FILE_SIZE("file of an original has another size than it had", Flaw.TO_LOST_FOUND, Flaw.RESTORE),
  /** The bytes of an original are others than they were. */
  FILE_CONTENT(
      "file of an original has other content than it had", Flaw.TO_LOST_FOUND, Flaw.RESTORE),
  /** An earlier repair has moved the damaged bytes of an original away. */
  FILE_SET_ASIDE("damaged file of an original is in lost+found", null, Flaw.RESTORE),
  /** The bytes of a variant are missing or changed. */
  VARIANT_DAMAGED(
      "file of a variant is missing or changed", "it will be made again when asked for"),
  /** An original that no row names. */
  FILE_UNNAMED("stored file that nobody names", Flaw.TO_LOST_FOUND),
  /** An original that no row names, where the catalog may be at fault. */
  FILE_SPARED(
      "stored file that nobody names, newer than the catalog or one of too many",
      null,
      "put the newer catalog back, or move the file away"),
  /** A stored variant that no row names. */
  VARIANT_UNNAMED("stored variant that nobody names", "it goes to the trash");

  private static final String TO_LOST_FOUND = "it goes to lost+found";
  private static final String RESTORE =
      "upload the same picture again, or copy the file back from a backup";

  private final String meaning;
  private final @Nullable String repair;
  private final @Nullable String advice;

  Flaw(String meaning, String repair) {
    this(meaning, repair, null);
  }

  Flaw(String meaning, @Nullable String repair, @Nullable String advice) {
    this.meaning = meaning;
    this.repair = repair;
    this.advice = advice;
  }

  /** What is wrong, in words. */
  public String meaning() {
    return meaning;
  }

  /** What a repair does, in words; null where only a backup or a new upload helps. */
  public @Nullable String repair() {
    return repair;
  }

  /** What is left for the administrator to do after a repair, in words; null where nothing is. */
  public @Nullable String advice() {
    return advice;
  }

  /** Whether it can be repaired without losing anything that could still be had. */
  public boolean repairable() {
    return repair != null;
  }
}
